package io.kad.node.task;

import io.kad.api.Query;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.GetProvidersResult;
import io.kad.node.option.Range;
import io.kad.node.output.OutputLine;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lookup of providers; each is written as it is found, and one that is found without an address at the end, with those that are known then. */
@Command(name = "find-providers", description = "Find the providers of KEY.")
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
    public void run(TaskContext context) throws TaskFailure {
        Query<GetProvidersResult> query = context.kad().getProviders(key.get(), count);
        ProvidersFound found =
                new ProvidersFound(provider -> context.emit(OutputLine.peer(OutputLine.line("provider"), provider)));
        query.onEvent(found);
        List<PeerInfo> providers;
        try {
            providers = await(context, query).providers();
        } catch (TaskFailure failure) {
            found.fail(failure);
            throw failure;
        }
        found.end(providers);
        context.emit(OutputLine.done("done").put("count", providers.size()));
    }
}
