package io.kad.node.task;

import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.PartialResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Providers of a lookup, each once, whether its event or the result comes first: as it is found, and one that is found without an address at the
 * end, with those that are known then. Thread-safe.
 */
public final class ProvidersFound implements Consumer<QueryEvent> {

    private final Consumer<PeerInfo> consumer;
    private final Set<PeerId> named = new HashSet<>();
    /** Providers whose events had no address. */
    private final List<PeerInfo> unresolved = new ArrayList<>();

    private boolean ended;

    /** Creates the providers of a lookup, whose events it must get; {@code consumer} is called on the threads that call this object. */
    public ProvidersFound(Consumer<PeerInfo> consumer) {
        this.consumer = consumer;
    }

    /** Names the rest of the result; a later event is ignored. */
    public synchronized void end(List<PeerInfo> providers) {
        ended = true;
        providers.forEach(this::name);
    }

    /** Names the rest of what was found before the lookup failed, also providers whose addresses are not known. */
    public synchronized void fail(TaskFailure failure) {
        end(failure.partial().map(PartialResult::providers).orElse(List.of()));
        unresolved.forEach(this::name);
    }

    private void name(PeerInfo provider) {
        if (named.add(provider.id())) {
            consumer.accept(provider);
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
            name(found.provider());
        }
    }
}
