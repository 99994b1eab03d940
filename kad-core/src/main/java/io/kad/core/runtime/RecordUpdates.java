package io.kad.core.runtime;

import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.core.record.RecordRules;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * Updates of a record store that compare records. A store makes a change under its locks, and a validator may be slow: it is called before the
 * update, which has an effect only if the stored record is still the one that was compared. Pure functions of the store; thread-safe.
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
final class RecordUpdates {

    /** Limit of the comparisons of one update; each one more means that another writer has succeeded. Source: kad's choice. */
    static final int MAX_ATTEMPTS = 16;

    private RecordUpdates() {}

    /** Replaces the record under {@code key} by the result of {@code change}, and returns the record stored afterwards. */
    static Optional<Record> update(
            RecordStore store, RecordKey key, RecordRules recordRules, UnaryOperator<Optional<Record>> change)
            throws StoreException {
        if (!recordRules.hasValidator(key)) {
            return store.update(key, change);
        }
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<Record> compared = store.get(key);
            Optional<Record> changed = change.apply(compared);
            AtomicBoolean isSame = new AtomicBoolean();
            Optional<Record> stored = store.update(key, present -> {
                isSame.set(present.equals(compared));
                return isSame.get() ? changed : present;
            });
            if (isSame.get()) {
                return stored;
            }
        }
        String message = "record changed " + MAX_ATTEMPTS + " times while it was compared; retry later";
        throw new StoreException.Failed(message, new IllegalStateException(message));
    }
}
