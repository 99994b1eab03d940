package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.spi.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds providers of a key: in the own store, then by a lookup that asks for them, up to the wanted number. */
final class GetProvidersQuery implements QueryLogic {

    /** The most providers that one query finds. */
    static final int MAX_PROVIDERS = 4096;

    private final QueryState state;
    private final QueryContext context;
    private final RecordKey key;
    private final int count;
    private final int maxAddresses;
    private final LookupPhase lookup;
    private final Map<PeerId, Set<Multiaddr>> providers = new LinkedHashMap<>();

    private boolean hasLoaded;

    GetProvidersQuery(QueryState state, QueryContext context, QuerySpec.GetProviders spec) {
        this.state = state;
        this.context = context;
        this.key = spec.recordKey();
        this.count = spec.count() == 0 ? MAX_PROVIDERS : Math.min(spec.count(), MAX_PROVIDERS);
        this.maxAddresses = context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        this.lookup = new LookupPhase(
                state, context, key.kadKey(), new KadRequest.GetProviders(key), context.k(), this::read);
    }

    @Override
    public void start() {
        if (count < 0 || key.bytes().isEmpty()) {
            state.fail(stats -> new KadException.InvalidRequest(
                    count < 0 ? "can't find " + count + " providers" : "the key is empty"));
            return;
        }
        context.host().loadProviders(state.id(), key, count);
    }

    @Override
    public void providersLoaded(List<ProviderRecord> records) {
        hasLoaded = true;
        records.stream()
                .filter(record -> record.key().equals(key)
                        && !record.isExpired(context.host().wall()))
                .forEach(record -> take(Optional.empty(), PeerInfo.of(record.provider(), record.addresses())));
        if (!lookup.hasSeeds() && providers.isEmpty()) {
            state.fail(stats -> lookup.noPeers());
        }
    }

    /** What the own store can't tell, others may; the driver reports what is wrong with the store. */
    @Override
    public void storeFailed(StoreException failure) {
        providersLoaded(List.of());
    }

    private void read(PeerId peer, KadResponse response) {
        if (response instanceof KadResponse.GetProviders answer) {
            answer.providers().forEach(provider -> take(Optional.of(peer), provider));
        }
    }

    private void take(Optional<PeerId> from, PeerInfo provider) {
        List<Multiaddr> told = provider.addresses().stream().limit(maxAddresses).toList();
        Set<Multiaddr> known = providers.get(provider.id());
        if (known != null) {
            told.stream().limit((long) maxAddresses - known.size()).forEach(known::add);
        } else if (providers.size() < count) {
            providers.put(provider.id(), new LinkedHashSet<>(told));
            state.emit(new QueryEvent.ProviderFound(
                    state.id(), from, new PeerInfo(provider.id(), told, provider.connection())));
        }
    }

    @Override
    public void proceed() {
        if (!hasLoaded) {
            return;
        }
        if (providers.size() == count && (context.lookupConfig().mayEndEarly() || count == MAX_PROVIDERS)) {
            end();
            return;
        }
        lookup.proceed();
        if (lookup.isFinished()) {
            end();
        }
    }

    @Override
    public void finish() {
        end();
    }

    private void end() {
        if (providers.isEmpty() && lookup.hasNoResponse() && state.requests() > 0) {
            state.fail(stats -> lookup.noPeers());
        } else {
            List<PeerInfo> found = found();
            state.complete(stats -> new GetProvidersResult(found, stats));
        }
    }

    /** Returns the providers, with such addresses as are known otherwise where none were told. */
    private List<PeerInfo> found() {
        List<PeerInfo> found = new ArrayList<>();
        providers.forEach((id, addresses) ->
                found.add(addresses.isEmpty() ? known(id) : PeerInfo.of(id, List.copyOf(addresses))));
        return found;
    }

    private PeerInfo known(PeerId provider) {
        return provider.equals(context.self())
                ? PeerInfo.of(provider, context.host().localAddresses())
                : lookup.peerInfo(provider);
    }

    @Override
    public List<PeerId> succeededPeers() {
        return lookup.closestIds();
    }

    @Override
    public long nextDeadlineNanos() {
        return hasLoaded ? lookup.nextDeadlineNanos() : Long.MAX_VALUE;
    }
}
