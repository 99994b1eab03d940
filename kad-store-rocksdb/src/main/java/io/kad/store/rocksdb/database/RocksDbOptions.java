package io.kad.store.rocksdb.database;

import io.kad.store.rocksdb.database.RocksStoreOptions.Option;
import io.kad.store.rocksdb.database.RocksStoreOptions.Recovery;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.Env;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/** Options of RocksDB, with the native objects that must live as long as the database. */
final class RocksDbOptions implements AutoCloseable {

    private static final double BLOOM_BITS = 10;
    private static final double MEMORY_BLOOM = 0.05;
    private static final int LOG_FILES = 2;
    private static final long LOG_FILE_BYTES = 1 << 20;

    private final Cache cache;
    private final Cache bufferAccount;
    private final WriteBufferManager buffers;
    private final BloomFilter bloom = new BloomFilter(BLOOM_BITS, false);
    private final Statistics statistics = new Statistics();
    private final SstFileManager files;
    private final long maxDiskBytes;
    private final ColumnFamilyOptions families;
    private final DBOptions options;

    RocksDbOptions(RocksStoreOptions storeOptions) {
        maxDiskBytes = storeOptions.get(Option.MAX_DISK_BYTES);
        long buffer = storeOptions.get(Option.WRITE_BUFFER_BYTES);
        cache = new LRUCache(storeOptions.get(Option.CACHE_BYTES));
        bufferAccount = new LRUCache(buffer);
        buffers = new WriteBufferManager(buffer, bufferAccount);
        try {
            files = new SstFileManager(Env.getDefault());
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
        families = new ColumnFamilyOptions()
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setFilterPolicy(bloom)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash))
                .setMemtablePrefixBloomSizeRatio(MEMORY_BLOOM)
                .setMemtableWholeKeyFiltering(true)
                .setWriteBufferSize(buffer / 4);
        options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setWriteBufferManager(buffers)
                .setMaxOpenFiles(storeOptions.size(Option.MAX_OPEN_FILES))
                .setMaxBackgroundJobs(storeOptions.size(Option.BACKGROUND_JOBS))
                .setMaxTotalWalSize(storeOptions.get(Option.MAX_LOG_BYTES))
                .setWalRecoveryMode(
                        storeOptions.recovery() == Recovery.SALVAGE
                                ? WALRecoveryMode.PointInTimeRecovery
                                : WALRecoveryMode.TolerateCorruptedTailRecords)
                .setStatistics(statistics)
                .setSstFileManager(files)
                .setKeepLogFileNum(LOG_FILES)
                .setMaxLogFileSize(LOG_FILE_BYTES)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
    }

    DBOptions options() {
        return options;
    }

    ColumnFamilyOptions familyOptions() {
        return families;
    }

    DiskLimit diskLimit(RocksDB db) {
        return new DiskLimit(maxDiskBytes, files, db);
    }

    long ticker(TickerType type) {
        return statistics.getTickerCount(type);
    }

    @Override
    public void close() {
        options.close();
        families.close();
        statistics.close();
        files.close();
        buffers.close();
        bufferAccount.close();
        bloom.close();
        cache.close();
    }
}
