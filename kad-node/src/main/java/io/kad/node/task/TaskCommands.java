package io.kad.node.task;

import io.kad.api.text.UnknownName;
import io.kad.node.option.UsageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** Table of the commands that are tasks, and their command lines. */
public final class TaskCommands {

    /** Name of the command that ends a session; the session itself carries it out. */
    public static final String STOP = "stop";

    /** Name of the mixin of a command line that has the arguments and options of the task. */
    public static final String TASK = "task";

    private static final Map<String, Supplier<Task>> ONE_SHOT = byName(
            PutTask::new,
            GetTask::new,
            ProvideTask::new,
            FindProvidersTask::new,
            FindPeerTask::new,
            ClosestPeersTask::new,
            PingTask::new,
            IdentifyTask::new,
            DiagnoseTask::new);

    private static final Map<String, Supplier<Task>> SESSION_ONLY = byName(
            SessionTasks.Connect::new,
            SessionTasks.Disconnect::new,
            SessionTasks.Connections::new,
            SessionTasks.RoutingTable::new,
            SessionTasks.Bootstrap::new,
            SessionTasks.AddAddress::new,
            SessionTasks.RemoveAddress::new,
            SessionTasks.RemovePeer::new,
            SessionTasks.SetMode::new,
            SessionTasks.Remove::new,
            SessionTasks.StopProviding::new,
            SessionTasks.Info::new);

    private TaskCommands() {}

    /** Returns the commands by their names, in order. */
    @SafeVarargs
    private static Map<String, Supplier<Task>> byName(Supplier<Task>... commands) {
        Map<String, Supplier<Task>> table = new LinkedHashMap<>();
        for (Supplier<Task> command : commands) {
            table.put(name(command.get()), command);
        }
        return table;
    }

    /** Returns a new task for each command that also runs outside a session. */
    public static List<Task> oneShot() {
        return ONE_SHOT.values().stream().map(Supplier::get).toList();
    }

    /**
     * Returns a new task for the command of a session called {@code name}.
     *
     * @throws UsageException if no command has that name; it names the nearest one
     */
    public static Task ofSession(String name) {
        Supplier<Task> command = ONE_SHOT.containsKey(name) ? ONE_SHOT.get(name) : SESSION_ONLY.get(name);
        if (command == null) {
            List<String> known = Stream.of(ONE_SHOT.keySet(), SESSION_ONLY.keySet(), Set.of(STOP))
                    .flatMap(Set::stream)
                    .toList();
            throw new UsageException(UnknownName.message("command", name, known));
        }
        return command.get();
    }

    private static String name(Task task) {
        return task.getClass().getAnnotation(Command.class).name();
    }

    /**
     * Returns the command line that fills in {@code task} and {@code options}; every word is taken as it stands, also {@code @FILE}.
     *
     * @param body carries the command out; returns the exit code
     */
    public static CommandLine commandLine(Task task, Callable<Integer> body, Object... options) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(body).name(name(task));
        spec.addMixin(TASK, CommandSpec.forAnnotatedObject(task));
        for (Object shared : options) {
            spec.addMixin(shared.getClass().getSimpleName(), CommandSpec.forAnnotatedObject(shared));
        }
        return new CommandLine(spec).setExpandAtFiles(false);
    }
}
