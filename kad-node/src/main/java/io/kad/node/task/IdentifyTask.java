package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.OutputLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Asks a peer what it is. */
@Command(name = "identify", description = "Ask a peer what it is.")
final class IdentifyTask implements Task {

    @Parameters(index = "0", paramLabel = "MULTIADDR", description = "The peer's address, ending in /p2p/PEERID.")
    private String address = "";

    @Override
    public void run(TaskContext context) throws TaskFailure {
        PeerIdentification peer =
                context.await(context.kad().identify(ArgumentParser.peerAt(address), context.remaining()));
        ObjectNode line = OutputLine.done("identify").put("agent", peer.agent());
        line.put("protocolVersion", peer.protocolVersion());
        var protocols = line.putArray("protocols");
        peer.protocols().stream().sorted().forEach(protocols::add);
        OutputLine.peer(line, PeerInfo.of(peer.peer(), peer.listenAddresses()));
        peer.observedAddress().ifPresent(observed -> line.put("observedAddress", observed.toString()));
        context.emit(line);
    }
}
