package io.kad.core.server;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;

/** What a request needs of the stores before it can be answered: the first of the two steps of serving it. */
public sealed interface RequestPlan {

    /** Calls the method of {@code visitor} for this kind of plan. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of plan. */
    interface Visitor<R> {
        R respond(Respond plan);

        R readRecord(ReadRecord plan);

        R readProviders(ReadProviders plan);

        R storeRecord(StoreRecord plan);

        R storeProvider(StoreProvider plan);

        R ignore(Ignore plan);

        R refuse(Refuse plan);
    }

    /** Nothing is needed: this is the answer. */
    record Respond(KadResponse response) implements RequestPlan {
        public Respond {
            requireNonNull(response, "response");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.respond(this);
        }
    }

    /** Read the record under {@code key}. */
    record ReadRecord(RecordKey key) implements RequestPlan {
        public ReadRecord {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.readRecord(this);
        }
    }

    /** Read the providers of {@code key}. */
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
     * Keep {@code record} unless the one held is better, and answer with {@code echo}.
     *
     * @param record what is kept, with the expiry and time of receipt of this peer
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

    /** Keep {@code record}; there is no answer. */
    record StoreProvider(ProviderRecord record) implements RequestPlan {
        public StoreProvider {
            requireNonNull(record, "record");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.storeProvider(this);
        }
    }

    /** Do nothing, and answer nothing. */
    record Ignore(String reason) implements RequestPlan {
        public Ignore {
            requireNonNull(reason, "reason");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ignore(this);
        }
    }

    /** Refuse the request. */
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
