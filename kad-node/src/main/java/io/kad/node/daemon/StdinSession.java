package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.ParameterProblem;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.node.task.Deadline;
import io.kad.node.task.Task;
import io.kad.node.task.TaskCommands;
import io.kad.node.task.TaskContext;
import io.kad.node.task.TaskFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;

/**
 * Session of a running peer that reads commands from standard input, one per line.
 *
 * <p>Commands run concurrently, up to {@link SessionResults#MAX_OPEN}; further lines are read as their answers are written. A command that waits
 * for the network holds no thread. A line may begin with a tag, {@code #7}, which each line of its output then carries as {@code id}.
 */
final class StdinSession {

    private static final Logger LOG = LoggerFactory.getLogger(StdinSession.class);

    /** Time of commands to end when the node stops. They need almost none; if too low, a busy machine ends them without what they have done. */
    private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

    /** Time without a further line after which those that came before the stop are read; and the longest time to read them. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    /** Threads that start commands and write results; none of them waits for the network or a file. */
    private static final int THREADS = 4;

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final Kademlia kad;
    private final NodeSetup setup;
    private final BufferedReader in;
    private final SessionResults results;
    private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
    private final Executor executor = commandThreads();
    private final CountDownLatch readAll = new CountDownLatch(1);
    private final AtomicLong linesRead = new AtomicLong();
    private volatile boolean ended;
    private volatile ObjectNode stopped = OutputLine.done("stopped");

    private StdinSession(Kademlia kad, NodeSetup setup, Output output, InputStream in) {
        this.kad = kad;
        this.setup = setup;
        this.results = new SessionResults(output::write);
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

    private static Executor commandThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                KEEP_ALIVE.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "kad-command"));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Ends the commands that run, refuses those that were not begun, and returns the last line, when each of them has been answered. */
    ObjectNode end() throws InterruptedException {
        ended = true;
        running.forEach(command -> command.end(stopping()));
        awaitLastLines();
        if (!results.awaitAll(END_TIMEOUT.toNanos())) {
            LOG.warn("commands still run after {} s", END_TIMEOUT.toSeconds());
        }
        results.close(stopping().line());
        return stopped;
    }

    private static TaskFailure stopping() {
        return new TaskFailure(ErrorCode.UNREACHABLE, "the node is stopping; repeat the command when it runs again");
    }

    /** Waits until the lines that came before the end are read: the reader itself may wait for the next one forever. */
    private void awaitLastLines() throws InterruptedException {
        long end = System.nanoTime() + LAST_LINES.toNanos();
        long before;
        do {
            before = linesRead.get();
            if (readAll.await(QUIET.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } while (linesRead.get() > before && System.nanoTime() < end);
    }

    private void run(Runnable onEnd) {
        try {
            Optional<SessionLine> line = readLine();
            while (line.isPresent() && !line.get().isStop()) {
                submit(line.get());
                line = readLine();
            }
            line.ifPresent(last -> stopped = last.tagged(OutputLine.done("stopped")));
            var unused = results.awaitAll(Deadline.DEFAULT.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            readAll.countDown();
            onEnd.run();
        }
    }

    private Optional<SessionLine> readLine() {
        try {
            Optional<SessionLine> line = Optional.ofNullable(in.readLine()).map(SessionLine::of);
            linesRead.incrementAndGet();
            return line;
        } catch (IOException e) {
            LOG.debug("failed to read standard input: {}", e.toString());
            return Optional.empty();
        }
    }

    /** Runs the command of {@code line} once there is room for it; refuses it if the session has ended. */
    private void submit(SessionLine line) throws InterruptedException {
        SessionResults.Result answer = results.next(line);
        if (ended) {
            answer.write(stopping().line());
            answer.end();
        } else {
            executor.execute(() -> {
                var unused = runLine(line, answer).whenComplete((done, failure) -> answer.end());
            });
        }
    }

    /** Runs a command; the future completes when its last line is written, and never fails. */
    private CompletableFuture<?> runLine(SessionLine line, SessionResults.Result answer) {
        List<String> words = List.of();
        try {
            words = ShellWords.split(line.utf8());
            if (!words.isEmpty()) {
                return run(words, answer::write).exceptionally(fault -> {
                    answer.write(fault(line, fault));
                    return 1;
                });
            } else if (!line.tag().isEmpty()) {
                throw new UsageException("missing command after tag #" + line.tag());
            }
        } catch (UsageException e) {
            answer.write(OutputLine.badInput(String.valueOf(e.getMessage())));
        } catch (ParameterException refused) {
            answer.write(OutputLine.badInput(ParameterProblem.text(refused, words)));
        } catch (Throwable fault) {
            answer.write(fault(line, fault));
        }
        return CompletableFuture.completedFuture(0);
    }

    private static ObjectNode fault(SessionLine line, Throwable failure) {
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
        running.add(deadline);
        if (ended) {
            deadline.end(stopping());
        }
        return new TaskContext(kad, lineOutput, Optional.empty(), deadline, executor, setup)
                .run(task)
                .whenComplete((code, fault) -> running.remove(deadline));
    }
}
