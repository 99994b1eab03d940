package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.ColumnFamily;
import io.kad.store.rocksdb.database.KeyEncoding;
import io.kad.store.rocksdb.database.NumberedPeer;
import io.kad.store.rocksdb.database.PrefixIterator;
import io.kad.store.rocksdb.database.ProviderCount;
import io.kad.store.rocksdb.database.ProviderEntry;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import io.kad.store.rocksdb.database.RocksStoreOptions.Option;
import io.kad.store.rocksdb.database.WriteTransaction;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Changes provider records within one write transaction. Used by one thread. */
final class ProviderUpdater {

    /** The largest number of expired records that are removed to make room for a new one. */
    private static final int SWEEP_LIMIT = 64;

    /** The largest number of records that are evicted for a new one by each limit: with two, a limit that was lowered is reached in time. */
    private static final int MAX_EVICTIONS = 2;

    private final WriteTransaction transaction;
    private final PeerId self;
    private final RocksStoreOptions storeOptions;
    private final Instant now;
    private final StoreListener listener;
    private final BiConsumer<RecordKey, PeerId> evictionListener;

    /**
     * Creates an updater for one transaction.
     *
     * @param listener names the records that a full store evicts first
     * @param evictionListener called with the key and the provider of each evicted record, after the transaction was committed
     */
    ProviderUpdater(
            WriteTransaction transaction,
            PeerId self,
            RocksStoreOptions storeOptions,
            Instant now,
            StoreListener listener,
            BiConsumer<RecordKey, PeerId> evictionListener) {
        this.transaction = transaction;
        this.self = self;
        this.storeOptions = storeOptions;
        this.now = now;
        this.listener = listener;
        this.evictionListener = evictionListener;
    }

    /** Provider record in the database, with its key in {@link ColumnFamily#PROVIDERS}. */
    static final class StoredProvider {

        private final byte[] entryKey;
        private final ProviderEntry entry;

        StoredProvider(byte[] entryKey, ProviderEntry entry) {
            this.entryKey = entryKey;
            this.entry = entry;
        }

        byte[] entryKey() {
            return entryKey;
        }

        ProviderEntry entry() {
            return entry;
        }
    }

    /** Reads ahead the entries that adding {@code records} needs. */
    void prepare(List<ProviderRecord> records) throws RocksDBException {
        transaction.readAhead(
                ColumnFamily.PROVIDER_COUNTS,
                records.stream().map(record -> record.key().bytes().toArray()).toList());
    }

    /** Adds a record, or replaces the one of the same key and provider. */
    void add(ProviderRecord record) throws RocksDBException, StoreException {
        requireFits(record);
        byte[] key = record.key().bytes().toArray();
        Optional<StoredProvider> stored = find(record.provider(), key);
        boolean wasExpired = stored.isPresent() && stored.get().entry().isExpired(now);
        if (stored.isPresent() && (wasExpired || record.isExpired(now))) {
            remove(key, stored.get());
            stored = Optional.empty();
        }
        if (record.isExpired(now)) {
            return;
        }
        if (stored.isPresent()) {
            replace(record, stored.get());
        } else {
            makeRoom(record, key);
            put(record, key);
        }
    }

    /** Removes the record of a key and a provider, and returns whether there was an unexpired one. */
    boolean remove(RecordKey key, PeerId provider) throws RocksDBException {
        byte[] bytes = key.bytes().toArray();
        Optional<StoredProvider> stored = find(provider, bytes);
        if (stored.isEmpty()) {
            return false;
        }
        remove(bytes, stored.get());
        return !stored.get().entry().isExpired(now);
    }

    /** Removes up to {@code limit} expired records, the longest expired first, and returns the number removed. */
    int sweep(int limit) throws RocksDBException {
        int removed = 0;
        try (PrefixIterator expiries =
                PrefixIterator.from(transaction.database(), ColumnFamily.PROVIDER_EXPIRIES, KeyEncoding.empty())) {
            while (removed < limit
                    && expiries.isValid()
                    && !KeyEncoding.expiryTime(expiries.key()).isAfter(now)) {
                byte[] entryKey = KeyEncoding.expiringKey(expiries.key());
                byte @Nullable [] entry = transaction.get(ColumnFamily.PROVIDERS, entryKey);
                if (entry != null && transaction.isNotDeleted(ColumnFamily.PROVIDER_EXPIRIES, expiries.key())) {
                    remove(
                            KeyEncoding.recordKeyOfProvider(entryKey),
                            new StoredProvider(entryKey, ProviderEntry.read(entry)));
                    removed++;
                }
                expiries.next();
            }
            expiries.check();
        }
        return removed;
    }

    private Optional<StoredProvider> find(PeerId provider, byte[] key) throws RocksDBException {
        Optional<NumberedPeer> peer = transaction.find(provider);
        if (peer.isEmpty()
                || !(provider.equals(self)
                        || providersOf(key).mayContain(peer.get().number()))) {
            return Optional.empty();
        }
        byte @Nullable [] sequence = transaction.get(
                ColumnFamily.PROVIDER_KEYS, KeyEncoding.providerKey(peer.get().number(), key));
        if (sequence == null) {
            return Optional.empty();
        }
        byte[] entryKey = KeyEncoding.provider(key, ByteBuffer.wrap(sequence).getLong());
        byte @Nullable [] entry = transaction.get(ColumnFamily.PROVIDERS, entryKey);
        return entry == null ? Optional.empty() : Optional.of(new StoredProvider(entryKey, ProviderEntry.read(entry)));
    }

    private boolean isLocal(ProviderRecord record) {
        return record.provider().equals(self);
    }

    /** Replaces the stored record of the same key and provider; it keeps its place in the order of the key. */
    private void replace(ProviderRecord record, StoredProvider stored) throws RocksDBException {
        ProviderEntry entry =
                ProviderEntry.of(record, isLocal(record), stored.entry().provider(), now);
        if (entry.equals(stored.entry())) {
            return;
        }
        transaction.put(ColumnFamily.PROVIDERS, stored.entryKey(), entry.bytes());
        if (!record.expires().equals(stored.entry().expires())) {
            deleteExpiry(stored);
            putExpiry(record, stored.entryKey());
        }
        syncIfConfigured(entry.local());
    }

    private void put(ProviderRecord record, byte[] key) throws RocksDBException {
        boolean local = isLocal(record);
        long peer = transaction.addReferences(record.provider(), 0, 1);
        long sequence = ++transaction.counters().lastSequence;
        byte[] entryKey = KeyEncoding.provider(key, sequence);
        transaction.put(
                ColumnFamily.PROVIDERS,
                entryKey,
                ProviderEntry.of(record, local, peer, now).bytes());
        transaction.put(
                ColumnFamily.PROVIDER_KEYS,
                KeyEncoding.providerKey(peer, key),
                ByteBuffer.allocate(KeyEncoding.SEQUENCE_BYTES)
                        .putLong(sequence)
                        .array());
        putExpiry(record, entryKey);
        updateCounts(local, key, peer, true);
        if (local) {
            transaction.put(ColumnFamily.LOCAL_PROVIDERS, key, KeyEncoding.empty());
        }
        syncIfConfigured(local);
    }

    private void remove(byte[] key, StoredProvider stored) throws RocksDBException {
        ProviderEntry entry = stored.entry();
        transaction.delete(ColumnFamily.PROVIDERS, stored.entryKey());
        transaction.delete(ColumnFamily.PROVIDER_KEYS, KeyEncoding.providerKey(entry.provider(), key));
        deleteExpiry(stored);
        transaction.addReferences(transaction.peer(entry.provider()), 0, -1);
        updateCounts(entry.local(), key, entry.provider(), false);
        if (entry.local()) {
            transaction.delete(ColumnFamily.LOCAL_PROVIDERS, key);
        }
        syncIfConfigured(entry.local());
    }

    private void putExpiry(ProviderRecord record, byte[] entryKey) throws RocksDBException {
        if (record.expires().isPresent()) {
            transaction.put(
                    ColumnFamily.PROVIDER_EXPIRIES,
                    KeyEncoding.expiry(record.expires().get(), entryKey),
                    KeyEncoding.empty());
        }
    }

    private void deleteExpiry(StoredProvider stored) throws RocksDBException {
        if (stored.entry().expires().isPresent()) {
            transaction.delete(
                    ColumnFamily.PROVIDER_EXPIRIES,
                    KeyEncoding.expiry(stored.entry().expires().get(), stored.entryKey()));
        }
    }

    private void updateCounts(boolean local, byte[] key, long peer, boolean added) throws RocksDBException {
        transaction.counters().countProvider(local, added ? 1 : -1);
        if (!local) {
            ProviderCount previous = providersOf(key);
            ProviderCount next = added ? previous.with(peer) : previous.without(peer);
            if (next.count() == 0) {
                transaction.delete(ColumnFamily.PROVIDER_COUNTS, key);
            } else {
                transaction.put(ColumnFamily.PROVIDER_COUNTS, key, next.bytes());
            }
        }
    }

    private ProviderCount providersOf(byte[] key) throws RocksDBException {
        return ProviderCount.read(transaction.get(ColumnFamily.PROVIDER_COUNTS, key));
    }

    private void syncIfConfigured(boolean local) {
        if (storeOptions.syncs(local)) {
            transaction.requireSync();
        }
    }

    private void requireFits(ProviderRecord record) throws StoreException.TooLarge {
        storeOptions.requireFits(record.key().bytes().size(), Option.MAX_KEY_BYTES, "key");
        int addressBytes = 0;
        for (Multiaddr address : record.addresses()) {
            addressBytes += address.bytes().size();
        }
        storeOptions.requireFits(addressBytes, Option.MAX_ADDRESS_BYTES, "addresses");
    }

    /** Makes room for a new record by removing expired ones, and evicting remote ones; refuses it, with none evicted, if there is none. */
    private void makeRoom(ProviderRecord record, byte[] key) throws RocksDBException, StoreException {
        if (isLocal(record)) {
            if (totalCount(true) >= storeOptions.get(Option.MAX_LOCAL_PROVIDERS)) {
                sweep(SWEEP_LIMIT);
            }
            if (totalCount(true) >= storeOptions.get(Option.MAX_LOCAL_PROVIDERS)) {
                throw storeOptions.full(Option.MAX_LOCAL_PROVIDERS, "local provider records");
            }
            return;
        }
        requireAllowed(Option.MAX_PROVIDERS_PER_KEY, "remote providers per key");
        requireAllowed(Option.MAX_PROVIDERS, "remote provider records");
        requireShare(record.provider());
        ProviderEvictions evictions = new ProviderEvictions(transaction, self);
        boolean isRoomMade = makeRoomInKey(key, evictions);
        long total = storeOptions.get(Option.MAX_PROVIDERS);
        if (totalCount(false) >= total) {
            sweep(SWEEP_LIMIT);
        }
        for (int evicted = 0; evicted < MAX_EVICTIONS && totalCount(false) >= total; evicted++) {
            if (evictFor(record, evictions)) {
                isRoomMade = true;
            } else if (isRoomMade) {
                // A lowered limit: what has lost its place has lost it to this record, which must not be refused then
                return;
            } else {
                throw storeOptions.full(Option.MAX_PROVIDERS, "remote provider records");
            }
        }
    }

    private void requireAllowed(Option limit, String what) throws StoreException.Full {
        if (storeOptions.get(limit) == 0) {
            throw storeOptions.full(limit, what);
        }
    }

    /** Removes expired records of a full key, and evicts those renewed longest ago; returns whether it evicted any. */
    private boolean makeRoomInKey(byte[] key, ProviderEvictions evictions) throws RocksDBException {
        long limit = storeOptions.get(Option.MAX_PROVIDERS_PER_KEY);
        if (providersOf(key).count() >= limit) {
            removeExpiredOf(key);
        }
        int evicted = 0;
        while (evicted < MAX_EVICTIONS
                && providersOf(key).count() >= limit
                && evict(evictions.longestNotRenewed(key))) {
            evicted++;
        }
        return evicted > 0;
    }

    /** Evicts a record in favour of {@code record}, unless that would be the next to go; returns whether it did. */
    private boolean evictFor(ProviderRecord record, ProviderEvictions evictions) throws RocksDBException {
        var incoming = new StoreListener.Provided(record.key(), record.provider());
        Iterator<StoreListener.Provided> overShare = listener.providersOverShare(incoming);
        while (overShare.hasNext()) {
            StoreListener.Provided next = overShare.next();
            if (next.equals(incoming)) {
                return false;
            }
            byte[] key = next.key().bytes().toArray();
            Optional<StoredProvider> stored =
                    next.provider().equals(self) ? Optional.empty() : find(next.provider(), key);
            if (stored.isPresent()) {
                return evict(stored);
            }
            if (next.provider().equals(self) || !isCommitted(next.provider(), key)) {
                overShare.remove();
            }
        }
        return evict(evictions.inFavourOf(record, totalCount(false)));
    }

    /** Returns whether there was a record before this transaction, which may fail. */
    private boolean isCommitted(PeerId provider, byte[] key) throws RocksDBException {
        Optional<NumberedPeer> peer = transaction.database().peerNumbers().read(provider);
        return peer.isPresent()
                && transaction
                                .database()
                                .get(
                                        ColumnFamily.PROVIDER_KEYS,
                                        KeyEncoding.providerKey(peer.get().number(), key))
                        != null;
    }

    /** Evicts a record; returns whether there is one. */
    private boolean evict(Optional<StoredProvider> evicted) throws RocksDBException {
        if (evicted.isPresent()) {
            byte[] key = KeyEncoding.recordKeyOfProvider(evicted.get().entryKey());
            PeerId provider = transaction.peer(evicted.get().entry().provider());
            remove(key, evicted.get());
            transaction.afterCommit(() -> evictionListener.accept(RecordKey.of(Bytes.of(key)), provider));
        }
        return evicted.isPresent();
    }

    private void requireShare(PeerId provider) throws RocksDBException, StoreException {
        long limit = storeOptions.get(Option.MAX_KEYS_PER_PROVIDER);
        if (keysOf(provider) >= limit) {
            removeExpiredOf(provider);
        }
        if (keysOf(provider) >= limit) {
            throw storeOptions.shareReached(Option.MAX_KEYS_PER_PROVIDER, "keys per remote provider");
        }
    }

    private long totalCount(boolean local) {
        return local ? transaction.counters().localProviders : transaction.counters().remoteProviders;
    }

    private int keysOf(PeerId provider) throws RocksDBException {
        return transaction.find(provider).map(NumberedPeer::providers).orElse(0);
    }

    /** Returns whether any record is expired; if not, the search of a key or provider is not worth its time. */
    private boolean isAnyExpired() throws RocksDBException {
        try (PrefixIterator expiries =
                PrefixIterator.from(transaction.database(), ColumnFamily.PROVIDER_EXPIRIES, KeyEncoding.empty())) {
            boolean expired = expiries.isValid()
                    && !KeyEncoding.expiryTime(expiries.key()).isAfter(now);
            expiries.check();
            return expired;
        }
    }

    private void removeExpiredOf(byte[] key) throws RocksDBException {
        if (!isAnyExpired()) {
            return;
        }
        try (PrefixIterator entries = PrefixIterator.withPrefix(
                transaction.database(), ColumnFamily.PROVIDERS, KeyEncoding.providerPrefix(key))) {
            for (; entries.isValid(); entries.next()) {
                removeIfExpired(key, entries.key());
            }
            entries.check();
        }
    }

    private void removeExpiredOf(PeerId provider) throws RocksDBException {
        Optional<NumberedPeer> peer = transaction.find(provider);
        if (peer.isEmpty() || !isAnyExpired()) {
            return;
        }
        byte[] prefix = KeyEncoding.number(peer.get().number());
        int removed = 0;
        try (PrefixIterator entries =
                PrefixIterator.withPrefix(transaction.database(), ColumnFamily.PROVIDER_KEYS, prefix)) {
            for (; entries.isValid() && removed < SWEEP_LIMIT; entries.next()) {
                byte[] key = Arrays.copyOfRange(entries.key(), prefix.length, entries.key().length);
                long sequence = ByteBuffer.wrap(entries.value()).getLong();
                removed += removeIfExpired(key, KeyEncoding.provider(key, sequence)) ? 1 : 0;
            }
            entries.check();
        }
    }

    private boolean removeIfExpired(byte[] key, byte[] entryKey) throws RocksDBException {
        byte @Nullable [] entry = transaction.get(ColumnFamily.PROVIDERS, entryKey);
        if (entry == null || !ProviderEntry.read(entry).isExpired(now)) {
            return false;
        }
        remove(key, new StoredProvider(entryKey, ProviderEntry.read(entry)));
        return true;
    }
}
