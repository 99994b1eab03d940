package io.kad.bench.store;

import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.RocksProviderStoreProvider;
import io.kad.store.rocksdb.RocksRecordStoreProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores under test in a directory: those of kad, or the bare database. */
interface BenchmarkStores extends AutoCloseable {

    /**
     * Opens the stores in {@code directory}; creates them if they do not exist.
     *
     * @param kind {@code kad} for the stores of kad, {@code bare} for the bare database
     */
    static BenchmarkStores open(String kind, Path directory) throws Exception {
        return switch (kind) {
            case "kad" -> new KadStores(directory);
            case "bare" -> new BareStores(directory);
            default -> throw new IllegalArgumentException("invalid stores '" + kind + "': expected kad or bare");
        };
    }

    /** Returns the directory of the database, below {@code directory}. */
    static Path database(Path directory) {
        return directory.resolve("rocksdb");
    }

    void putAll(List<Record> records) throws Exception;

    void addAll(List<ProviderRecord> providers) throws Exception;

    /** Writes all records and provider records of {@code workload} in batches of up to {@code batchSize}. */
    default void writeAll(StoreWorkload workload, int batchSize) throws Exception {
        for (var batch : StoreWorkload.batches(workload.records(), batchSize)) {
            putAll(batch);
        }
        for (var batch : StoreWorkload.batches(workload.providers(), batchSize)) {
            addAll(batch);
        }
    }

    Object get(RecordKey key) throws Exception;

    Object providers(RecordKey key, int limit) throws Exception;

    @Override
    void close() throws StoreException;

    /** Stores of kad, as a peer uses them. */
    final class KadStores implements BenchmarkStores {

        private final RecordStore records;
        private final ProviderStore providers;

        KadStores(Path directory) throws Exception {
            SpiContext context = new SpiContext(
                    StoreWorkload.SELF, () -> StoreWorkload.NOW, Optional.of(directory), Map.of(), Runnable::run);
            records = new RocksRecordStoreProvider().create(context);
            providers = new RocksProviderStoreProvider().create(context);
        }

        @Override
        public void putAll(List<Record> batch) throws Exception {
            records.updateAll(batch.stream().map(RecordChange::put).toList());
        }

        @Override
        public void addAll(List<ProviderRecord> batch) throws Exception {
            providers.addAll(batch);
        }

        @Override
        public Object get(RecordKey key) throws Exception {
            return records.get(key);
        }

        @Override
        public Object providers(RecordKey key, int limit) throws Exception {
            return providers.providers(key, limit);
        }

        @Override
        public void close() throws StoreException {
            records.close();
            providers.close();
        }
    }

    /** Bare database with the same content. */
    final class BareStores implements BenchmarkStores {

        private final BareRocksDb database;

        BareStores(Path directory) throws Exception {
            database = new BareRocksDb(Files.createDirectories(database(directory)));
        }

        @Override
        public void putAll(List<Record> batch) throws Exception {
            database.putAll(batch);
        }

        @Override
        public void addAll(List<ProviderRecord> batch) throws Exception {
            database.addAll(batch);
        }

        @Override
        public Object get(RecordKey key) throws Exception {
            return database.get(key.bytes());
        }

        @Override
        public Object providers(RecordKey key, int limit) throws Exception {
            return database.providers(key.bytes(), limit);
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
