package io.kad.core.server;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;

/** Plan for an inbound request: the store access that it needs, and the response if that is known already. Immutable and thread-safe. */
public sealed interface RequestPlan {

    /** Calls the method of {@code visitor} for this kind of plan. */
    <R> R accept(Visitor<R> visitor);

    /** Visitor with one method for each kind of plan. */
    interface Visitor<R> {
        R respond(Respond plan);

        R readRecord(ReadRecord plan);

        R readProviders(ReadProviders plan);

        R storeRecord(StoreRecord plan);

        R storeProvider(StoreProvider plan);

        R ignore(Ignore plan);

        R refuse(Refuse plan);
    }

    /** Send {@code response}; no store access is needed. */
    record Respond(KadResponse response) implements RequestPlan {
        public Respond {
            requireNonNull(response, "response");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.respond(this);
        }
    }

    /** Read the record under {@code key} and respond with it. */
    record ReadRecord(RecordKey key) implements RequestPlan {
        public ReadRecord {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.readRecord(this);
        }
    }

    /** Read the provider records of {@code key} and respond with them. */
    record ReadProviders(RecordKey key) implements RequestPlan {
        public ReadProviders {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.readProviders(this);
        }
    }

    /**
     * Store {@code record} unless the stored one is better, and respond with {@code echo}.
     *
     * @param record the record to store, with the expiry and the time of receipt of this peer
     * @param echo the response if {@code record} is stored
     */
    record StoreRecord(Record record, KadResponse echo) implements RequestPlan {
        public StoreRecord {
            requireNonNull(record, "record");
            requireNonNull(echo, "echo");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.storeRecord(this);
        }
    }

    /** Store {@code record} and send no response. */
    record StoreProvider(ProviderRecord record) implements RequestPlan {
        public StoreProvider {
            requireNonNull(record, "record");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.storeProvider(this);
        }
    }

    /** Store nothing and send no response. */
    record Ignore(String reason) implements RequestPlan {
        public Ignore {
            requireNonNull(reason, "reason");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ignore(this);
        }
    }

    /** Reset the stream of the request. */
    record Refuse(String reason) implements RequestPlan {
        public Refuse {
            requireNonNull(reason, "reason");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.refuse(this);
        }
    }
}
