package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.node.output.OutputLine;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Identification of a peer. */
@Command(description = "Run identify against a peer and print the result.")
final class IdentifyTask implements Task {

    @Mixin
    private Arguments.PeerAddress address = new Arguments.PeerAddress();

    @Override
    public CompletableFuture<ObjectNode> start(TaskContext context) {
        return context.then(
                context.kad().identify(address.peer(), context.deadline().operationTimeout()),
                peer -> context.end(line(peer)));
    }

    private static ObjectNode line(PeerIdentification peer) {
        ObjectNode line = OutputLine.done("identify").put("agent", peer.agent());
        line.put("protocolVersion", peer.protocolVersion());
        var protocols = line.putArray("protocols");
        peer.protocols().stream().sorted().forEach(protocols::add);
        OutputLine.peer(line, PeerInfo.of(peer.peer(), peer.listenAddresses()));
        peer.observedAddress().ifPresent(observed -> line.put("observedAddress", observed.toString()));
        return line;
    }
}
