package example.store;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
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

/** A record store of one's own: a file for each record, and all of them in memory as well. When full it refuses newcomers. */
public final class FileRecordStore implements RecordStore {

    /** How many records are held at most, of others and own ones, and how large a value may be. */
    public record Limits(int foreign, int own, int valueBytes) {}

    private final SpiContext context;
    private final Limits limits;
    private final RecordFiles files;
    private final TreeMap<Bytes, Record> all = new TreeMap<>();
    private final TreeMap<Bytes, Record> own = new TreeMap<>();
    private final TreeSet<Due> dues = new TreeSet<>();
    private boolean closed;

    /** When the record of a key expires. */
    private record Due(Instant at, Bytes key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    /** Opens what is in the data directory, which must be given. */
    public FileRecordStore(SpiContext context, Limits limits) throws StoreException {
        this.context = context;
        this.limits = limits;
        try {
            files = new RecordFiles(context.dataDirectory().orElseThrow().resolve("records"));
            files.load().forEach(record -> note(Optional.empty(), Optional.of(record)));
        } catch (IOException failed) {
            throw new StoreException.Failed("the records can't be read: " + failed, failed);
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
        Optional<Record> held = Optional.ofNullable(all.get(key.bytes()));
        Optional<Record> before = held.flatMap(this::live);
        Optional<Record> after = change.apply(before);
        if (after.isPresent() && !after.get().key().equals(key)) {
            throw new IllegalArgumentException("an update of " + key + " returned a record of " + after.get().key());
        }
        after = after.flatMap(this::live);
        if (after.equals(before) && held.equals(before)) {
            return after;
        }
        if (after.isPresent()) {
            requireRoom(after.get(), before.isPresent());
        }
        write(key.bytes(), held, after);
        return after;
    }

    private void requireRoom(Record record, boolean replacing) throws StoreException {
        if (record.value().size() > limits.valueBytes()) {
            throw new StoreException.TooLarge("a value of " + record.value().size() + " bytes");
        }
        boolean newcomerIsOwn = isOwn(record);
        // What is expired takes no place
        while (!replacing && isFull(newcomerIsOwn) && removeFirstExpired()) {}
        if (!replacing && isFull(newcomerIsOwn)) {
            throw new StoreException.Full("no room for another record");
        }
    }

    private boolean isFull(boolean whetherOwn) {
        return whetherOwn ? own.size() >= limits.own() : all.size() - own.size() >= limits.foreign();
    }

    /** Files first: if that fails, everything is as it was. */
    private void write(Bytes key, Optional<Record> before, Optional<Record> after) throws StoreException {
        try {
            if (after.isPresent()) {
                files.write(after.get());
            } else {
                files.delete(key);
            }
        } catch (IOException failed) {
            throw new StoreException.Failed("the record can't be written: " + failed, failed);
        }
        note(before, after);
    }

    private void note(Optional<Record> before, Optional<Record> after) {
        before.ifPresent(record -> {
            all.remove(record.key().bytes());
            own.remove(record.key().bytes());
            record.expires().ifPresent(at -> dues.remove(new Due(at, record.key().bytes())));
        });
        after.ifPresent(record -> {
            all.put(record.key().bytes(), record);
            if (isOwn(record)) {
                own.put(record.key().bytes(), record);
            }
            record.expires().ifPresent(at -> dues.add(new Due(at, record.key().bytes())));
        });
    }

    private boolean isOwn(Record record) {
        Optional<PeerId> publisher = record.publisher();
        return publisher.isPresent() && publisher.get().equals(context.self());
    }

    private Optional<Record> live(Record record) {
        return Optional.ofNullable(record).filter(each -> !each.isExpired(context.clock().instant()));
    }

    @Override
    public synchronized Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        return page(all, after, limit);
    }

    @Override
    public synchronized Page<Record> ownPage(Optional<Bytes> after, int limit) throws StoreException {
        return page(own, after, limit);
    }

    /** The cursor is the last key, so that writes between two pages harm nothing. */
    private Page<Record> page(NavigableMap<Bytes, Record> records, Optional<Bytes> after, int limit)
            throws StoreException {
        requireOpen();
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + limit);
        }
        NavigableMap<Bytes, Record> rest = after.isPresent() ? records.tailMap(after.get(), false) : records;
        List<Record> items = new ArrayList<>();
        Optional<Bytes> last = Optional.empty();
        Iterator<Record> next = rest.values().iterator();
        for (int looked = 0; looked < limit && next.hasNext(); looked++) {
            Record record = next.next();
            last = Optional.of(record.key().bytes());
            live(record).ifPresent(items::add);
        }
        return new Page<>(items, next.hasNext() ? last : Optional.empty());
    }

    @Override
    public synchronized int removeExpired(int limit) throws StoreException {
        requireOpen();
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + limit);
        }
        int removed = 0;
        while (removed < limit && removeFirstExpired()) {
            removed++;
        }
        return removed;
    }

    private boolean removeFirstExpired() throws StoreException {
        if (dues.isEmpty() || dues.first().at().isAfter(context.clock().instant())) {
            return false;
        }
        Bytes key = dues.first().key();
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
            throw new StoreException.Closed("the store is closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
