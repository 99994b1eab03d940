package io.kad.node.task;

import io.kad.node.option.ArgumentParser;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Measures the round trip to a peer. */
@Command(name = "ping", description = "Measure the round trip to a peer.")
final class PingTask implements Task {

    @Parameters(index = "0", paramLabel = "MULTIADDR", description = "The peer's address, ending in /p2p/PEERID.")
    private String address = "";

    @Override
    public void run(TaskContext context) throws TaskFailure {
        Duration roundTrip = context.await(context.kad().ping(ArgumentParser.peerAt(address), context.remaining()));
        context.emit(OutputLine.done("pong").put("rttMillis", OutputLine.millis(roundTrip)));
    }
}
