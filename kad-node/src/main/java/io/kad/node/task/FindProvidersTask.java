package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Query;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.PartialResult;
import io.kad.node.option.Range;
import io.kad.node.output.OutputLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
    public CompletableFuture<ObjectNode> start(TaskContext context) {
        Query<GetProvidersResult> query = context.kad().getProviders(key.get(), count);
        Named named = new Named(context);
        query.onEvent(named);
        return context.then(
                result(context, query),
                found -> {
                    named.end(found.providers());
                    return context.end(OutputLine.done("done")
                            .put("count", found.providers().size()));
                },
                failure -> {
                    named.end(failure.partial().map(PartialResult::providers).orElse(List.of()));
                    named.emitUnresolved();
                });
    }

    /** Writer of each provider once, whether its event or the result comes first. */
    private static final class Named implements Consumer<QueryEvent> {

        private final TaskContext context;
        private final Set<PeerId> named = new HashSet<>();
        /** Providers whose events had no address. */
        private final List<PeerInfo> unresolved = new ArrayList<>();

        private boolean ended;

        Named(TaskContext context) {
            this.context = context;
        }

        /** Writes the rest; a later event is ignored. */
        synchronized void end(List<PeerInfo> providers) {
            ended = true;
            providers.forEach(this::emit);
        }

        /** Writes the providers whose addresses are not known. */
        synchronized void emitUnresolved() {
            unresolved.forEach(this::emit);
        }

        private void emit(PeerInfo provider) {
            if (named.add(provider.id())) {
                context.emit(OutputLine.peer(OutputLine.line("provider"), provider));
            }
        }

        @Override
        public synchronized void accept(QueryEvent event) {
            if (ended || !(event instanceof QueryEvent.ProviderFound found)) {
                return;
            }
            if (found.provider().addresses().isEmpty()) {
                unresolved.add(found.provider());
            } else {
                emit(found.provider());
            }
        }
    }
}
