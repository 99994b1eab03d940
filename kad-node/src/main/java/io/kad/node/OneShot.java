package io.kad.node;

import io.kad.api.Kademlia;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.PeerOptions;
import io.kad.node.output.Output;
import io.kad.node.task.Task;
import io.kad.node.task.TaskContext;
import io.kad.node.task.TaskFailure;
import java.time.Duration;
import java.util.List;

/** Runs one task with a peer of its own: a client that joins, asks and leaves. */
final class OneShot {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private OneShot() {}

    /** Returns the exit code of the program. */
    static int run(Task task, PeerOptions options, GlobalOptions global) {
        Output output = new Output(System.out, global.json());
        long deadline = System.nanoTime() + global.timeout(TIMEOUT).toNanos();
        var peers = options.bootstrap();
        try (Kademlia kad = OpenPeer.open(options, "client", List.of())) {
            TaskContext context = new TaskContext(kad, output::write, System.in, deadline);
            try {
                OpenPeer.join(kad, peers, context.remaining());
            } catch (TaskFailure unreachable) {
                output.write(unreachable.line());
                return unreachable.code().exitCode();
            }
            return context.run(task);
        }
    }
}
