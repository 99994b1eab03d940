package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Query;
import io.kad.api.result.GetProvidersResult;
import io.kad.node.option.Range;
import io.kad.node.output.OutputLine;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lookup of providers; each is written as it is found, and one that is found without an address at the end, with those that are known then. */
@Command(description = "Find the providers of KEY.")
final class FindProvidersTask extends QueryTask {

    private static final Range COUNT = new Range(0, Integer.MAX_VALUE, "0 (all) or more");

    @Mixin
    private Arguments.ContentKey key = new Arguments.ContentKey();

    private int count;

    @Option(names = "--count", paramLabel = "N", description = "Number of providers to find. Default: 0 (all).")
    void count(String text) {
        count = COUNT.parse("--count", text);
    }

    @Override
    public CompletableFuture<ObjectNode> start(TaskContext context) {
        Query<GetProvidersResult> query = context.kad().getProviders(key.get(), count);
        ProvidersFound found =
                new ProvidersFound(provider -> context.emit(OutputLine.peer(OutputLine.line("provider"), provider)));
        query.onEvent(found);
        return context.then(
                result(context, query),
                result -> {
                    found.end(result.providers());
                    return context.end(OutputLine.done("done")
                            .put("count", result.providers().size()));
                },
                found::fail);
    }
}
