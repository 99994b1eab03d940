package io.kad.node.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.daemon.NodeHttp;
import io.kad.node.daemon.Stop;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.Range;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command that runs a whole network of real peers on one machine. */
@Command(description = "Run a network of real peers on this machine, and check every result.")
public final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Range NODES = Range.between(3, 1000);

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    private int nodes = 25;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Address of the dashboard and HTTP API of the first peer; the network then runs until it is"
                    + " stopped. Default: none (off).")
    private @Nullable String http;

    private boolean allRight;

    /** Made by the command line. */
    public DemoCommand() {}

    @Option(names = "--nodes", paramLabel = "N", description = "Number of peers, 3 to 1000. Default: 25.")
    void nodes(String text) {
        nodes = NODES.parse("--nodes", text);
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = Output.standard(global.json());
        Deadline deadline = Deadline.after(global.timeout(TIMEOUT));
        try (NodeHttp server = NodeHttp.withoutToken(Optional.ofNullable(http));
                DemoNetwork network = new DemoNetwork(nodes, output, server.metrics())) {
            TaskContext context =
                    new TaskContext(network.peer(0), output::write, Optional.empty(), deadline, Runnable::run);
            int failed = context.runToEnd(running -> {
                server.start(network.peer(0), NodeSetup.ofRunning(List.of(), Optional.empty()), true);
                server.line().ifPresent(output::write);
                network.start(running);
                ObjectNode summary = new DemoScript(network, output, running).run();
                allRight = summary.path("ok").asBoolean();
                return CompletableFuture.completedFuture(summary);
            });
            if (http != null && failed == 0) {
                runOn(network, output, global.timeout().map(timeout -> deadline.remaining()));
            }
            return failed == 0 && !allRight ? ErrorCode.INTERNAL.exitCode() : failed;
        }
    }

    /** Lets the network run until it is stopped, or until {@code timeout} has passed. */
    private static void runOn(DemoNetwork network, Output output, Optional<Duration> timeout)
            throws InterruptedException {
        output.printText("\nthe network runs on for the dashboard; Ctrl-C ends it");
        try (Stop stop = Stop.onSignal()) {
            stop.await(timeout);
            network.close();
        }
    }
}
