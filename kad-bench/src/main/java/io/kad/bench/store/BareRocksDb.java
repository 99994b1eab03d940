package io.kad.bench.store;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * Bare RocksDB database: the same options, column families, keys, values and batches as the stores of kad, as docs/STORE.md describes
 * them. It writes without reading, limits or concurrent readers, so its speed is the upper bound for a store on RocksDB. Not thread-safe.
 */
final class BareRocksDb implements AutoCloseable {

    static {
        RocksDB.loadLibrary();
    }

    private static final List<String> FAMILIES = List.of(
            "default",
            "peers",
            "peer-numbers",
            "records",
            "own-records",
            "record-distances",
            "record-expiries",
            "providers",
            "provider-keys",
            "provider-counts",
            "own-providers",
            "provider-expiries");
    private static final byte[] EMPTY = {};
    private static final byte[] COUNTERS = "counters".getBytes(StandardCharsets.US_ASCII);
    private static final long MIB = 1 << 20;

    private final Cache cache = new LRUCache(32 * MIB);
    private final Cache account = new LRUCache(32 * MIB);
    private final WriteBufferManager buffers = new WriteBufferManager(32 * MIB, account);
    private final BloomFilter bloom = new BloomFilter(10, false);
    private final ColumnFamilyOptions familyOptions = new ColumnFamilyOptions()
            .setTableFormatConfig(new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(bloom)
                    .setCacheIndexAndFilterBlocks(true)
                    .setPinL0FilterAndIndexBlocksInCache(true)
                    .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash))
            .setMemtablePrefixBloomSizeRatio(0.05)
            .setMemtableWholeKeyFiltering(true)
            .setWriteBufferSize(8 * MIB);
    private final DBOptions options = new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setWriteBufferManager(buffers)
            .setMaxOpenFiles(256)
            .setMaxBackgroundJobs(2)
            .setMaxTotalWalSize(64 * MIB);
    private final WriteOptions written = new WriteOptions();
    private final RocksDB db;
    private final Map<String, ColumnFamilyHandle> families = new LinkedHashMap<>();
    private final Map<PeerId, int[]> peers = new HashMap<>();
    private final Map<Bytes, byte[]> providersOfKey = new HashMap<>();
    private long records;
    private long providers;

    /** Opens the database in {@code directory}; creates it if it does not exist. */
    BareRocksDb(Path directory) throws RocksDBException {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (String family : FAMILIES) {
            descriptors.add(new ColumnFamilyDescriptor(family.getBytes(StandardCharsets.US_ASCII), familyOptions));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        db = RocksDB.open(options, directory.toString(), descriptors, handles);
        for (int i = 0; i < FAMILIES.size(); i++) {
            families.put(FAMILIES.get(i), handles.get(i));
        }
    }

    private ColumnFamilyHandle family(String name) {
        return requireNonNull(families.get(name));
    }

    private static ByteBuffer putTime(ByteBuffer to, Instant time) {
        return to.putLong(time.getEpochSecond() ^ Long.MIN_VALUE).putInt(time.getNano());
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    void putAll(List<Record> batchOfRecords) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (Record record : batchOfRecords) {
                put(batch, record);
                records++;
            }
            finish(batch);
        }
    }

    private void put(WriteBatch batch, Record record) throws RocksDBException {
        long peer = numberOf(batch, record.publisher().orElseThrow(), 1, 0);
        byte[] key = record.key().bytes().toArray();
        byte[] value = record.value().toArray();
        ByteBuffer entry = ByteBuffer.allocate(1 + 8 + 12 + 12 + value.length)
                .put((byte) 0b1110)
                .putLong(peer);
        Instant expires = record.expires().orElseThrow();
        putTime(putTime(entry, expires), record.timeReceived().orElseThrow()).put(value);
        batch.put(family("records"), key, entry.array());
        byte[] distance = StoreWorkload.SELF
                .kadKey()
                .distance(record.key().kadKey())
                .bytes()
                .toArray();
        batch.put(
                family("record-distances"),
                ByteBuffer.allocate(distance.length + key.length)
                        .put(distance)
                        .put(key)
                        .array(),
                EMPTY);
        batch.put(
                family("record-expiries"),
                putTime(ByteBuffer.allocate(12 + key.length), expires).put(key).array(),
                EMPTY);
    }

    void addAll(List<ProviderRecord> batchOfProviders) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (ProviderRecord record : batchOfProviders) {
                add(batch, record);
            }
            finish(batch);
        }
    }

    private void add(WriteBatch batch, ProviderRecord record) throws RocksDBException {
        long peer = numberOf(batch, record.provider(), 0, 1);
        long sequence = ++providers;
        byte[] key = record.key().bytes().toArray();
        byte[] providerKey = ByteBuffer.allocate(2 + key.length + 8)
                .putShort((short) key.length)
                .put(key)
                .putLong(sequence)
                .array();
        int size = 1 + 8 + 12;
        for (Multiaddr address : record.addresses()) {
            size += 2 + address.bytes().size();
        }
        Instant expires = record.expires().orElseThrow();
        ByteBuffer entry = putTime(ByteBuffer.allocate(size).put((byte) 0b100).putLong(peer), expires);
        for (Multiaddr address : record.addresses()) {
            entry.putShort((short) address.bytes().size()).put(address.bytes().toArray());
        }
        batch.put(family("providers"), providerKey, entry.array());
        batch.put(
                family("provider-keys"),
                ByteBuffer.allocate(8 + key.length).putLong(peer).put(key).array(),
                ByteBuffer.allocate(8).putLong(sequence).array());
        batch.put(
                family("provider-expiries"),
                putTime(ByteBuffer.allocate(12 + providerKey.length), expires)
                        .put(providerKey)
                        .array(),
                EMPTY);
        batch.put(
                family("provider-counts"),
                key,
                providersOfKey.merge(
                        record.key().bytes(),
                        ByteBuffer.allocate(12).putInt(1).putLong(peer).array(),
                        (previous, added) -> ByteBuffer.allocate(previous.length + 8)
                                .putInt(previous.length / 8 + 1)
                                .put(previous, 4, previous.length - 4)
                                .putLong(peer)
                                .array()));
    }

    /** Updates the reference counts of a peer, and returns its number. */
    private long numberOf(WriteBatch batch, PeerId peer, int moreRecords, int moreProviders) throws RocksDBException {
        byte[] id = peer.bytes().toArray();
        int[] entry = peers.get(peer);
        if (entry == null) {
            entry = new int[] {peers.size() + 1, 0, 0};
            peers.put(peer, entry);
            batch.put(family("peer-numbers"), number(entry[0]), id);
        }
        entry[1] += moreRecords;
        entry[2] += moreProviders;
        batch.put(
                family("peers"),
                id,
                ByteBuffer.allocate(16)
                        .putLong(entry[0])
                        .putInt(entry[1])
                        .putInt(entry[2])
                        .array());
        return entry[0];
    }

    private void finish(WriteBatch batch) throws RocksDBException {
        batch.put(
                family("default"),
                COUNTERS,
                ByteBuffer.allocate(48)
                        .putLong(0)
                        .putLong(records)
                        .putLong(0)
                        .putLong(providers)
                        .putLong(providers)
                        .putLong(peers.size())
                        .array());
        db.write(written, batch);
    }

    byte[] get(Bytes key) throws RocksDBException {
        return db.get(family("records"), key.toArray());
    }

    /** Returns the bytes of the provider records of a key. */
    int providers(Bytes key, int limit) throws RocksDBException {
        byte[] prefix = ByteBuffer.allocate(2 + key.size())
                .putShort((short) key.size())
                .put(key.toArray())
                .array();
        byte[] end = prefix.clone();
        end[end.length - 1]++;
        int size = 0;
        try (Slice bound = new Slice(end);
                ReadOptions reading = new ReadOptions().setIterateUpperBound(bound);
                RocksIterator all = db.newIterator(family("providers"), reading)) {
            int count = 0;
            for (all.seek(prefix); all.isValid() && count < limit; all.next()) {
                size += all.value().length;
                count++;
            }
        }
        return size;
    }

    /** Returns all entries, each as column family, key and value, except the schema version and the owner. */
    List<List<Bytes>> content() {
        List<List<Bytes>> content = new ArrayList<>();
        families.forEach((name, family) -> {
            try (RocksIterator all = db.newIterator(family)) {
                for (all.seekToFirst(); all.isValid(); all.next()) {
                    if (!name.equals("default") || java.util.Arrays.equals(all.key(), COUNTERS)) {
                        content.add(List.of(Bytes.utf8(name), Bytes.of(all.key()), Bytes.of(all.value())));
                    }
                }
            }
        });
        return content;
    }

    @Override
    public void close() {
        families.values().forEach(ColumnFamilyHandle::close);
        db.close();
        written.close();
        options.close();
        familyOptions.close();
        buffers.close();
        account.close();
        bloom.close();
        cache.close();
    }
}
