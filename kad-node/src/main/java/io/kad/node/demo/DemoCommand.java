package io.kad.node.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.Range;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command that runs a whole network of real peers on one machine. */
@Command(name = "demo", description = "Run a network of real peers on this machine, and check every result.")
public final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Range NODES = Range.between(3, 1000);

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    private int nodes = 25;

    private boolean allRight;

    /** Made by the command line. */
    public DemoCommand() {}

    @Option(names = "--nodes", paramLabel = "N", description = "Number of peers, 3 to 1000. Default: 25.")
    void nodes(String text) {
        nodes = NODES.parse("--nodes", text);
    }

    @Override
    public Integer call() {
        Output output = Output.standard(global.json());
        Deadline deadline = Deadline.after(global.timeout(TIMEOUT));
        try (DemoNetwork network = new DemoNetwork(nodes, output)) {
            TaskContext context =
                    new TaskContext(network.peer(0), output::write, Optional.empty(), deadline, Runnable::run);
            int failed = context.runToEnd(running -> {
                network.start(running);
                ObjectNode summary = new DemoScript(network, output, running).run();
                allRight = summary.path("ok").asBoolean();
                return CompletableFuture.completedFuture(summary);
            });
            return failed == 0 && !allRight ? ErrorCode.INTERNAL.exitCode() : failed;
        }
    }
}
