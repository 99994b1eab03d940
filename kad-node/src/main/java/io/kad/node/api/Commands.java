package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.ParameterProblem;
import io.kad.node.option.UsageException;
import io.kad.node.output.OutputLine;
import io.kad.node.task.Deadline;
import io.kad.node.task.Task;
import io.kad.node.task.TaskCommands;
import io.kad.node.task.TaskContext;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import picocli.CommandLine.ParameterException;

/** Commands of a session, built from the parts of a request. */
final class Commands {

    /** Longest time of a command. */
    static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

    private Commands() {}

    /**
     * Command of a session.
     *
     * @param task the task, with its arguments
     * @param deadline its deadline
     * @param options words of its options
     */
    record Parsed(Task task, Deadline deadline, List<String> options) {

        /**
         * Starts the command, which writes its lines to {@code output}; {@link Deadline#cancel} ends it early.
         *
         * @param output must not block: it is called on the threads that call back for the peer
         * @return completes when the last line is written; fails with a fault of the program
         */
        CompletableFuture<Integer> start(
                Kademlia kad, NodeSetup setup, Consumer<ObjectNode> output, Optional<InputStream> input) {
            Consumer<ObjectNode> named = line -> output.accept(asParameters(line));
            return new TaskContext(kad, named, input, deadline, Runnable::run, setup).run(task);
        }

        /** Returns a refusal that calls the options of the request what the caller has written: parameters. */
        private ObjectNode asParameters(ObjectNode line) {
            return OutputLine.isError(line)
                    ? line.put(
                            "message",
                            Commands.asParameters(line.path("message").asText(), options))
                    : line;
        }
    }

    /**
     * Parses a command.
     *
     * @param options words of its options
     * @param arguments its other words, each taken as it stands, even if it begins like an option
     * @throws UsageException if it is refused
     */
    static Parsed parse(String name, List<String> options, List<String> arguments) {
        Task task = TaskCommands.ofSession(name);
        GlobalOptions global = new GlobalOptions();
        List<String> words = new ArrayList<>(options);
        words.add("--");
        words.addAll(arguments);
        try {
            TaskCommands.commandLine(name, task, () -> 0, global).parseArgs(words.toArray(String[]::new));
        } catch (ParameterException refused) {
            throw new UsageException(asParameters(ParameterProblem.text(refused, words), options), refused);
        }
        Duration timeout = global.timeout(Deadline.DEFAULT);
        if (timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new UsageException("timeout exceeds the limit of " + MAX_TIMEOUT.toMinutes() + " min");
        }
        return new Parsed(task, Deadline.after(timeout), List.copyOf(options));
    }

    private static String asParameters(String message, List<String> options) {
        String text = message.replace("--timeout", "timeout");
        for (String option : options) {
            String name = option.split("=", 2)[0];
            text = text.replaceAll(Pattern.quote(name) + "\\b", name.substring(2));
        }
        return text;
    }
}
