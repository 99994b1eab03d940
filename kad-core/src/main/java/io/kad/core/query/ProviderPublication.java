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

/** Announcement of the local peer as a provider of a key. */
final class ProviderPublication implements Publication {

    private final QueryContext context;
    private final RecordKey key;
    private final List<Multiaddr> addresses;
    private final boolean storedLocally;

    private ProviderPublication(QueryContext context, RecordKey key, List<Multiaddr> addresses, boolean storedLocally) {
        this.context = context;
        this.key = key;
        this.addresses = addresses.stream()
                .limit(context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER))
                .toList();
        this.storedLocally = storedLocally;
    }

    /** Returns the announcement of a new provider. */
    static ProviderPublication startProviding(QueryContext context, QuerySpec.StartProviding spec) {
        return new ProviderPublication(context, spec.recordKey(), spec.addresses(), false);
    }

    /** Returns an announcement that repeats a previous one, with the present addresses of the local peer. */
    static ProviderPublication reprovide(QueryContext context, QuerySpec.Reprovide spec) {
        return new ProviderPublication(
                context, spec.recordKey(), context.operations().localAddresses(), true);
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
        Optional<String> problem = reasonInvalid(key);
        if (problem.isPresent()) {
            return problem.map(KadException.InvalidRequest::new);
        }
        return addresses.isEmpty()
                ? Optional.of(new KadException.InvalidRequest(
                        "no address to announce: listen on one, or set an external address"))
                : Optional.empty();
    }

    /** Returns the reason why no content with providers can have {@code key}, in one line; empty if one can. */
    static Optional<String> reasonInvalid(RecordKey key) {
        int size = key.bytes().size();
        return size < 1 || size > ProviderRecord.MAX_KEY_BYTES
                ? Optional.of("key must be 1 to " + ProviderRecord.MAX_KEY_BYTES + " bytes, got " + size)
                : Optional.empty();
    }

    @Override
    public boolean isStoredLocally() {
        return storedLocally;
    }

    /** Writes the record without addresses, as those of the local peer may change before the record is read. */
    @Override
    public void storeLocally(QueryOperations operations, QueryId queryId) {
        operations.saveProvider(queryId, new ProviderRecord(key, context.self(), List.of(), Optional.empty()));
    }

    @Override
    public KadRequest message() {
        return new KadRequest.AddProvider(
                key, List.of(new PeerInfo(context.self(), addresses, ConnectionType.CONNECTED)));
    }
}
