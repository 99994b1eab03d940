package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.ParameterProblem;
import io.kad.node.option.UsageException;
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
     */
    record Parsed(Task task, Deadline deadline) {

        /**
         * Starts the command, which writes its lines to {@code output}; {@link Deadline#cancel} ends it early.
         *
         * @param output must not block: it is called on the threads that call back for the peer
         * @return completes when the last line is written; fails with a fault of the program
         */
        CompletableFuture<Integer> start(
                Kademlia kad, NodeSetup setup, Consumer<ObjectNode> output, Optional<InputStream> input) {
            return new TaskContext(kad, output, input, deadline, Runnable::run, setup).run(task);
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
            throw new UsageException(ParameterProblem.text(refused, words), refused);
        }
        Duration timeout = global.timeout(Deadline.DEFAULT);
        if (timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new UsageException("--timeout exceeds the limit of " + MAX_TIMEOUT.toMinutes() + " min");
        }
        return new Parsed(task, Deadline.after(timeout));
    }
}
