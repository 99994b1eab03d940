package io.kad.node.task;

import io.kad.api.KademliaConfig;
import io.kad.api.result.ClosestPeersResult;
import io.kad.node.option.ArgumentParser;
import io.kad.node.option.UsageException;
import io.kad.node.output.OutputLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the peers closest to a key. */
@Command(name = "closest-peers", description = "Find the peers closest to a key.")
final class ClosestPeersTask extends QueryTask {

    @Parameters(index = "0", paramLabel = "KEY", description = "A peer id, a CID, /namespace/name, or 0x and digits.")
    private String key = "";

    @Option(names = "--count", paramLabel = "N", description = "How many, up to k; k by default.")
    private @Nullable Integer count;

    @Override
    public void run(TaskContext context) throws TaskFailure {
        int k = context.kad().config().get(KademliaConfig.K);
        int wanted = count == null ? k : count;
        if (wanted < 1 || wanted > k) {
            throw new UsageException("--count: a number of peers from 1 to " + k + " is accepted, not " + wanted);
        }
        ClosestPeersResult found = await(context, context.kad().getClosestPeers(ArgumentParser.place(key), wanted));
        found.peers().forEach(peer -> context.emit(OutputLine.peer(OutputLine.line("peer"), peer)));
        context.emit(OutputLine.done("done")
                .put("count", found.peers().size())
                .put("asked", found.stats().requests())
                .put("hops", found.stats().hops()));
    }
}
