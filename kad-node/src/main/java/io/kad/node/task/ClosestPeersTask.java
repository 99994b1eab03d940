package io.kad.node.task;

import io.kad.api.KademliaConfig;
import io.kad.api.result.ClosestPeersResult;
import io.kad.node.option.InputException;
import io.kad.node.option.Text;
import io.kad.node.output.Answer;
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
            throw new InputException("--count: a number of peers from 1 to " + k + " is accepted, not " + wanted);
        }
        ClosestPeersResult found = await(context, context.kad().getClosestPeers(Text.place(key), wanted));
        found.peers().forEach(peer -> context.emit(Answer.peer(Answer.line("peer"), peer)));
        context.emit(Answer.done("done")
                .put("count", found.peers().size())
                .put("asked", found.stats().requests())
                .put("hops", found.stats().hops()));
    }
}
