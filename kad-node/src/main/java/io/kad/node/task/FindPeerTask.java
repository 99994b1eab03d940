package io.kad.node.task;

import io.kad.node.option.ArgumentParser;
import io.kad.node.output.OutputLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Finds a peer. */
@Command(name = "find-peer", description = "Find a peer and its addresses.")
final class FindPeerTask extends QueryTask {

    @Parameters(index = "0", paramLabel = "PEERID", description = "The peer, in base58 or as a CID.")
    private String peer = "";

    @Override
    public void run(TaskContext context) throws TaskFailure {
        var found = await(context, context.kad().findPeer(ArgumentParser.peerId(peer)));
        context.emit(OutputLine.peer(OutputLine.done("peer"), found.peer()));
    }
}
