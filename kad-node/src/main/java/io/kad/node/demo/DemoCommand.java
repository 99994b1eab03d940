package io.kad.node.demo;

import io.kad.node.option.GlobalOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.task.TaskContext;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a whole network of real peers on one machine. */
@Command(name = "demo", description = "Show a network of real peers on this machine.")
public final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int MIN_NODES = 3;
    private static final int MAX_NODES = 1000;

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "25",
            description = "How many peers; ${DEFAULT-VALUE} by default.")
    private int nodes = 25;

    private boolean allRight;

    /** Made by the command line. */
    public DemoCommand() {}

    @Override
    public Integer call() {
        if (nodes < MIN_NODES || nodes > MAX_NODES) {
            throw new UsageException("--nodes: " + MIN_NODES + " to " + MAX_NODES + " are accepted, not " + nodes);
        }
        Output output = new Output(System.out, global.json());
        long deadline = System.nanoTime() + global.timeout(TIMEOUT).toNanos();
        try (DemoNetwork network = new DemoNetwork(nodes, output, deadline)) {
            TaskContext context =
                    new TaskContext(network.peer(0), output::write, InputStream.nullInputStream(), deadline);
            int failed = context.run(running -> {
                network.join(running);
                allRight = new DemoScript(network, output, running).run();
            });
            return failed == 0 && !allRight ? ErrorCode.INTERNAL.exitCode() : failed;
        }
    }
}
