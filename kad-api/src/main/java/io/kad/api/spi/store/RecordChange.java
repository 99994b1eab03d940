package io.kad.api.spi.store;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A change of what a record store holds under one key.
 *
 * @param key what is changed
 * @param change as for {@link RecordStore#update}
 */
public record RecordChange(RecordKey key, UnaryOperator<Optional<Record>> change) {

    public RecordChange {
        requireNonNull(key, "key");
        requireNonNull(change, "change");
    }

    /** Returns the change that stores {@code record}, whatever was there. */
    public static RecordChange put(Record record) {
        return new RecordChange(record.key(), held -> Optional.of(record));
    }
}
