package io.kad.api.message;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.util.List;

/** A request of the Kademlia protocol. */
public sealed interface KadRequest {

    /** Calls the method of {@code visitor} for this kind of request. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of request. */
    interface Visitor<R> {
        R findNode(FindNode request);

        R getValue(GetValue request);

        R putValue(PutValue request);

        R addProvider(AddProvider request);

        R getProviders(GetProviders request);

        R ping(Ping request);
    }

    /**
     * Asks for the peers closest to a target.
     *
     * @param target the binary peer id, or any key, before hashing
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

    /** Asks for the record under a key, and the peers closest to it. */
    record GetValue(RecordKey key) implements KadRequest {
        public GetValue {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.getValue(this);
        }
    }

    /** Asks to store a record. */
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
     * Announces providers of a key; has no answer.
     *
     * @param providers the announced peers; a receiver uses only an entry that names the sender itself
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

    /** Asks for the providers of a key, and the peers closest to it. */
    record GetProviders(RecordKey key) implements KadRequest {
        public GetProviders {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.getProviders(this);
        }
    }

    /** The deprecated liveness check of the protocol; answered, never sent. */
    record Ping() implements KadRequest {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ping(this);
        }
    }
}
