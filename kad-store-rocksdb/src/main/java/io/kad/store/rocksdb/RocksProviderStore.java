package io.kad.store.rocksdb;

import static io.kad.api.spi.store.Page.requirePositive;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.ColumnFamily;
import io.kad.store.rocksdb.database.Counters;
import io.kad.store.rocksdb.database.Database;
import io.kad.store.rocksdb.database.Databases;
import io.kad.store.rocksdb.database.KeyEncoding;
import io.kad.store.rocksdb.database.NumberedPeer;
import io.kad.store.rocksdb.database.PrefixIterator;
import io.kad.store.rocksdb.database.ProviderEntry;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import io.kad.store.rocksdb.database.RocksStoreOptions.Option;
import io.kad.store.rocksdb.database.WriteTransaction;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Provider store in RocksDB. A full key or store evicts remote records for new ones by the rules of {@link ProviderStore}; a large store
 * looks at a sample of its records ({@link ProviderEvictions}).
 *
 * <p>Pages are in the order of the bytes of the keys. Thread-safe; all calls may block.
 */
final class RocksProviderStore extends RocksStore implements ProviderStore {

    private final LongAdder evictions = new LongAdder();

    RocksProviderStore(SpiContext context, RocksStoreOptions storeOptions, Databases.Lease lease) {
        super(context, storeOptions, lease);
    }

    private ProviderUpdater updater(WriteTransaction transaction) {
        return new ProviderUpdater(transaction, self, storeOptions, now(), context.listener(), this::onEviction);
    }

    private void onEviction(RecordKey key, PeerId provider) {
        evictions.increment();
        context.listener().providerEvicted(key, provider);
    }

    @Override
    public void add(ProviderRecord record) throws StoreException {
        addAll(List.of(record));
    }

    @Override
    public void addAll(List<ProviderRecord> records) throws StoreException {
        requireOpen();
        database.writeEach(records, transaction -> {
            ProviderUpdater updater = updater(transaction);
            if (records.size() > 1) {
                updater.prepare(records);
            }
            return updater::add;
        });
    }

    @Override
    public List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        requireOpen();
        requirePositive(limit);
        Instant now = now();
        return database.readWhileOpen(db -> {
            byte[] bytes = key.bytes().toArray();
            List<ProviderRecord> found = new ArrayList<>();
            try (PrefixIterator entries =
                    PrefixIterator.withPrefix(db, ColumnFamily.PROVIDERS, KeyEncoding.providerPrefix(bytes))) {
                for (; entries.isValid() && found.size() < limit; entries.next()) {
                    ProviderEntry entry = ProviderEntry.read(entries.value());
                    Optional<PeerId> provider = entry.isExpired(now)
                            ? Optional.empty()
                            : db.peerNumbers().peer(entry.provider());
                    provider.map(peer -> new ProviderRecord(key, peer, entry.addresses(), entry.expires()))
                            .ifPresent(found::add);
                }
                entries.check();
            }
            return found;
        });
    }

    @Override
    public boolean remove(RecordKey key, PeerId provider) throws StoreException {
        requireOpen();
        return database.write(transaction -> updater(transaction).remove(key, provider));
    }

    @Override
    public Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException {
        Instant now = now();
        return page(ColumnFamily.LOCAL_PROVIDERS, after, limit, db -> {
            Optional<NumberedPeer> peer = db.peerNumbers().read(self);
            return (key, empty) -> peer.isEmpty()
                    ? Optional.empty()
                    : readLocal(db, peer.get().number(), key).filter(record -> !record.isExpired(now));
        });
    }

    private Optional<ProviderRecord> readLocal(Database db, long peer, byte[] key) throws RocksDBException {
        byte @Nullable [] sequence = db.get(ColumnFamily.PROVIDER_KEYS, KeyEncoding.providerKey(peer, key));
        if (sequence == null) {
            return Optional.empty();
        }
        byte @Nullable [] stored = db.get(
                ColumnFamily.PROVIDERS,
                KeyEncoding.provider(key, ByteBuffer.wrap(sequence).getLong()));
        if (stored == null) {
            return Optional.empty();
        }
        ProviderEntry entry = ProviderEntry.read(stored);
        return Optional.of(new ProviderRecord(RecordKey.of(Bytes.of(key)), self, entry.addresses(), entry.expires()));
    }

    @Override
    public OptionalLong maxRemoteRecords() {
        return OptionalLong.of(storeOptions.get(Option.MAX_PROVIDERS));
    }

    @Override
    int sweep(WriteTransaction transaction, int limit) throws RocksDBException {
        return updater(transaction).sweep(limit);
    }

    @Override
    public long size() throws StoreException {
        requireOpen();
        return database.readWhileOpen(Database::counters).providers();
    }

    @Override
    public Map<String, Long> statistics() throws StoreException {
        requireOpen();
        Counters counters = database.readWhileOpen(Database::counters);
        return mergeStatistics(Map.of(
                "providers",
                counters.providers(),
                "local-providers",
                counters.localProviders,
                "evictions",
                evictions.sum()));
    }
}
