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

    ProviderPublication(QueryContext context, QuerySpec.StartProviding spec) {
        this.context = context;
        this.key = spec.recordKey();
        this.addresses = spec.addresses().stream()
                .limit(context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER))
                .toList();
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
    public void save(QueryHost host, QueryId query) {
        host.saveProvider(query, new ProviderRecord(key, context.self(), addresses, Optional.empty()));
    }

    @Override
    public KadRequest message() {
        return new KadRequest.AddProvider(
                key, List.of(new PeerInfo(context.self(), addresses, ConnectionType.CONNECTED)));
    }
}
