package io.kad.store.rocksdb;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.Page;
import io.kad.api.spi.RecordChange;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreException;
import io.kad.store.rocksdb.RocksSettings.Option;
import io.kad.store.rocksdb.RocksSettings.Sync;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Records on disk. Pages come in the order of the bytes of the keys. When full, a nearer record displaces the farthest. Thread-safe. */
final class RocksRecordStore implements RecordStore {

    /** How many expired records make room at most before a record is refused. */
    private static final int SWEPT_FOR_ROOM = 64;

    private final SpiContext context;
    private final PeerId self;
    private final RocksSettings settings;
    private final Databases.Lease lease;
    private final Database database;
    private final AtomicLong displaced = new AtomicLong();
    private volatile boolean closed;

    RocksRecordStore(SpiContext context, RocksSettings settings, Databases.Lease lease) {
        this.context = context;
        this.self = context.self();
        this.settings = settings;
        this.lease = lease;
        this.database = lease.database();
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    private Instant now() {
        return context.clock().instant();
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed("the store is closed");
        }
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        requireOpen();
        return database.read(db -> {
            byte[] bytes = key.bytes().toArray();
            byte @Nullable [] held = db.get(Family.RECORDS, bytes);
            return held == null ? Optional.empty() : live(bytes, RecordEntry.read(held), db.interning()::peer);
        });
    }

    /** Finds the peer of a number. */
    @FunctionalInterface
    private interface PeerNames {

        Optional<PeerId> peer(int number) throws RocksDBException;
    }

    private Optional<Record> live(byte[] key, RecordEntry entry, PeerNames names) throws RocksDBException {
        if (entry.isExpired(now())) {
            return Optional.empty();
        }
        if (entry.publisher() == 0) {
            return Optional.of(entry.record(key, Optional.empty()));
        }
        return names.peer(entry.publisher()).map(publisher -> entry.record(key, Optional.of(publisher)));
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        requireOpen();
        return database.write(transaction -> change(transaction, key, change));
    }

    /** Writes them together; if one is refused, those before it are written, and then it is said. */
    @Override
    public void updateAll(List<RecordChange> changes) throws StoreException {
        requireOpen();
        Optional<StoreException> refusal = database.write(transaction -> {
            for (RecordChange each : changes) {
                try {
                    change(transaction, each.key(), each.change());
                } catch (StoreException.Full | StoreException.TooLarge refused) {
                    return Optional.of(refused);
                }
            }
            return Optional.<StoreException>empty();
        });
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    private Optional<Record> change(Transaction transaction, RecordKey key, UnaryOperator<Optional<Record>> change)
            throws RocksDBException, StoreException {
        byte[] bytes = key.bytes().toArray();
        byte @Nullable [] read = transaction.isRemoved(bytes) ? null : transaction.get(Family.RECORDS, bytes);
        Optional<RecordEntry> held = Optional.ofNullable(read).map(RecordEntry::read);
        Optional<Record> before = held.isPresent()
                ? live(bytes, held.get(), number -> Optional.of(transaction.peer(number)))
                : Optional.empty();
        Optional<Record> after = requireNonNull(change.apply(before), "a change returns an Optional");
        if (after.isPresent() && !after.get().key().equals(key)) {
            throw new IllegalArgumentException("an update of " + key + " returned a record of "
                    + after.get().key());
        }
        Optional<Record> kept = after.filter(record -> !record.isExpired(now()));
        if (kept.equals(before) && (before.isPresent() || held.isEmpty())) {
            return kept;
        }
        if (kept.isPresent()) {
            requireFits(kept.get());
            if (before.isEmpty()) {
                makeRoom(transaction, kept.get(), held);
            }
        }
        if (held.isPresent()) {
            remove(transaction, bytes, held.get());
        }
        if (kept.isPresent()) {
            put(transaction, bytes, kept.get());
        }
        return kept;
    }

    private boolean isOwn(Record record) {
        return record.publisher().filter(self::equals).isPresent();
    }

    private void requireFits(Record record) throws StoreException.TooLarge {
        require(record.key().bytes().size(), Option.MAX_KEY_BYTES, "key");
        require(record.value().size(), Option.MAX_VALUE_BYTES, "value");
    }

    private void require(int size, Option limit, String what) throws StoreException.TooLarge {
        if (size > settings.get(limit)) {
            throw new StoreException.TooLarge(
                    "a " + what + " of " + size + " bytes; at most " + settings.get(limit) + " are taken");
        }
    }

    private void put(Transaction transaction, byte[] key, Record record) throws RocksDBException {
        boolean own = isOwn(record);
        int publisher = 0;
        if (record.publisher().isPresent()) {
            publisher = transaction.count(record.publisher().get(), 1, 0);
        }
        transaction.put(
                Family.RECORDS, key, RecordEntry.of(record, own, publisher).bytes());
        if (own) {
            transaction.put(Family.OWN_RECORDS, key, Layout.nothing());
        } else {
            transaction.put(Family.RECORD_DISTANCES, distance(record.key(), key), Layout.nothing());
        }
        if (record.expires().isPresent()) {
            transaction.put(
                    Family.RECORD_EXPIRIES, Layout.expiry(record.expires().get(), key), Layout.nothing());
        }
        transaction.counters().countRecord(own, 1);
        if (settings.sync() == Sync.ALL || (own && settings.sync() == Sync.OWN)) {
            transaction.sync();
        }
    }

    private byte[] distance(RecordKey key, byte[] bytes) {
        return Layout.distance(self.kadKey(), key.kadKey(), bytes);
    }

    private void remove(Transaction transaction, byte[] key, RecordEntry entry) throws RocksDBException {
        transaction.delete(Family.RECORDS, key);
        if (entry.own()) {
            transaction.delete(Family.OWN_RECORDS, key);
        } else {
            transaction.delete(Family.RECORD_DISTANCES, distance(RecordKey.of(Bytes.of(key)), key));
        }
        if (entry.expires().isPresent()) {
            transaction.delete(
                    Family.RECORD_EXPIRIES, Layout.expiry(entry.expires().get(), key));
        }
        if (entry.publisher() != 0) {
            transaction.count(transaction.peer(entry.publisher()), -1, 0);
        }
        transaction.counters().countRecord(entry.own(), -1);
        if (settings.sync() == Sync.ALL || (entry.own() && settings.sync() == Sync.OWN)) {
            transaction.sync();
        }
    }

    /** Makes room for a record whose key is not held, or only expired. */
    private void makeRoom(Transaction transaction, Record record, Optional<RecordEntry> expired)
            throws RocksDBException, StoreException {
        boolean own = isOwn(record);
        long limit = settings.get(own ? Option.MAX_OWN_RECORDS : Option.MAX_RECORDS);
        int freed = expired.filter(entry -> entry.own() == own).isPresent() ? 1 : 0;
        if (held(transaction, own) - freed < limit) {
            return;
        }
        sweep(transaction, SWEPT_FOR_ROOM, record.key().bytes());
        if (held(transaction, own) - freed < limit) {
            return;
        }
        if (own || limit == 0 || !displace(transaction, record)) {
            throw new StoreException.Full("no room for more than " + limit + (own ? " own records" : " records"));
        }
    }

    private static long held(Transaction transaction, boolean own) {
        return own ? transaction.counters().ownRecords : transaction.counters().foreignRecords;
    }

    /** Removes the record of another peer that is farthest from here, if {@code nearer} is nearer. */
    private boolean displace(Transaction transaction, Record nearer) throws RocksDBException {
        byte[] place = distance(nearer.key(), nearer.key().bytes().toArray());
        try (Cursor farthest = Cursor.backwards(database, Family.RECORD_DISTANCES)) {
            while (farthest.isValid()) {
                byte[] key = Layout.keyBehindDistance(farthest.key());
                if (!transaction.isRemoved(key)) {
                    byte @Nullable [] read = transaction.get(Family.RECORDS, key);
                    if (read == null || java.util.Arrays.compareUnsigned(place, farthest.key()) >= 0) {
                        return false;
                    }
                    displace(transaction, key, RecordEntry.read(read), nearer);
                    return true;
                }
                farthest.previous();
            }
            farthest.check();
            return false;
        }
    }

    private void displace(Transaction transaction, byte[] key, RecordEntry entry, Record nearer)
            throws RocksDBException {
        Optional<PeerId> publisher =
                entry.publisher() == 0 ? Optional.empty() : Optional.of(transaction.peer(entry.publisher()));
        Record farther = entry.record(key, publisher);
        remove(transaction, key, entry);
        transaction.remove(key);
        transaction.afterwards(() -> {
            displaced.incrementAndGet();
            context.listener().displaced(farther, nearer);
        });
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        requireOpen();
        requirePositive(limit);
        return database.read(db -> {
            List<Record> items = new ArrayList<>();
            try (Cursor cursor = Cursor.behind(db, Family.RECORDS, after.map(Bytes::toArray))) {
                Optional<Bytes> last = Optional.empty();
                for (int looked = 0; looked < limit && cursor.isValid(); looked++) {
                    byte[] key = cursor.key();
                    live(key, RecordEntry.read(cursor.value()), db.interning()::peer)
                            .ifPresent(items::add);
                    last = Optional.of(Bytes.of(key));
                    cursor.next();
                }
                cursor.check();
                return new Page<>(items, cursor.isValid() ? last : Optional.empty());
            }
        });
    }

    @Override
    public Page<Record> ownPage(Optional<Bytes> after, int limit) throws StoreException {
        requireOpen();
        requirePositive(limit);
        return database.read(db -> {
            List<Record> items = new ArrayList<>();
            try (Cursor cursor = Cursor.behind(db, Family.OWN_RECORDS, after.map(Bytes::toArray))) {
                Optional<Bytes> last = Optional.empty();
                for (int looked = 0; looked < limit && cursor.isValid(); looked++) {
                    byte[] key = cursor.key();
                    byte @Nullable [] held = db.get(Family.RECORDS, key);
                    if (held != null) {
                        live(key, RecordEntry.read(held), db.interning()::peer)
                                .filter(this::isOwn)
                                .ifPresent(items::add);
                    }
                    last = Optional.of(Bytes.of(key));
                    cursor.next();
                }
                cursor.check();
                return new Page<>(items, cursor.isValid() ? last : Optional.empty());
            }
        });
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        requireOpen();
        requirePositive(limit);
        return database.write(transaction -> sweep(transaction, limit, Bytes.EMPTY));
    }

    /** Removes expired records, but not that of {@code spared}, which the caller handles. */
    private int sweep(Transaction transaction, int limit, Bytes spared) throws RocksDBException {
        Instant now = now();
        int removed = 0;
        try (Cursor due = Cursor.from(database, Family.RECORD_EXPIRIES, Layout.nothing())) {
            while (removed < limit && due.isValid() && !Layout.timeOf(due.key()).isAfter(now)) {
                byte[] key = Layout.whatOf(due.key());
                byte @Nullable [] held = transaction.get(Family.RECORDS, key);
                if (held != null
                        && !transaction.isRemoved(key)
                        && !Bytes.of(key).equals(spared)) {
                    remove(transaction, key, RecordEntry.read(held));
                    transaction.remove(key);
                    removed++;
                }
                due.next();
            }
            due.check();
        }
        return removed;
    }

    private static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + limit);
        }
    }

    @Override
    public long size() throws StoreException {
        requireOpen();
        return database.read(db -> db.counters().ownRecords + db.counters().foreignRecords);
    }

    @Override
    public Map<String, Long> statistics() throws StoreException {
        requireOpen();
        Map<String, Long> figures = new LinkedHashMap<>(database.statistics());
        figures.put("records", size());
        figures.put("own-records", database.read(db -> db.counters().ownRecords));
        figures.put("displaced", displaced.get());
        return figures;
    }

    @Override
    public void close() {
        closed = true;
        lease.end();
    }
}
