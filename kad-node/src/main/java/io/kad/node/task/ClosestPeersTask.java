package io.kad.node.task;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.node.option.ArgumentParser;
import io.kad.node.option.Range;
import io.kad.node.output.OutputLine;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lookup of the peers closest to a key. */
@Command(description = "Find the peers closest to KEY.")
final class ClosestPeersTask extends QueryTask {

    private @Nullable Bytes key;

    @Option(names = "--count", paramLabel = "N", description = "Number of peers to find, 1 to k. Default: k.")
    private @Nullable String count;

    @Parameters(index = "0", paramLabel = "KEY", description = "Key to look up: " + ArgumentParser.TARGET + ".")
    void key(String text) {
        key = ArgumentParser.target(text);
    }

    @Override
    public CompletableFuture<ObjectNode> start(TaskContext context) {
        int k = context.kad().config().get(KademliaConfig.K);
        int peers = count == null ? k : new Range(1, k, "between 1 and " + k + " (k)").parse("--count", count);
        return context.then(
                result(context, context.kad().getClosestPeers(requireNonNull(key, "key"), peers)), found -> {
                    found.peers().forEach(peer -> context.emit(OutputLine.peer(OutputLine.line("peer"), peer)));
                    return context.end(OutputLine.done("done")
                            .put("count", found.peers().size())
                            .put("asked", found.stats().requests())
                            .put("hops", found.stats().hops()));
                });
    }
}
