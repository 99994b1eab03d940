package io.kad.node.task;

import io.kad.api.Query;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.GetProvidersResult;
import io.kad.node.option.ArgumentParser;
import io.kad.node.option.UsageException;
import io.kad.node.output.OutputLine;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds providers, and names each as it is found. */
@Command(name = "find-providers", description = "Find the providers of a content.")
final class FindProvidersTask extends QueryTask {

    @Parameters(index = "0", paramLabel = "KEY", description = "A CID, /namespace/name, or 0x and hexadecimal digits.")
    private String key = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "0",
            description = "End with that many providers; all by default.")
    private int count;

    @Override
    public void run(TaskContext context) throws TaskFailure {
        if (count < 0) {
            throw new UsageException("--count: a number of providers from 0 is accepted, not " + count);
        }
        Query<GetProvidersResult> query = context.kad().getProviders(ArgumentParser.providerKey(key), count);
        Named named = new Named(context);
        query.events().subscribe(named);
        GetProvidersResult found = await(context, query);
        named.end(found.providers());
        context.emit(OutputLine.done("done").put("count", found.providers().size()));
    }

    /** Names each provider once, whether its event or the result comes first. */
    private static final class Named implements Flow.Subscriber<QueryEvent> {

        private final TaskContext context;
        private final Set<PeerId> named = new HashSet<>();
        private boolean ended;

        Named(TaskContext context) {
            this.context = context;
        }

        /** Names the rest; an event that comes later is of the past. */
        synchronized void end(List<PeerInfo> providers) {
            ended = true;
            providers.forEach(this::emit);
        }

        private void emit(PeerInfo provider) {
            if (named.add(provider.id())) {
                context.emit(OutputLine.peer(OutputLine.line("provider"), provider));
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public synchronized void onNext(QueryEvent event) {
            if (!ended && event instanceof QueryEvent.ProviderFound found) {
                emit(found.provider());
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
