package io.kad.api.message;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.util.List;

/** Request of the Kademlia protocol. Immutable. */
public sealed interface KadRequest {

    /** Calls the method of {@code visitor} for the type of this request. */
    <R> R accept(Visitor<R> visitor);

    /**
     * Visitor with one method per type of request.
     *
     * @param <R> result of each method
     */
    interface Visitor<R> {
        R findNode(FindNode request);

        R getValue(GetValue request);

        R putValue(PutValue request);

        R addProvider(AddProvider request);

        R getProviders(GetProviders request);

        R ping(Ping request);
    }

    /**
     * FIND_NODE: requests the peers closest to a target.
     *
     * @param target binary peer ID or any key, not hashed
     */
    record FindNode(Bytes target) implements KadRequest {
        public FindNode {
            requireNonNull(target, "target");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.findNode(this);
        }
    }

    /** GET_VALUE: requests the record under a key, and the peers closest to it. */
    record GetValue(RecordKey key) implements KadRequest {
        public GetValue {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.getValue(this);
        }
    }

    /** PUT_VALUE: requests to store a record. */
    record PutValue(Record record) implements KadRequest {
        public PutValue {
            requireNonNull(record, "record");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.putValue(this);
        }
    }

    /**
     * ADD_PROVIDER: announces providers of a key; has no response.
     *
     * @param key key of the content
     * @param providers announced peers; a receiver uses only the entry of the sender
     */
    record AddProvider(RecordKey key, List<PeerInfo> providers) implements KadRequest {
        public AddProvider {
            requireNonNull(key, "key");
            providers = List.copyOf(providers);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.addProvider(this);
        }
    }

    /** GET_PROVIDERS: requests the providers of a key, and the peers closest to it. */
    record GetProviders(RecordKey key) implements KadRequest {
        public GetProviders {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.getProviders(this);
        }
    }

    /** PING: the deprecated liveness check of the protocol; a peer responds to it and never sends it. */
    record Ping() implements KadRequest {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ping(this);
        }
    }
}
