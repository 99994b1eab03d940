package io.kad.api.spi.store;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One change of {@link RecordStore#updateAll}.
 *
 * @param key the key whose record is changed
 * @param change maps the stored record to the new one, as for {@link RecordStore#update}
 */
public record RecordChange(RecordKey key, UnaryOperator<Optional<Record>> change) {

    public RecordChange {
        requireNonNull(key, "key");
        requireNonNull(change, "change");
    }

    /** Returns the change that stores {@code record} unconditionally. */
    public static RecordChange put(Record record) {
        return new RecordChange(record.key(), stored -> Optional.of(record));
    }

    /**
     * Applies {@code change} on behalf of a store, and checks its result.
     *
     * @param key the key whose record is changed
     * @param stored the stored record; empty if there is none, or if it is expired
     * @throws IllegalArgumentException if {@code change} returns a record of another key
     */
    public static Optional<Record> apply(
            RecordKey key, UnaryOperator<Optional<Record>> change, Optional<Record> stored) {
        Optional<Record> result = requireNonNull(change.apply(stored), "a change must return an Optional");
        if (result.isPresent() && !result.get().key().equals(key)) {
            throw new IllegalArgumentException("a change of key " + key + " must return a record of that key, got "
                    + result.get().key());
        }
        return result;
    }
}
