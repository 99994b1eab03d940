package example.store;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Example of a record store: one file per record, and all records in memory as well. A full store refuses new records.
 *
 * <p>Thread-safe; calls may block.
 */
public final class FileRecordStore implements RecordStore {

    /**
     * Limits of the store.
     *
     * @param remote the largest number of remote records
     * @param local the largest number of locally published records
     * @param valueBytes the largest size of a value
     */
    public record Limits(int remote, int local, int valueBytes) {}

    private final SpiContext context;
    private final Limits limits;
    private final RecordFiles files;
    private final TreeMap<Bytes, Record> all = new TreeMap<>();
    private final TreeMap<Bytes, Record> local = new TreeMap<>();
    private final TreeSet<Expiry> expiries = new TreeSet<>();
    private boolean closed;

    /** The time at which the record of a key expires. */
    private record Expiry(Instant time, Bytes key) implements Comparable<Expiry> {
        @Override
        public int compareTo(Expiry other) {
            int byTime = time.compareTo(other.time);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    /** Opens the records in the data directory, which must be present. */
    public FileRecordStore(SpiContext context, Limits limits) throws StoreException {
        this.context = context;
        this.limits = limits;
        try {
            files = new RecordFiles(context.requireDataDirectory().resolve("records"));
            files.load().forEach(record -> updateIndexes(Optional.empty(), Optional.of(record)));
        } catch (IOException e) {
            throw new StoreException.Failed("cannot read the records: " + e, e);
        }
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public synchronized Optional<Record> get(RecordKey key) throws StoreException {
        requireOpen();
        return live(all.get(key.bytes()));
    }

    @Override
    public synchronized Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
            throws StoreException {
        requireOpen();
        Optional<Record> stored = Optional.ofNullable(all.get(key.bytes()));
        Optional<Record> previous = stored.flatMap(this::live);
        Optional<Record> next = RecordChange.apply(key, change, previous).flatMap(this::live);
        if (next.equals(previous) && stored.equals(previous)) {
            return next;
        }
        if (next.isPresent()) {
            requireRoom(next.get(), previous.isPresent());
        }
        write(key.bytes(), stored, next);
        return next;
    }

    private void requireRoom(Record record, boolean replacing) throws StoreException {
        if (record.value().size() > limits.valueBytes()) {
            throw StoreException.TooLarge.exceeded("value", record.value().size(), limits.valueBytes(), "Limits.valueBytes");
        }
        boolean isLocal = isLocal(record);
        // expired records must not count towards a limit
        while (!replacing && isFull(isLocal) && removeFirstExpired()) {}
        if (!replacing && isFull(isLocal)) {
            throw isLocal
                    ? StoreException.Full.reached(limits.local(), "local records", "Limits.local")
                    : StoreException.Full.reached(limits.remote(), "remote records", "Limits.remote");
        }
    }

    private boolean isFull(boolean isLocal) {
        return isLocal ? local.size() >= limits.local() : all.size() - local.size() >= limits.remote();
    }

    /** Writes the file first, so that a failure changes nothing in memory. */
    private void write(Bytes key, Optional<Record> previous, Optional<Record> next) throws StoreException {
        try {
            if (next.isPresent()) {
                files.write(next.get());
            } else {
                files.delete(key);
            }
        } catch (IOException e) {
            throw new StoreException.Failed("cannot write the record: " + e, e);
        }
        updateIndexes(previous, next);
    }

    private void updateIndexes(Optional<Record> previous, Optional<Record> next) {
        previous.ifPresent(record -> {
            all.remove(record.key().bytes());
            local.remove(record.key().bytes());
            record.expires().ifPresent(time -> expiries.remove(new Expiry(time, record.key().bytes())));
        });
        next.ifPresent(record -> {
            all.put(record.key().bytes(), record);
            if (isLocal(record)) {
                local.put(record.key().bytes(), record);
            }
            record.expires().ifPresent(time -> expiries.add(new Expiry(time, record.key().bytes())));
        });
    }

    private boolean isLocal(Record record) {
        Optional<PeerId> publisher = record.publisher();
        return publisher.isPresent() && publisher.get().equals(context.self());
    }

    private Optional<Record> live(Record record) {
        return Optional.ofNullable(record).filter(stored -> !stored.isExpired(context.clock().instant()));
    }

    @Override
    public synchronized Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        return page(all, after, limit);
    }

    @Override
    public synchronized Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        return page(local, after, limit);
    }

    /** Returns one page. The cursor is the last key, so that writes between two pages do no harm. */
    private Page<Record> page(NavigableMap<Bytes, Record> records, Optional<Bytes> after, int limit)
            throws StoreException {
        requireOpen();
        Page.requirePositive(limit);
        NavigableMap<Bytes, Record> rest = after.isPresent() ? records.tailMap(after.get(), false) : records;
        List<Record> items = new ArrayList<>();
        Optional<Bytes> last = Optional.empty();
        Iterator<Record> iterator = rest.values().iterator();
        for (int visited = 0; visited < limit && iterator.hasNext(); visited++) {
            Record record = iterator.next();
            last = Optional.of(record.key().bytes());
            live(record).ifPresent(items::add);
        }
        return new Page<>(items, iterator.hasNext() ? last : Optional.empty());
    }

    @Override
    public synchronized int removeExpired(int limit) throws StoreException {
        requireOpen();
        Page.requirePositive(limit);
        int removed = 0;
        while (removed < limit && removeFirstExpired()) {
            removed++;
        }
        return removed;
    }

    private boolean removeFirstExpired() throws StoreException {
        if (expiries.isEmpty() || expiries.first().time().isAfter(context.clock().instant())) {
            return false;
        }
        Bytes key = expiries.first().key();
        write(key, Optional.of(all.get(key)), Optional.empty());
        return true;
    }

    @Override
    public synchronized long size() throws StoreException {
        requireOpen();
        return all.size();
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
