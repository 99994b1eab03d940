package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.Page;
import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreException;
import io.kad.store.rocksdb.RocksSettings.Option;
import io.kad.store.rocksdb.RocksSettings.Sync;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Provider records on disk. Pages come in the order of the bytes of the keys. When full, newcomers are refused. Thread-safe. */
final class RocksProviderStore implements ProviderStore {

    /** How many expired records make room at most before a record is refused. */
    private static final int SWEPT_FOR_ROOM = 64;

    private final SpiContext context;
    private final PeerId self;
    private final RocksSettings settings;
    private final Databases.Lease lease;
    private final Database database;
    private volatile boolean closed;

    RocksProviderStore(SpiContext context, RocksSettings settings, Databases.Lease lease) {
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
    public void add(ProviderRecord record) throws StoreException {
        addAll(List.of(record));
    }

    /** Writes them together; if one is refused, those before it are written, and then it is said. */
    @Override
    public void addAll(List<ProviderRecord> records) throws StoreException {
        requireOpen();
        Optional<StoreException> refusal = database.write(transaction -> {
            Adding adding = new Adding(transaction);
            for (ProviderRecord record : records) {
                try {
                    adding.add(record);
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

    /** Where a provider record is, and what is written there. */
    private static final class Held {

        private final byte[] place;
        private final ProviderEntry entry;

        Held(byte[] place, ProviderEntry entry) {
            this.place = place;
            this.entry = entry;
        }

        byte[] place() {
            return place;
        }

        ProviderEntry entry() {
            return entry;
        }
    }

    /** Adds records in one change; what it wrote itself is not in the database yet. */
    private final class Adding {

        private final Transaction transaction;
        private final Map<Bytes, Held> added = new HashMap<>();
        private final Map<Bytes, Integer> perKey = new HashMap<>();

        Adding(Transaction transaction) {
            this.transaction = transaction;
        }

        void add(ProviderRecord record) throws RocksDBException, StoreException {
            requireFits(record);
            byte[] key = record.key().bytes().toArray();
            Optional<InternedPeer> peer = transaction.find(record.provider());
            Optional<Held> held = peer.isPresent() ? held(peer.get().number(), key) : Optional.empty();
            boolean own = record.provider().equals(self);
            if (record.isExpired(now())) {
                if (held.isPresent()) {
                    remove(transaction, key, held.get());
                    added.remove(Bytes.of(Layout.providerKey(held.get().entry().provider(), key)));
                }
                return;
            }
            Optional<Held> live = held.filter(each -> !each.entry().isExpired(now()));
            if (live.isPresent()) {
                replace(record, key, live.get(), own);
                return;
            }
            if (held.isPresent()) {
                remove(transaction, key, held.get());
                perKey.merge(Bytes.of(key), own ? 0 : -1, Integer::sum);
            }
            makeRoom(record, key, own);
            put(record, key, ++transaction.counters().lastSequence, own);
            perKey.computeIfPresent(Bytes.of(key), (each, count) -> own ? count : count + 1);
        }

        private Optional<Held> held(int peer, byte[] key) throws RocksDBException {
            byte[] providerKey = Layout.providerKey(peer, key);
            Held pending = added.get(Bytes.of(providerKey));
            if (pending != null) {
                return Optional.of(pending);
            }
            byte @Nullable [] sequence = transaction.get(Family.PROVIDER_KEYS, providerKey);
            if (sequence == null || transaction.isRemoved(providerKey)) {
                return Optional.empty();
            }
            byte[] place = Layout.provider(key, ByteBuffer.wrap(sequence).getLong());
            byte @Nullable [] entry = transaction.get(Family.PROVIDERS, place);
            return entry == null ? Optional.empty() : Optional.of(new Held(place, ProviderEntry.read(entry)));
        }

        /** Puts a record where the one of the same key and provider was. */
        private void replace(ProviderRecord record, byte[] key, Held held, boolean own) throws RocksDBException {
            ProviderEntry entry = ProviderEntry.of(record, own, held.entry().provider());
            if (entry.equals(held.entry())) {
                return;
            }
            transaction.put(Family.PROVIDERS, held.place(), entry.bytes());
            if (!record.expires().equals(held.entry().expires())) {
                if (held.entry().expires().isPresent()) {
                    transaction.delete(
                            Family.PROVIDER_EXPIRIES,
                            Layout.expiry(held.entry().expires().get(), held.place()));
                }
                putExpiry(record, held.place());
            }
            added.put(Bytes.of(Layout.providerKey(entry.provider(), key)), new Held(held.place(), entry));
            sync(own);
        }

        private void put(ProviderRecord record, byte[] key, long sequence, boolean own) throws RocksDBException {
            int peer = transaction.count(record.provider(), 0, 1);
            ProviderEntry entry = ProviderEntry.of(record, own, peer);
            byte[] place = Layout.provider(key, sequence);
            byte[] providerKey = Layout.providerKey(peer, key);
            transaction.put(Family.PROVIDERS, place, entry.bytes());
            transaction.put(
                    Family.PROVIDER_KEYS,
                    providerKey,
                    ByteBuffer.allocate(Layout.SEQUENCE_BYTES).putLong(sequence).array());
            if (own) {
                transaction.put(Family.OWN_PROVIDERS, key, Layout.nothing());
            }
            putExpiry(record, place);
            transaction.counters().countProvider(own, 1);
            added.put(Bytes.of(providerKey), new Held(place, entry));
            sync(own);
        }

        private void putExpiry(ProviderRecord record, byte[] place) throws RocksDBException {
            if (record.expires().isPresent()) {
                transaction.put(
                        Family.PROVIDER_EXPIRIES, Layout.expiry(record.expires().get(), place), Layout.nothing());
            }
        }

        private void sync(boolean own) {
            if (settings.sync() == Sync.ALL || (own && settings.sync() == Sync.OWN)) {
                transaction.sync();
            }
        }

        /** Refuses a newcomer that a limit forbids; expired records take no place. */
        private void makeRoom(ProviderRecord record, byte[] key, boolean own) throws RocksDBException, StoreException {
            long limit = settings.get(own ? Option.MAX_OWN_PROVIDERS : Option.MAX_PROVIDERS);
            if (heldInAll(own) >= limit) {
                sweep(transaction, SWEPT_FOR_ROOM);
                if (heldInAll(own) >= limit) {
                    throw new StoreException.Full(
                            "no room for more than " + limit + (own ? " own provider records" : " provider records"));
                }
            }
            if (own) {
                return;
            }
            int ofProvider = transaction
                    .find(record.provider())
                    .map(InternedPeer::providers)
                    .orElse(0);
            if (ofProvider >= settings.get(Option.MAX_KEYS_PER_PROVIDER)) {
                throw new StoreException.Full("no room for more than " + settings.get(Option.MAX_KEYS_PER_PROVIDER)
                        + " keys of one provider");
            }
            int ofKey = foreignOf(key);
            if (ofKey >= settings.get(Option.MAX_PROVIDERS_PER_KEY)) {
                throw new StoreException.Full("no room for more than " + settings.get(Option.MAX_PROVIDERS_PER_KEY)
                        + " providers of one key");
            }
            perKey.put(Bytes.of(key), ofKey);
        }

        private long heldInAll(boolean own) {
            return own ? transaction.counters().ownProviders : transaction.counters().foreignProviders;
        }

        /** Returns how many other providers a key has; where they are too many, expired ones leave first. */
        private int foreignOf(byte[] key) throws RocksDBException {
            Integer known = perKey.get(Bytes.of(key));
            if (known != null) {
                return known;
            }
            int foreign = 0;
            try (Cursor cursor = Cursor.within(database, Family.PROVIDERS, Layout.providersOf(key))) {
                for (; cursor.isValid(); cursor.next()) {
                    byte[] place = cursor.key();
                    if (!Arrays.equals(Layout.keyOfProvider(place), key)) {
                        continue;
                    }
                    ProviderEntry entry = ProviderEntry.read(cursor.value());
                    byte[] providerKey = Layout.providerKey(entry.provider(), key);
                    if (transaction.isRemoved(providerKey)) {
                        continue;
                    }
                    if (entry.isExpired(now())) {
                        remove(transaction, key, new Held(place, entry));
                    } else if (!entry.own()) {
                        foreign++;
                    }
                }
                cursor.check();
            }
            return foreign;
        }
    }

    private void requireFits(ProviderRecord record) throws StoreException.TooLarge {
        int keyBytes = record.key().bytes().size();
        if (keyBytes > settings.get(Option.MAX_KEY_BYTES)) {
            throw new StoreException.TooLarge(
                    "a key of " + keyBytes + " bytes; at most " + settings.get(Option.MAX_KEY_BYTES) + " are taken");
        }
        long addressBytes = 0;
        for (Multiaddr address : record.addresses()) {
            addressBytes += address.bytes().size();
        }
        if (addressBytes > settings.get(Option.MAX_ADDRESS_BYTES)) {
            throw new StoreException.TooLarge("addresses of " + addressBytes + " bytes; at most "
                    + settings.get(Option.MAX_ADDRESS_BYTES) + " are taken");
        }
    }

    private void remove(Transaction transaction, byte[] key, Held held) throws RocksDBException {
        ProviderEntry entry = held.entry();
        byte[] providerKey = Layout.providerKey(entry.provider(), key);
        transaction.delete(Family.PROVIDERS, held.place());
        transaction.delete(Family.PROVIDER_KEYS, providerKey);
        transaction.remove(providerKey);
        if (entry.own()) {
            transaction.delete(Family.OWN_PROVIDERS, key);
        }
        if (entry.expires().isPresent()) {
            transaction.delete(
                    Family.PROVIDER_EXPIRIES, Layout.expiry(entry.expires().get(), held.place()));
        }
        transaction.count(transaction.peer(entry.provider()), 0, -1);
        transaction.counters().countProvider(entry.own(), -1);
        if (settings.sync() == Sync.ALL || (entry.own() && settings.sync() == Sync.OWN)) {
            transaction.sync();
        }
    }

    @Override
    public List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        requireOpen();
        requirePositive(limit);
        Instant now = now();
        return database.read(db -> {
            byte[] bytes = key.bytes().toArray();
            List<ProviderRecord> found = new ArrayList<>();
            try (Cursor cursor = Cursor.within(db, Family.PROVIDERS, Layout.providersOf(bytes))) {
                for (; cursor.isValid() && found.size() < limit; cursor.next()) {
                    ProviderEntry entry = ProviderEntry.read(cursor.value());
                    Optional<PeerId> provider = entry.isExpired(now)
                            ? Optional.empty()
                            : db.interning().peer(entry.provider());
                    provider.map(peer -> new ProviderRecord(key, peer, entry.addresses(), entry.expires()))
                            .ifPresent(found::add);
                }
                cursor.check();
            }
            return found;
        });
    }

    @Override
    public boolean remove(RecordKey key, PeerId provider) throws StoreException {
        requireOpen();
        Instant now = now();
        return database.write(transaction -> {
            byte[] bytes = key.bytes().toArray();
            Optional<InternedPeer> peer = transaction.find(provider);
            Optional<Held> held =
                    peer.isPresent() ? new Adding(transaction).held(peer.get().number(), bytes) : Optional.empty();
            if (held.isEmpty()) {
                return false;
            }
            remove(transaction, bytes, held.get());
            return !held.get().entry().isExpired(now);
        });
    }

    @Override
    public Page<ProviderRecord> ownPage(Optional<Bytes> after, int limit) throws StoreException {
        requireOpen();
        requirePositive(limit);
        Instant now = now();
        return database.read(db -> {
            Optional<InternedPeer> peer = db.interning().find(self);
            List<ProviderRecord> items = new ArrayList<>();
            if (peer.isEmpty()) {
                return new Page<>(items, Optional.empty());
            }
            try (Cursor cursor = Cursor.behind(db, Family.OWN_PROVIDERS, after.map(Bytes::toArray))) {
                Optional<Bytes> last = Optional.empty();
                for (int looked = 0; looked < limit && cursor.isValid(); looked++) {
                    byte[] key = cursor.key();
                    own(db, peer.get().number(), key)
                            .filter(record -> !record.isExpired(now))
                            .ifPresent(items::add);
                    last = Optional.of(Bytes.of(key));
                    cursor.next();
                }
                cursor.check();
                return new Page<>(items, cursor.isValid() ? last : Optional.empty());
            }
        });
    }

    private Optional<ProviderRecord> own(Database db, int peer, byte[] key) throws RocksDBException {
        byte @Nullable [] sequence = db.get(Family.PROVIDER_KEYS, Layout.providerKey(peer, key));
        if (sequence == null) {
            return Optional.empty();
        }
        byte @Nullable [] read = db.get(
                Family.PROVIDERS, Layout.provider(key, ByteBuffer.wrap(sequence).getLong()));
        if (read == null) {
            return Optional.empty();
        }
        ProviderEntry entry = ProviderEntry.read(read);
        return Optional.of(new ProviderRecord(RecordKey.of(Bytes.of(key)), self, entry.addresses(), entry.expires()));
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        requireOpen();
        requirePositive(limit);
        return database.write(transaction -> sweep(transaction, limit));
    }

    private int sweep(Transaction transaction, int limit) throws RocksDBException {
        Instant now = now();
        int removed = 0;
        try (Cursor due = Cursor.from(database, Family.PROVIDER_EXPIRIES, Layout.nothing())) {
            while (removed < limit && due.isValid() && !Layout.timeOf(due.key()).isAfter(now)) {
                byte[] place = Layout.whatOf(due.key());
                byte @Nullable [] read = transaction.get(Family.PROVIDERS, place);
                byte[] key = Layout.keyOfProvider(place);
                if (read != null) {
                    ProviderEntry entry = ProviderEntry.read(read);
                    if (!transaction.isRemoved(Layout.providerKey(entry.provider(), key))) {
                        remove(transaction, key, new Held(place, entry));
                        removed++;
                    }
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
        return database.read(db -> db.counters().ownProviders + db.counters().foreignProviders);
    }

    @Override
    public Map<String, Long> statistics() throws StoreException {
        requireOpen();
        Map<String, Long> figures = new LinkedHashMap<>(database.statistics());
        figures.put("providers", size());
        figures.put("own-providers", database.read(db -> db.counters().ownProviders));
        return figures;
    }

    @Override
    public void close() {
        closed = true;
        lease.end();
    }
}
