package io.kad.core.query;

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

/** Query for the providers of a key: reads the local store, and then runs a lookup until it has found the requested number. */
final class GetProvidersQuery extends LookupQuery {

    /** Upper bound of the providers that one query finds, which bounds its memory. */
    static final int MAX_PROVIDERS = 4096;

    private final RecordKey key;
    private final int maxProviders;
    private final int maxAddresses;
    private final Map<PeerId, Set<Multiaddr>> providers = new LinkedHashMap<>();

    GetProvidersQuery(QueryState state, QueryContext context, QuerySpec.GetProviders spec) {
        super(state, context, spec.recordKey().kadKey(), new KadRequest.GetProviders(spec.recordKey()), context.k());
        this.key = spec.recordKey();
        this.maxProviders = spec.count() == 0 ? MAX_PROVIDERS : Math.min(spec.count(), MAX_PROVIDERS);
        this.maxAddresses = context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
    }

    @Override
    public void start() {
        context.operations().loadProviders(state.id(), key, maxProviders);
    }

    @Override
    public void providersLoaded(List<ProviderRecord> records) {
        boolean hasSeeds = lookupPhase.start();
        records.stream()
                .filter(record -> record.key().equals(key)
                        && !record.isExpired(context.operations().wall()))
                .forEach(record -> add(Optional.empty(), PeerInfo.of(record.provider(), record.addresses())));
        if (!hasSeeds && providers.isEmpty()) {
            lookupPhase.failWithoutResponse();
        }
    }

    /** Continues without the local store, as other peers may know providers; {@code StoreAccess} logs the failure. */
    @Override
    public void storeFailed(StoreException failure) {
        providersLoaded(List.of());
    }

    @Override
    void readResponse(PeerId peer, KadResponse response) {
        if (response instanceof KadResponse.GetProviders providersResponse) {
            providersResponse.providers().forEach(provider -> add(Optional.of(peer), provider));
        }
    }

    private void add(Optional<PeerId> from, PeerInfo provider) {
        List<Multiaddr> addresses =
                provider.addresses().stream().limit(maxAddresses).toList();
        Set<Multiaddr> known = providers.get(provider.id());
        if (known != null) {
            addresses.stream().limit((long) maxAddresses - known.size()).forEach(known::add);
        } else if (providers.size() < maxProviders) {
            providers.put(provider.id(), new LinkedHashSet<>(addresses));
            state.emit(new QueryEvent.ProviderFound(
                    state.id(), from, new PeerInfo(provider.id(), addresses, provider.connection())));
        }
    }

    @Override
    boolean isSatisfied() {
        return hasRequestedNumber() && (context.lookupConfig().hasSinglePath() || maxProviders == MAX_PROVIDERS);
    }

    private boolean hasRequestedNumber() {
        return providers.size() == maxProviders;
    }

    @Override
    public void completeAtTimeout() {
        if (hasRequestedNumber()) {
            end();
        }
    }

    @Override
    boolean endsOnceConverged() {
        return context.lookupConfig().hasSinglePath() && !providers.isEmpty();
    }

    @Override
    void end() {
        if (providers.isEmpty() && lookupPhase.isUnanswered()) {
            lookupPhase.failWithoutResponse();
        } else {
            List<PeerInfo> result = result();
            state.complete(stats -> new GetProvidersResult(result, stats));
        }
    }

    @Override
    public Findings findings() {
        return new Findings(Optional.empty(), result());
    }

    /** Returns the providers; one that was returned without addresses has those of the routing table or the lookup. */
    private List<PeerInfo> result() {
        List<PeerInfo> result = new ArrayList<>();
        providers.forEach((id, addresses) ->
                result.add(addresses.isEmpty() ? peerInfo(id) : PeerInfo.of(id, List.copyOf(addresses))));
        return result;
    }

    private PeerInfo peerInfo(PeerId provider) {
        return provider.equals(context.self())
                ? PeerInfo.of(provider, context.operations().localAddresses())
                : lookupPhase.peerInfo(provider);
    }
}
