package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.ParameterProblem;
import io.kad.node.option.UsageException;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.node.task.Deadline;
import io.kad.node.task.Task;
import io.kad.node.task.TaskCommands;
import io.kad.node.task.TaskContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;

/**
 * Session of a running peer that reads commands from standard input, one per line.
 *
 * <p>Commands run concurrently, up to {@value #MAX_RUNNING}; further lines are read as commands end. A command that waits for the network holds
 * no thread. A line may begin with a tag, {@code #7}, which each line of its output then carries as {@code id}.
 */
final class StdinSession {

    static final int MAX_RUNNING = 256;

    private static final Logger LOG = LoggerFactory.getLogger(StdinSession.class);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    /** Threads that start commands and write results; further ones only while some of them read files. */
    private static final int THREADS = 4;

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final Kademlia kad;
    private final NodeSetup setup;
    private final Output output;
    private final BufferedReader in;
    private final Semaphore slots = new Semaphore(MAX_RUNNING);
    private final Executor executor = new ForkJoinPool(
            THREADS,
            StdinSession::commandThread,
            null,
            true,
            THREADS,
            THREADS + MAX_RUNNING,
            1,
            null,
            KEEP_ALIVE.toMillis(),
            TimeUnit.MILLISECONDS);
    private volatile boolean ended;
    private volatile ObjectNode stopped = OutputLine.done("stopped");

    private StdinSession(Kademlia kad, NodeSetup setup, Output output, InputStream in) {
        this.kad = kad;
        this.setup = setup;
        this.output = output;
        // A line is decoded as a whole, so that one which is not UTF-8 can be refused
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    }

    /**
     * Starts to read until {@code stop} or the end of the input.
     *
     * @param onEnd is called when each command that was read has printed its result
     */
    static StdinSession start(Kademlia kad, NodeSetup setup, Output output, InputStream in, Runnable onEnd) {
        StdinSession session = new StdinSession(kad, setup, output, in);
        daemon(() -> session.run(onEnd), "kad-stdin").start();
        return session;
    }

    private static ForkJoinWorkerThread commandThread(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("kad-command");
        return thread;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Reads no further command, waits until those that run have printed their results, and returns the last line. */
    ObjectNode end() throws InterruptedException {
        ended = true;
        if (!awaitCommands(END_TIMEOUT)) {
            LOG.warn("commands still run after {} s", END_TIMEOUT.toSeconds());
        }
        return stopped;
    }

    /** Waits until no command runs; returns whether that is so within {@code timeout}. */
    private boolean awaitCommands(Duration timeout) throws InterruptedException {
        if (!slots.tryAcquire(MAX_RUNNING, timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        slots.release(MAX_RUNNING);
        return true;
    }

    private void run(Runnable onEnd) {
        try {
            Optional<Line> line = readLine();
            while (line.isPresent() && !line.get().text().equals(TaskCommands.STOP)) {
                if (!submit(line.get())) {
                    LOG.debug("a command came after the end");
                    return;
                }
                line = readLine();
            }
            line.ifPresent(last -> stopped = last.tagged(OutputLine.done("stopped")));
            var unused = awaitCommands(Deadline.DEFAULT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            onEnd.run();
        }
    }

    private Optional<Line> readLine() {
        try {
            return Optional.ofNullable(in.readLine()).map(Line::of);
        } catch (IOException e) {
            LOG.debug("failed to read standard input: {}", e.toString());
            return Optional.empty();
        }
    }

    /** Runs the command of {@code line} once there is room for it; returns false if the session has ended. */
    private boolean submit(Line line) throws InterruptedException {
        slots.acquire();
        if (ended) {
            slots.release();
            return false;
        }
        executor.execute(() -> {
            var unused = runLine(line).whenComplete((done, failure) -> slots.release());
        });
        return true;
    }

    /** Runs a command; the future completes when its last line is written, and never fails. */
    private CompletableFuture<?> runLine(Line line) {
        Consumer<ObjectNode> lineOutput = node -> output.write(line.tagged(node));
        List<String> words = List.of();
        try {
            words = ShellWords.split(line.utf8());
            if (!words.isEmpty()) {
                return run(words, lineOutput).exceptionally(fault -> {
                    lineOutput.accept(fault(line, fault));
                    return 1;
                });
            } else if (!line.tag().isEmpty()) {
                throw new UsageException("missing command after tag #" + line.tag());
            }
        } catch (UsageException e) {
            lineOutput.accept(OutputLine.badInput(String.valueOf(e.getMessage())));
        } catch (ParameterException refused) {
            lineOutput.accept(OutputLine.badInput(ParameterProblem.text(refused, words)));
        } catch (Throwable fault) {
            lineOutput.accept(fault(line, fault));
        }
        return CompletableFuture.completedFuture(0);
    }

    private static ObjectNode fault(Line line, Throwable failure) {
        Throwable fault = TaskContext.causeOf(failure);
        LOG.debug("internal error in: {}", line.text(), fault);
        return OutputLine.fault(fault);
    }

    private CompletableFuture<Integer> run(List<String> words, Consumer<ObjectNode> lineOutput) {
        String name = words.get(0);
        if (name.equals(TaskCommands.STOP)) {
            throw new UsageException("stop must be the only word of its line, without quotes");
        }
        Task task = TaskCommands.ofSession(name);
        GlobalOptions global = new GlobalOptions();
        TaskCommands.commandLine(name, task, () -> 0, global)
                .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        Deadline deadline = Deadline.after(global.timeout(Deadline.DEFAULT));
        return new TaskContext(kad, lineOutput, Optional.empty(), deadline, executor, setup).run(task);
    }

    /**
     * Line of the input.
     *
     * @param tag the tag without its sign; empty if the line has none
     * @param text the command, a character for each byte
     */
    private record Line(String tag, String text) {

        static Line of(String line) {
            String trimmed = line.trim();
            if (!trimmed.startsWith("#")) {
                return new Line("", trimmed);
            }
            String[] parts = trimmed.substring(1).split("\\s+", 2);
            return new Line(parts[0], parts.length > 1 ? parts[1] : "");
        }

        /** Returns the command; one that is not UTF-8 is an error, as two commands could become one. */
        String utf8() {
            try {
                return decode(text);
            } catch (CharacterCodingException e) {
                throw new UsageException("invalid line: expected UTF-8", e);
            }
        }

        private static String decode(String bytes) throws CharacterCodingException {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        }

        /** Returns {@code node} with the tag of this line, if it has one. */
        ObjectNode tagged(ObjectNode node) {
            try {
                return tag.isEmpty() ? node : node.put("id", decode(tag));
            } catch (CharacterCodingException e) {
                return node.put("id", tag);
            }
        }
    }
}
