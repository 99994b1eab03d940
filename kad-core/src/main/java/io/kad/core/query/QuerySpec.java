package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryKind;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.core.record.Validators;
import java.util.List;
import java.util.Optional;

/** Specification of a query. */
public sealed interface QuerySpec {

    /** Returns the kind of the query. */
    QueryKind kind();

    /** Returns whether the query begins with a lookup; otherwise its peers are given. */
    default boolean hasLookup() {
        return true;
    }

    /** Returns the key or binary peer ID of the query, before hashing. */
    Bytes key();

    /**
     * Returns the reason why an argument is invalid, in one line; empty if all are valid. With a reason, the query fails before it starts. A query
     * of a user fails before it is posted, so that it takes no room in the mailbox; one of the engine itself, such as background work, fails in
     * {@link QueryFactory}.
     */
    default Optional<String> reasonInvalid(KademliaConfig config) {
        return Optional.empty();
    }

    /** Returns the reason why no request for {@code key} can be sent, with 64 bytes for the rest of the message; empty if one can. */
    private static Optional<String> reasonTooLong(Bytes key, KademliaConfig config) {
        int max = config.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES) - 64;
        return key.size() <= max
                ? Optional.empty()
                : Optional.of(
                        "key of " + key.size() + " bytes exceeds the limit of " + max + ", as a message has at most "
                                + config.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES) + " ("
                                + KademliaConfig.MAX_SENT_MESSAGE_BYTES.name() + ")");
    }

    /** Creates the logic of a query of this kind. */
    QueryLogic logic(QueryState state, QueryContext context);

    /** Specification of a query for a record key. */
    sealed interface ForKey extends QuerySpec {

        /** Returns the key. */
        RecordKey recordKey();

        @Override
        default Bytes key() {
            return recordKey().bytes();
        }
    }

    /** Specification of a query that stores a record. */
    sealed interface ForRecord extends QuerySpec {

        /** Returns the record. */
        Record record();

        @Override
        default Bytes key() {
            return record().key().bytes();
        }
    }

    /** Find the {@code count} peers closest to {@code key}. */
    record GetClosestPeers(Bytes key, int count) implements QuerySpec {
        public GetClosestPeers {
            requireNonNull(key, "key");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.GET_CLOSEST_PEERS;
        }

        @Override
        public Optional<String> reasonInvalid(KademliaConfig config) {
            int k = config.get(KademliaConfig.K);
            return count >= 1 && count <= k
                    ? reasonTooLong(key, config)
                    : Optional.of("count must be between 1 and " + k + " (k), got " + count);
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new GetClosestPeersQuery(state, context, this);
        }
    }

    /** Find {@code peer}. */
    record FindPeer(PeerId peer) implements QuerySpec {
        public FindPeer {
            requireNonNull(peer, "peer");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.FIND_PEER;
        }

        @Override
        public Bytes key() {
            return peer.bytes();
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new FindPeerQuery(state, context, this);
        }
    }

    /** Find the best record under {@code recordKey}, ending at {@code quorum} valid ones. */
    record GetRecord(RecordKey recordKey, Quorum quorum) implements ForKey {
        public GetRecord {
            requireNonNull(recordKey, "recordKey");
            requireNonNull(quorum, "quorum");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.GET_RECORD;
        }

        @Override
        public Optional<String> reasonInvalid(KademliaConfig config) {
            return Validators.reasonInvalid(recordKey).or(() -> reasonTooLong(recordKey.bytes(), config));
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new GetRecordQuery(state, context, this);
        }
    }

    /** Store {@code record} locally and at the closest peers. */
    record PutRecord(Record record, Quorum quorum) implements ForRecord {
        public PutRecord {
            requireNonNull(record, "record");
            requireNonNull(quorum, "quorum");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.PUT_RECORD;
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new PublishQuery(state, context, RecordPublication.put(context, this));
        }
    }

    /** Store {@code record} at exactly {@code peers}. */
    record PutRecordTo(Record record, List<PeerInfo> peers, Quorum quorum) implements ForRecord {
        public PutRecordTo {
            requireNonNull(record, "record");
            peers = List.copyOf(peers);
            requireNonNull(quorum, "quorum");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.PUT_RECORD;
        }

        @Override
        public boolean hasLookup() {
            return false;
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new PutRecordToQuery(state, context, this);
        }
    }

    /** Announce the local peer, reachable at {@code addresses}, as a provider of {@code recordKey}. */
    record StartProviding(RecordKey recordKey, List<Multiaddr> addresses) implements ForKey {
        public StartProviding {
            requireNonNull(recordKey, "recordKey");
            addresses = List.copyOf(addresses);
        }

        @Override
        public QueryKind kind() {
            return QueryKind.START_PROVIDING;
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new PublishQuery(state, context, ProviderPublication.startProviding(context, this));
        }
    }

    /** Store {@code record}, which is in the local store, at the present closest peers. */
    record Republish(Record record) implements ForRecord {
        public Republish {
            requireNonNull(record, "record");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.PUT_RECORD;
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new PublishQuery(state, context, RecordPublication.republish(context, this));
        }
    }

    /** Announce the local peer again as a provider of {@code recordKey}, according to the local store. */
    record Reprovide(RecordKey recordKey) implements ForKey {
        public Reprovide {
            requireNonNull(recordKey, "recordKey");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.START_PROVIDING;
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new PublishQuery(state, context, ProviderPublication.reprovide(context, this));
        }
    }

    /** Find {@code count} providers of {@code recordKey}; 0 for all. */
    record GetProviders(RecordKey recordKey, int count) implements ForKey {
        public GetProviders {
            requireNonNull(recordKey, "recordKey");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.GET_PROVIDERS;
        }

        @Override
        public Optional<String> reasonInvalid(KademliaConfig config) {
            return count >= 0
                    ? ProviderPublication.reasonInvalid(recordKey)
                    : Optional.of("count must not be negative, got " + count);
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new GetProvidersQuery(state, context, this);
        }
    }

    /** Fill the routing table of {@code self}. */
    record Bootstrap(PeerId self) implements QuerySpec {
        public Bootstrap {
            requireNonNull(self, "self");
        }

        @Override
        public QueryKind kind() {
            return QueryKind.BOOTSTRAP;
        }

        @Override
        public Bytes key() {
            return self.bytes();
        }

        @Override
        public QueryLogic logic(QueryState state, QueryContext context) {
            return new BootstrapQuery(state, context);
        }
    }
}
