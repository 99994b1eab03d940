package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import java.util.List;
import java.util.Optional;

/** The announcement that this peer provides a key. */
final class ProviderPublication implements Publication {

    private final QueryContext context;
    private final RecordKey key;
    private final List<Multiaddr> addresses;
    private final boolean held;

    private ProviderPublication(QueryContext context, RecordKey key, List<Multiaddr> addresses, boolean held) {
        this.context = context;
        this.key = key;
        this.addresses = addresses.stream()
                .limit(context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER))
                .toList();
        this.held = held;
    }

    /** Announces this peer for the first time. */
    static ProviderPublication startProviding(QueryContext context, QuerySpec.StartProviding spec) {
        return new ProviderPublication(context, spec.recordKey(), spec.addresses(), false);
    }

    /** Announces it anew, with the addresses that it has now. */
    static ProviderPublication reprovide(QueryContext context, QuerySpec.Reprovide spec) {
        return new ProviderPublication(context, spec.recordKey(), context.host().localAddresses(), true);
    }

    @Override
    public RecordKey key() {
        return key;
    }

    @Override
    public Quorum quorum() {
        return Quorum.one();
    }

    @Override
    public Optional<KadException> problem() {
        int size = key.bytes().size();
        if (size < 1 || size > ProviderRecord.MAX_KEY_BYTES) {
            return Optional.of(new KadException.InvalidRequest(
                    "the key of a content has 1 to " + ProviderRecord.MAX_KEY_BYTES + " bytes, not " + size));
        }
        return addresses.isEmpty()
                ? Optional.of(new KadException.InvalidRequest(
                        "this peer has no address to announce: listen, or set an external address"))
                : Optional.empty();
    }

    @Override
    public boolean isStoredLocally() {
        return held;
    }

    /** Without addresses, as those of this peer may change before it is asked for them. */
    @Override
    public void storeLocally(QueryHost host, QueryId query) {
        host.saveProvider(query, new ProviderRecord(key, context.self(), List.of(), Optional.empty()));
    }

    @Override
    public KadRequest message() {
        return new KadRequest.AddProvider(
                key, List.of(new PeerInfo(context.self(), addresses, ConnectionType.CONNECTED)));
    }
}
