package io.kad.store.memory;

import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record in the store.
 *
 * @param record the record
 * @param load what it takes of the limits
 */
record HeldRecord(Record record, Load load) implements Held<HeldRecord> {

    /**
     * The heap of a record apart from its key and value: its objects, the entry, and the places in the two orders. Measured:
     * 663 on a 64-bit JVM with compressed pointers, every field in use.
     */
    static final int OVERHEAD_BYTES = 704;

    static HeldRecord of(Record record, PeerId self) {
        long bytes = (long) OVERHEAD_BYTES
                + record.key().bytes().size()
                + record.value().size();
        Load.Amount amount = new Load.Amount(1, 1, bytes);
        boolean own = record.publisher().filter(self::equals).isPresent();
        return new HeldRecord(record, own ? new Load(amount, Load.Amount.NONE) : new Load(Load.Amount.NONE, amount));
    }

    @Override
    public Instant firstExpiry() {
        return record.expires().orElse(Instant.MAX);
    }

    @Override
    public Instant lastExpiry() {
        return firstExpiry();
    }

    @Override
    public @Nullable HeldRecord withoutExpired(Instant now, int limit) {
        return record.isExpired(now) ? null : this;
    }
}
