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

/** Either kind of stores in a directory: ours, or the bare database. */
interface OpenStores extends AutoCloseable {

    /** Opens ours, {@code kad}, or the bare database, {@code raw}, in {@code directory}, or makes it. */
    static OpenStores open(String whose, Path directory) throws Exception {
        return switch (whose) {
            case "kad" -> new Ours(directory);
            case "raw" -> new Bare(directory);
            default -> throw new IllegalArgumentException(whose);
        };
    }

    /** Returns where the database of that kind is, below {@code directory}. */
    static Path database(Path directory) {
        return directory.resolve("rocksdb");
    }

    void putAll(List<Record> records) throws Exception;

    void addAll(List<ProviderRecord> providers) throws Exception;

    Object get(RecordKey key) throws Exception;

    Object providers(RecordKey key, int limit) throws Exception;

    @Override
    void close() throws StoreException;

    /** Ours, as a peer uses them. */
    final class Ours implements OpenStores {

        private final RecordStore records;
        private final ProviderStore providers;

        Ours(Path directory) throws Exception {
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

    /** The bare database. */
    final class Bare implements OpenStores {

        private final RawStores raw;

        Bare(Path directory) throws Exception {
            raw = new RawStores(Files.createDirectories(database(directory)));
        }

        @Override
        public void putAll(List<Record> batch) throws Exception {
            raw.putAll(batch);
        }

        @Override
        public void addAll(List<ProviderRecord> batch) throws Exception {
            raw.addAll(batch);
        }

        @Override
        public Object get(RecordKey key) throws Exception {
            return raw.get(key.bytes());
        }

        @Override
        public Object providers(RecordKey key, int limit) throws Exception {
            return raw.providers(key.bytes(), limit);
        }

        @Override
        public void close() {
            raw.close();
        }
    }
}
