package io.kad.node;

import io.kad.api.Kademlia;
import io.kad.api.spi.metrics.Metrics;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.PeerOptions;
import io.kad.node.output.Output;
import io.kad.node.task.Deadline;
import io.kad.node.task.Task;
import io.kad.node.task.TaskCommands;
import io.kad.node.task.TaskContext;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Command that runs one task with a new peer: a client that joins, carries the task out and leaves. */
final class OneShot {

    private OneShot() {}

    /** Returns the command line of {@code task}. */
    static CommandLine commandLine(Task task) {
        PeerOptions options = new PeerOptions();
        GlobalOptions global = new GlobalOptions();
        return TaskCommands.commandLine(task, () -> run(task, options, global), options, global);
    }

    private static int run(Task task, PeerOptions options, GlobalOptions global) {
        Output output = Output.standard(global.json());
        Deadline deadline = Deadline.after(global.timeout(Deadline.DEFAULT));
        var peers = options.bootstrap();
        try (Kademlia kad = OpenPeer.open(options, "client", List.of(), Metrics.NONE)) {
            TaskContext context = new TaskContext(kad, output::write, Optional.of(System.in), deadline, Runnable::run);
            return context.runToEnd(joined -> {
                OpenPeer.join(kad, peers, deadline);
                return task.start(joined);
            });
        }
    }
}
