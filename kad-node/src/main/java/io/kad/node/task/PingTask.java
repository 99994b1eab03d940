package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.output.OutputLine;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measurement of the RTT to a peer. */
@Command(description = "Measure the RTT to a peer.")
final class PingTask implements Task {

    @Mixin
    private Arguments.PeerAddress address = new Arguments.PeerAddress();

    @Override
    public CompletableFuture<ObjectNode> start(TaskContext context) {
        return context.then(
                context.kad().ping(address.peer(), context.deadline().operationTimeout()),
                roundTrip -> context.end(OutputLine.done("pong").put("rttMillis", OutputLine.millis(roundTrip))));
    }
}
