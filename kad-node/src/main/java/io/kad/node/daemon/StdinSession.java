package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.node.task.OneShotTasks;
import io.kad.node.task.SessionTasks;
import io.kad.node.task.Task;
import io.kad.node.task.TaskContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The commands that a running peer reads from standard input, one a line.
 *
 * <p>They run side by side, up to {@value #MAX_RUNNING}; a further line is read when one has ended. A line may begin with a tag,
 * {@code #7}, which every line of its answer then carries as {@code id}.
 */
final class StdinSession {

    static final int MAX_RUNNING = 256;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Kademlia kad;
    private final Output output;
    private final BufferedReader in;
    private final Semaphore places = new Semaphore(MAX_RUNNING);

    StdinSession(Kademlia kad, Output output, InputStream in) {
        this.kad = kad;
        this.output = output;
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /**
     * Reads until {@code stop} or the end of the input, and waits until what was asked is answered.
     *
     * @return the line that says that the peer is stopped
     */
    ObjectNode run() throws InterruptedException {
        ExecutorService executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "kad-command");
            thread.setDaemon(true);
            return thread;
        });
        try {
            String line = readLine();
            while (line != null && !isStop(line)) {
                submit(executor, line);
                line = readLine();
            }
            ObjectNode stopped = OutputLine.done("stopped");
            String tag = line == null ? "" : tagOf(line.trim());
            return tag.isEmpty() ? stopped : stopped.put("id", tag);
        } finally {
            executor.shutdown();
            executor.awaitTermination(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private @Nullable String readLine() {
        try {
            return in.readLine();
        } catch (IOException ended) {
            return null;
        }
    }

    private static boolean isStop(String line) {
        return withoutTag(line.trim()).equals("stop");
    }

    /** Returns the tag of a line, without its sign; empty if it has none. */
    private static String tagOf(String line) {
        return line.startsWith("#") ? line.substring(1).split("\\s", 2)[0] : "";
    }

    private static String withoutTag(String line) {
        return line.startsWith("#") ? line.substring(1 + tagOf(line).length()).trim() : line;
    }

    private void submit(ExecutorService executor, String line) throws InterruptedException {
        places.acquire();
        executor.execute(() -> {
            try {
                answer(line);
            } finally {
                places.release();
            }
        });
    }

    private void answer(String line) {
        String tag = tagOf(line.trim());
        Consumer<ObjectNode> answer = tag.isEmpty() ? output::write : node -> output.write(node.put("id", tag));
        try {
            List<String> words = ShellWords.split(withoutTag(line.trim()));
            if (!words.isEmpty()) {
                run(words, answer);
            } else if (!tag.isEmpty()) {
                throw new UsageException("a command is missing after #" + tag);
            }
        } catch (UsageException | CommandLine.ParameterException wrong) {
            String message =
                    String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
            answer.accept(OutputLine.error(ErrorCode.BAD_INPUT, message));
        } catch (RuntimeException fault) {
            answer.accept(OutputLine.error(ErrorCode.INTERNAL, fault.toString()));
            throw fault;
        }
    }

    private void run(List<String> words, Consumer<ObjectNode> answer) {
        Task task = task(words.get(0));
        GlobalOptions global = new GlobalOptions();
        CommandLine command = new CommandLine(task);
        command.getCommandSpec().addMixin("global", CommandLine.Model.CommandSpec.forAnnotatedObject(global));
        command.setExpandAtFiles(false); // @FILE is a value here, not a file of arguments
        command.parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        long deadline = System.nanoTime() + global.timeout(TIMEOUT).toNanos();
        new TaskContext(kad, answer, InputStream.nullInputStream(), deadline).run(task);
    }

    /** Returns a new task of that name; its fields take the values of one line. */
    private static Task task(String name) {
        List<Task> tasks = Stream.concat(OneShotTasks.all().stream(), SessionTasks.all().stream())
                .toList();
        return tasks.stream()
                .filter(task -> nameOf(task).equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("'" + name + "' is no command: "
                        + tasks.stream().map(StdinSession::nameOf).collect(Collectors.joining(", ")) + " are"));
    }

    private static String nameOf(Task task) {
        return task.getClass().getAnnotation(Command.class).name();
    }
}
