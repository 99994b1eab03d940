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
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;

/**
 * Session of a running peer that reads commands from standard input, one per line.
 *
 * <p>Commands run concurrently, up to {@link SessionResults#MAX_OPEN}; further lines are read as their results are written. A command that waits
 * for the network holds no thread. A line may begin with a tag, {@code #7}, which each line of its output then carries as {@code id}.
 */
final class StdinSession {

    private static final Logger LOG = LoggerFactory.getLogger(StdinSession.class);

    /** Time to read the lines that came before the end, and of commands to end. If too low, a busy machine ends them without what they have done. */
    private static final Duration END_TIMEOUT = Duration.ofSeconds(3);

    /** Threads that start commands and write results; none of them waits for the network or a file. */
    private static final int THREADS = 4;

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final Kademlia kad;
    private final NodeSetup setup;
    private final CommandInput input;
    private final BufferedReader in;
    private final SessionResults results;
    private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
    private final Executor executor = commandThreads();
    private volatile boolean ended;
    private volatile ObjectNode stopped = OutputLine.done("stopped");

    private StdinSession(Kademlia kad, NodeSetup setup, Output output, InputStream in) {
        this.kad = kad;
        this.setup = setup;
        this.results = new SessionResults(output::write);
        this.input = new CommandInput(in, results::recheck);
        // A line is decoded as a whole, so that one which is not UTF-8 can be refused
        this.in = new BufferedReader(new InputStreamReader(input, StandardCharsets.ISO_8859_1));
    }

    /**
     * Starts to read until {@code stop} or the end of the input.
     *
     * @param in must not lock {@code available} while it waits in {@code read}, as a {@link java.io.BufferedInputStream} does
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

    /** Ends the commands that run, refuses the lines that came and were not begun, and returns the last line, when each of them has its result. */
    ObjectNode end() throws InterruptedException {
        ended = true;
        running.forEach(command -> command.end(stopping()));
        if (!results.end(input::isDrained, END_TIMEOUT.toNanos(), stopping().line())) {
            LOG.warn("commands still run, or lines are still read, after {} s", END_TIMEOUT.toSeconds());
        }
        return stopped;
    }

    private static TaskFailure stopping() {
        return new TaskFailure(ErrorCode.UNREACHABLE, "the node is stopping; repeat the command when it runs again");
    }

    private void run(Runnable onEnd) {
        try {
            readLines();
            results.awaitAll(); // each command has a deadline of its own
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            onEnd.run();
        }
    }

    private void readLines() throws InterruptedException {
        try {
            Optional<SessionLine> line = readLine();
            while (line.isPresent() && !line.get().isStop()) {
                submit(line.get());
                line = readLine();
            }
            line.ifPresent(last -> stopped = last.tagged(OutputLine.done("stopped")));
        } finally {
            input.finish();
        }
    }

    private Optional<SessionLine> readLine() {
        try {
            return Optional.ofNullable(in.readLine()).map(SessionLine::of);
        } catch (IOException e) {
            LOG.debug("failed to read standard input: {}", e.toString());
            return Optional.empty();
        }
    }

    /** Runs the command of {@code line} once there is room for it; refuses it if the session has ended. */
    private void submit(SessionLine line) throws InterruptedException {
        SessionResults.Result result = results.next(line);
        if (ended) {
            result.write(stopping().line());
            result.end();
        } else {
            try {
                executor.execute(() -> begin(line, result));
            } catch (Throwable noThread) {
                end(line, result, noThread);
            }
        }
    }

    private void begin(SessionLine line, SessionResults.Result result) {
        CompletableFuture<?> running;
        try {
            running = runLine(line, result);
        } catch (Throwable unwritten) {
            running = CompletableFuture.failedFuture(unwritten);
        }
        var unused = running.whenComplete((done, failure) -> end(line, result, failure));
    }

    private static void end(SessionLine line, SessionResults.Result result, @Nullable Throwable failure) {
        try {
            if (failure != null) {
                result.write(fault(line, failure));
            }
        } finally {
            result.end();
        }
    }

    /** Runs a command; the future completes when its last line is written, and fails if that cannot be. */
    private CompletableFuture<?> runLine(SessionLine line, SessionResults.Result result) {
        List<String> words = List.of();
        try {
            words = ShellWords.split(line.utf8());
            if (!words.isEmpty()) {
                return run(words, result::write).exceptionally(fault -> {
                    result.write(fault(line, fault));
                    return 1;
                });
            } else if (!line.tag().isEmpty()) {
                throw new UsageException("missing command after tag #" + line.tag());
            }
        } catch (UsageException e) {
            result.write(OutputLine.badInput(String.valueOf(e.getMessage())));
        } catch (ParameterException refused) {
            result.write(OutputLine.badInput(ParameterProblem.text(refused, words)));
        } catch (Throwable fault) {
            result.write(fault(line, fault));
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
