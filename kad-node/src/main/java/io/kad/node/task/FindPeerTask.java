package io.kad.node.task;

import io.kad.node.output.OutputLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lookup of a peer. */
@Command(name = "find-peer", description = "Find a peer and its addresses.")
final class FindPeerTask extends QueryTask {

    @Mixin
    private Arguments.Peer peer = new Arguments.Peer();

    @Override
    public void run(TaskContext context) throws TaskFailure {
        var found = await(context, context.kad().findPeer(peer.id()));
        context.emit(OutputLine.peer(OutputLine.done("peer"), found.peer()));
    }
}
