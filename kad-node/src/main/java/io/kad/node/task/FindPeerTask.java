package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.output.OutputLine;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lookup of a peer. */
@Command(description = "Find a peer and its addresses.")
final class FindPeerTask extends QueryTask {

    @Mixin
    private Arguments.Peer peer = new Arguments.Peer();

    @Override
    public CompletableFuture<ObjectNode> start(TaskContext context) {
        return context.then(
                result(context, context.kad().findPeer(peer.id())),
                found -> context.end(OutputLine.peer(OutputLine.done("peer"), found.peer())));
    }
}
