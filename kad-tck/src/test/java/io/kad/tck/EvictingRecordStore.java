package io.kad.tck;

import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.StoreException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** A right and simple record store in which the farthest foreign record gives way to a nearer one. */
class EvictingRecordStore extends PlainRecordStore {

    private long evictions;

    EvictingRecordStore(SpiContext context, RecordStoreFixture.Limits limits) {
        super(context, limits);
    }

    @Override
    boolean hasPlace(Record record) throws StoreException {
        if (super.hasPlace(record)) {
            return true;
        }
        Optional<Record> victim =
                isOwn(record) ? Optional.empty() : named(record).orElseGet(() -> victim(record));
        victim.ifPresent(gone -> {
            held.remove(gone.key().bytes());
            evictions++;
            tell(gone, record);
        });
        return victim.isPresent();
    }

    /** Returns the record that the listener names, and none within it if that is the new one; empty if it names none. */
    Optional<Optional<Record>> named(Record newcomer) {
        Iterator<RecordKey> names = context.listener().recordsOverShare(newcomer.key());
        while (names.hasNext()) {
            RecordKey name = names.next();
            if (name.equals(newcomer.key())) {
                return Optional.of(Optional.empty());
            }
            Optional<Record> named = Optional.ofNullable(held.get(name.bytes())).filter(record -> !isOwn(record));
            read(names, named.isPresent());
            if (named.isPresent()) {
                return Optional.of(named);
            }
        }
        return Optional.empty();
    }

    /** Called when a name was read. */
    void read(Iterator<?> names, boolean isHeld) {
        if (!isHeld) {
            names.remove();
        }
    }

    Optional<Record> victim(Record newcomer) {
        if (isOwn(newcomer)) {
            return Optional.empty();
        }
        return held.values().stream()
                .filter(record -> !isOwn(record))
                .max(Comparator.comparing(this::distance))
                .filter(farthest -> distance(farthest).compareTo(distance(newcomer)) > 0);
    }

    void tell(Record gone, Record nearer) {
        context.listener().recordEvicted(gone, nearer);
    }

    Distance distance(Record record) {
        return KadKey.hash(context.self().bytes())
                .distance(KadKey.hash(record.key().bytes()));
    }

    @Override
    public synchronized Map<String, Long> statistics() throws StoreException {
        return Map.of("records", size(), "evictions", evictions);
    }
}
