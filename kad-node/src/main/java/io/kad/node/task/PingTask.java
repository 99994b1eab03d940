package io.kad.node.task;

import io.kad.node.output.OutputLine;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measurement of the RTT to a peer. */
@Command(name = "ping", description = "Measure the RTT to a peer.")
final class PingTask implements Task {

    @Mixin
    private Arguments.PeerAddress address = new Arguments.PeerAddress();

    @Override
    public void run(TaskContext context) throws TaskFailure {
        Duration roundTrip = context.await(
                context.kad().ping(address.peer(), context.deadline().operationTimeout()));
        context.emit(OutputLine.done("pong").put("rttMillis", OutputLine.millis(roundTrip)));
    }
}
