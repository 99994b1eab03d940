package io.kad.store.rocksdb;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.ColumnFamily;
import io.kad.store.rocksdb.database.InternedPeer;
import io.kad.store.rocksdb.database.KeyEncoding;
import io.kad.store.rocksdb.database.PrefixIterator;
import io.kad.store.rocksdb.database.ProviderCount;
import io.kad.store.rocksdb.database.ProviderEntry;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import io.kad.store.rocksdb.database.RocksStoreOptions.Option;
import io.kad.store.rocksdb.database.WriteTransaction;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** What one change does to the provider records. */
final class ProviderUpdater {

    /** How many expired records make room at most before a record is refused. */
    private static final int SWEEP_LIMIT = 64;

    private final WriteTransaction transaction;
    private final PeerId self;
    private final RocksStoreOptions storeOptions;
    private final Instant now;

    ProviderUpdater(WriteTransaction transaction, PeerId self, RocksStoreOptions storeOptions, Instant now) {
        this.transaction = transaction;
        this.self = self;
        this.storeOptions = storeOptions;
        this.now = now;
    }

    /** Where a provider record is, and what is written there. */
    private static final class StoredProvider {

        private final byte[] entryKey;
        private final ProviderEntry entry;

        StoredProvider(byte[] place, ProviderEntry entry) {
            this.entryKey = place;
            this.entry = entry;
        }

        byte[] entryKey() {
            return entryKey;
        }

        ProviderEntry entry() {
            return entry;
        }
    }

    /** Reads what adding {@code records} will ask for. */
    void prepare(List<ProviderRecord> records) throws RocksDBException {
        transaction.readAhead(
                ColumnFamily.PROVIDER_COUNTS,
                records.stream().map(record -> record.key().bytes().toArray()).toList());
    }

    /** Adds a record, or replaces the one of the same key and provider. */
    void add(ProviderRecord record) throws RocksDBException, StoreException {
        requireFits(record);
        byte[] key = record.key().bytes().toArray();
        Optional<StoredProvider> held = held(record.provider(), key);
        boolean wasExpired = held.isPresent() && held.get().entry().isExpired(now);
        if (held.isPresent() && (wasExpired || record.isExpired(now))) {
            remove(key, held.get());
            held = Optional.empty();
        }
        if (record.isExpired(now)) {
            return;
        }
        if (held.isPresent()) {
            replace(record, held.get());
        } else {
            makeRoom(record, key);
            put(record, key);
        }
    }

    /** Removes the record of a key and a provider, and returns whether there was one that was not expired. */
    boolean remove(RecordKey key, PeerId provider) throws RocksDBException {
        byte[] bytes = key.bytes().toArray();
        Optional<StoredProvider> held = held(provider, bytes);
        if (held.isEmpty()) {
            return false;
        }
        remove(bytes, held.get());
        return !held.get().entry().isExpired(now);
    }

    /** Removes up to {@code limit} expired records, the longest expired first, and returns how many. */
    int sweep(int limit) throws RocksDBException {
        int removed = 0;
        try (PrefixIterator due =
                PrefixIterator.from(transaction.database(), ColumnFamily.PROVIDER_EXPIRIES, KeyEncoding.empty())) {
            while (removed < limit
                    && due.isValid()
                    && !KeyEncoding.expiryTime(due.key()).isAfter(now)) {
                byte[] place = KeyEncoding.expiringKey(due.key());
                byte @Nullable [] read = transaction.get(ColumnFamily.PROVIDERS, place);
                if (read != null && transaction.isNotDeleted(ColumnFamily.PROVIDER_EXPIRIES, due.key())) {
                    remove(KeyEncoding.recordKeyOfProvider(place), new StoredProvider(place, ProviderEntry.read(read)));
                    removed++;
                }
                due.next();
            }
            due.check();
        }
        return removed;
    }

    private Optional<StoredProvider> held(PeerId provider, byte[] key) throws RocksDBException {
        Optional<InternedPeer> peer = transaction.find(provider);
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
        byte[] place = KeyEncoding.provider(key, ByteBuffer.wrap(sequence).getLong());
        byte @Nullable [] entry = transaction.get(ColumnFamily.PROVIDERS, place);
        return entry == null ? Optional.empty() : Optional.of(new StoredProvider(place, ProviderEntry.read(entry)));
    }

    private boolean isLocal(ProviderRecord record) {
        return record.provider().equals(self);
    }

    /** Puts a record where the one of the same key and provider was. */
    private void replace(ProviderRecord record, StoredProvider held) throws RocksDBException {
        ProviderEntry entry =
                ProviderEntry.of(record, isLocal(record), held.entry().provider());
        if (entry.equals(held.entry())) {
            return;
        }
        transaction.put(ColumnFamily.PROVIDERS, held.entryKey(), entry.bytes());
        if (!record.expires().equals(held.entry().expires())) {
            deleteExpiry(held);
            putExpiry(record, held.entryKey());
        }
        syncIfConfigured(entry.local());
    }

    private void put(ProviderRecord record, byte[] key) throws RocksDBException {
        boolean own = isLocal(record);
        long peer = transaction.addReferences(record.provider(), 0, 1);
        long sequence = ++transaction.counters().lastSequence;
        byte[] place = KeyEncoding.provider(key, sequence);
        transaction.put(
                ColumnFamily.PROVIDERS,
                place,
                ProviderEntry.of(record, own, peer).bytes());
        transaction.put(
                ColumnFamily.PROVIDER_KEYS,
                KeyEncoding.providerKey(peer, key),
                ByteBuffer.allocate(KeyEncoding.SEQUENCE_BYTES)
                        .putLong(sequence)
                        .array());
        putExpiry(record, place);
        count(own, key, peer, true);
        if (own) {
            transaction.put(ColumnFamily.LOCAL_PROVIDERS, key, KeyEncoding.empty());
        }
        syncIfConfigured(own);
    }

    private void remove(byte[] key, StoredProvider held) throws RocksDBException {
        ProviderEntry entry = held.entry();
        transaction.delete(ColumnFamily.PROVIDERS, held.entryKey());
        transaction.delete(ColumnFamily.PROVIDER_KEYS, KeyEncoding.providerKey(entry.provider(), key));
        deleteExpiry(held);
        transaction.addReferences(transaction.peer(entry.provider()), 0, -1);
        count(entry.local(), key, entry.provider(), false);
        if (entry.local()) {
            transaction.delete(ColumnFamily.LOCAL_PROVIDERS, key);
        }
        syncIfConfigured(entry.local());
    }

    private void putExpiry(ProviderRecord record, byte[] place) throws RocksDBException {
        if (record.expires().isPresent()) {
            transaction.put(
                    ColumnFamily.PROVIDER_EXPIRIES,
                    KeyEncoding.expiry(record.expires().get(), place),
                    KeyEncoding.empty());
        }
    }

    private void deleteExpiry(StoredProvider held) throws RocksDBException {
        if (held.entry().expires().isPresent()) {
            transaction.delete(
                    ColumnFamily.PROVIDER_EXPIRIES,
                    KeyEncoding.expiry(held.entry().expires().get(), held.entryKey()));
        }
    }

    private void count(boolean own, byte[] key, long peer, boolean more) throws RocksDBException {
        transaction.counters().countProvider(own, more ? 1 : -1);
        if (!own) {
            ProviderCount before = providersOf(key);
            ProviderCount after = more ? before.with(peer) : before.without(peer);
            if (after.count() == 0) {
                transaction.delete(ColumnFamily.PROVIDER_COUNTS, key);
            } else {
                transaction.put(ColumnFamily.PROVIDER_COUNTS, key, after.bytes());
            }
        }
    }

    private ProviderCount providersOf(byte[] key) throws RocksDBException {
        return ProviderCount.read(transaction.get(ColumnFamily.PROVIDER_COUNTS, key));
    }

    private void syncIfConfigured(boolean own) {
        if (storeOptions.syncs(own)) {
            transaction.requireSync();
        }
    }

    private void requireFits(ProviderRecord record) throws StoreException.TooLarge {
        storeOptions.requireFits(record.key().bytes().size(), Option.MAX_KEY_BYTES, "a key");
        int addressBytes = 0;
        for (Multiaddr address : record.addresses()) {
            addressBytes += address.bytes().size();
        }
        storeOptions.requireFits(addressBytes, Option.MAX_ADDRESS_BYTES, "addresses");
    }

    /** Refuses a newcomer that a limit forbids; expired records take no place. */
    private void makeRoom(ProviderRecord record, byte[] key) throws RocksDBException, StoreException {
        boolean own = isLocal(record);
        long limit = storeOptions.get(own ? Option.MAX_OWN_PROVIDERS : Option.MAX_PROVIDERS);
        if (totalCount(own) >= limit) {
            sweep(SWEEP_LIMIT);
            require(totalCount(own), limit, own ? "own provider records" : "provider records");
        }
        if (own) {
            return;
        }
        long ofProvider = storeOptions.get(Option.MAX_KEYS_PER_PROVIDER);
        if (keysOf(record.provider()) >= ofProvider) {
            removeExpiredOf(record.provider());
            require(keysOf(record.provider()), ofProvider, "keys of one provider");
        }
        long ofKey = storeOptions.get(Option.MAX_PROVIDERS_PER_KEY);
        if (providersOf(key).count() >= ofKey) {
            removeExpiredOf(key);
            require(providersOf(key).count(), ofKey, "providers of one key");
        }
    }

    private static void require(long held, long limit, String what) throws StoreException.Full {
        if (held >= limit) {
            throw new StoreException.Full("no room for more than " + limit + " " + what);
        }
    }

    private long totalCount(boolean own) {
        return own ? transaction.counters().localProviders : transaction.counters().remoteProviders;
    }

    private int keysOf(PeerId provider) throws RocksDBException {
        return transaction.find(provider).map(InternedPeer::providers).orElse(0);
    }

    /** Returns whether it is worth looking for expired records at all. */
    private boolean isAnyExpired() throws RocksDBException {
        try (PrefixIterator due =
                PrefixIterator.from(transaction.database(), ColumnFamily.PROVIDER_EXPIRIES, KeyEncoding.empty())) {
            boolean expired = due.isValid() && !KeyEncoding.expiryTime(due.key()).isAfter(now);
            due.check();
            return expired;
        }
    }

    private void removeExpiredOf(byte[] key) throws RocksDBException {
        if (!isAnyExpired()) {
            return;
        }
        try (PrefixIterator cursor =
                PrefixIterator.withPrefix(transaction.database(), ColumnFamily.PROVIDERS, KeyEncoding.providerPrefix(key))) {
            for (; cursor.isValid(); cursor.next()) {
                removeIfExpired(key, cursor.key());
            }
            cursor.check();
        }
    }

    private void removeExpiredOf(PeerId provider) throws RocksDBException {
        Optional<InternedPeer> peer = transaction.find(provider);
        if (peer.isEmpty() || !isAnyExpired()) {
            return;
        }
        byte[] prefix = KeyEncoding.number(peer.get().number());
        int removed = 0;
        try (PrefixIterator cursor =
                PrefixIterator.withPrefix(transaction.database(), ColumnFamily.PROVIDER_KEYS, prefix)) {
            for (; cursor.isValid() && removed < SWEEP_LIMIT; cursor.next()) {
                byte[] key = Arrays.copyOfRange(cursor.key(), prefix.length, cursor.key().length);
                long sequence = ByteBuffer.wrap(cursor.value()).getLong();
                removed += removeIfExpired(key, KeyEncoding.provider(key, sequence)) ? 1 : 0;
            }
            cursor.check();
        }
    }

    private boolean removeIfExpired(byte[] key, byte[] place) throws RocksDBException {
        byte @Nullable [] read = transaction.get(ColumnFamily.PROVIDERS, place);
        if (read == null || !ProviderEntry.read(read).isExpired(now)) {
            return false;
        }
        remove(key, new StoredProvider(place, ProviderEntry.read(read)));
        return true;
    }
}
