package io.kad.node.task;

import static java.util.Map.entry;

import io.kad.api.text.UnknownName;
import io.kad.node.option.UsageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Table of the commands that are tasks, and their command lines. */
public final class TaskCommands {

    /** Name of the command that ends a session; the session itself carries it out. */
    public static final String STOP = "stop";

    /** Name of the mixin of a command line that has the arguments and options of the task. */
    public static final String TASK = "task";

    private static final Map<String, Supplier<Task>> ONE_SHOT = inOrder(
            entry("put", PutTask::new),
            entry("get", GetTask::new),
            entry("provide", ProvideTask::new),
            entry("find-providers", FindProvidersTask::new),
            entry("find-peer", FindPeerTask::new),
            entry("closest-peers", ClosestPeersTask::new),
            entry("ping", PingTask::new),
            entry("identify", IdentifyTask::new),
            entry("diagnose", DiagnoseTask::new));

    private static final Map<String, Supplier<Task>> SESSION_ONLY = inOrder(
            entry("connect", SessionTasks.Connect::new),
            entry("disconnect", SessionTasks.Disconnect::new),
            entry("connections", SessionTasks.Connections::new),
            entry("routing-table", SessionTasks.RoutingTable::new),
            entry("bootstrap", SessionTasks.Bootstrap::new),
            entry("add-address", SessionTasks.AddAddress::new),
            entry("remove-address", SessionTasks.RemoveAddress::new),
            entry("remove-peer", SessionTasks.RemovePeer::new),
            entry("mode", SessionTasks.SetMode::new),
            entry("remove", SessionTasks.Remove::new),
            entry("stop-providing", SessionTasks.StopProviding::new),
            entry("info", SessionTasks.Info::new));

    /** Names of the other commands of the program, which need no running peer, or make their own. */
    private static final Set<String> OUTSIDE = Set.of("demo", "node", "id", "sim", "config", "completion", "help");

    private TaskCommands() {}

    @SafeVarargs
    private static Map<String, Supplier<Task>> inOrder(Entry<String, Supplier<Task>>... commands) {
        Map<String, Supplier<Task>> table = new LinkedHashMap<>();
        for (Entry<String, Supplier<Task>> command : commands) {
            table.put(command.getKey(), command.getValue());
        }
        return table;
    }

    /** Returns the names of the commands that also run outside a session, in the order of the help. */
    public static Set<String> oneShot() {
        return ONE_SHOT.keySet();
    }

    /**
     * Returns a new task for the command of a session called {@code name}.
     *
     * @throws UsageException if no command has that name; it names the nearest one
     */
    public static Task ofSession(String name) {
        Supplier<Task> command = ONE_SHOT.containsKey(name) ? ONE_SHOT.get(name) : SESSION_ONLY.get(name);
        if (OUTSIDE.contains(name)) {
            throw new UsageException(
                    "'" + name + "' is no command of a session; run 'kad " + name + "' outside the session");
        } else if (command == null) {
            List<String> known = Stream.of(ONE_SHOT.keySet(), SESSION_ONLY.keySet(), Set.of(STOP))
                    .flatMap(Set::stream)
                    .toList();
            throw new UsageException(UnknownName.message("command", name, known));
        }
        return command.get();
    }

    /**
     * Returns the command line that fills in {@code task} and {@code options}; every word is taken as it stands, also {@code @FILE}.
     *
     * @param name the name of the command
     * @param body carries the command out; returns the exit code
     */
    public static CommandLine commandLine(String name, Task task, Callable<Integer> body, Object... options) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(body).name(name);
        spec.addMixin(TASK, CommandSpec.forAnnotatedObject(task));
        for (Object shared : options) {
            spec.addMixin(shared.getClass().getSimpleName(), CommandSpec.forAnnotatedObject(shared));
        }
        return new CommandLine(spec).setExpandAtFiles(false);
    }
}
