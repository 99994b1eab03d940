package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;

/**
 * Session of a running peer that reads commands from standard input, one per line.
 *
 * <p>Commands run concurrently, up to {@value #MAX_RUNNING}; further lines are read as commands end. A line may begin with a tag,
 * {@code #7}, which each line of its output then carries as {@code id}.
 */
final class StdinSession {

    static final int MAX_RUNNING = 256;

    private static final Logger LOG = LoggerFactory.getLogger(StdinSession.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Kademlia kad;
    private final Output output;
    private final BufferedReader in;
    private final Semaphore slots = new Semaphore(MAX_RUNNING);

    StdinSession(Kademlia kad, Output output, InputStream in) {
        this.kad = kad;
        this.output = output;
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /**
     * Reads until {@code stop} or the end of the input, and waits until each command has printed its result.
     *
     * @return the last line, which reports that the peer is stopped
     */
    ObjectNode run() throws InterruptedException {
        ExecutorService executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "kad-command");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Optional<Line> line = readLine();
            while (line.isPresent() && !line.get().text().equals(TaskCommands.STOP)) {
                submit(executor, line.get());
                line = readLine();
            }
            ObjectNode stopped = OutputLine.done("stopped");
            return line.map(last -> last.tagged(stopped)).orElse(stopped);
        } finally {
            executor.shutdown();
            executor.awaitTermination(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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

    private void submit(ExecutorService executor, Line line) throws InterruptedException {
        slots.acquire();
        executor.execute(() -> {
            try {
                runLine(line);
            } finally {
                slots.release();
            }
        });
    }

    private void runLine(Line line) {
        Consumer<ObjectNode> lineOutput = node -> output.write(line.tagged(node));
        List<String> words = List.of();
        try {
            words = ShellWords.split(line.text());
            if (!words.isEmpty()) {
                run(words, lineOutput);
            } else if (!line.tag().isEmpty()) {
                throw new UsageException("missing command after tag #" + line.tag());
            }
        } catch (UsageException e) {
            lineOutput.accept(OutputLine.badInput(String.valueOf(e.getMessage())));
        } catch (ParameterException refused) {
            lineOutput.accept(OutputLine.badInput(ParameterProblem.text(refused, words)));
        } catch (RuntimeException fault) {
            LOG.debug("internal error in: {}", line.text(), fault);
            lineOutput.accept(OutputLine.fault(fault));
        }
    }

    private void run(List<String> words, Consumer<ObjectNode> lineOutput) {
        if (words.get(0).equals(TaskCommands.STOP)) {
            throw new UsageException("stop must be the only word of its line, without quotes");
        }
        Task task = TaskCommands.ofSession(words.get(0));
        GlobalOptions global = new GlobalOptions();
        TaskCommands.commandLine(task, () -> 0, global)
                .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        Deadline deadline = Deadline.after(global.timeout(TIMEOUT));
        new TaskContext(kad, lineOutput, Optional.empty(), deadline).run(task);
    }

    /**
     * Line of the input.
     *
     * @param tag the tag without its sign; empty if the line has none
     * @param text the command
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

        /** Returns {@code node} with the tag of this line, if it has one. */
        ObjectNode tagged(ObjectNode node) {
            return tag.isEmpty() ? node : node.put("id", tag);
        }
    }
}
