package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Stores of one peer in one directory, and test data for them. */
final class StoreFixture {

    static final PeerId SELF = PeerId.fromPublicKey(Bytes.utf8("self"));
    static final PeerId OTHER = PeerId.fromPublicKey(Bytes.utf8("other"));

    final Path directory;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    StoreFixture(Path directory) {
        this.directory = directory;
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    SpiContext context(String... options) {
        return context(SELF, options);
    }

    SpiContext context(PeerId self, String... options) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put("rocksdb." + options[i], options[i + 1]);
        }
        return new SpiContext(self, () -> now, Optional.of(directory), map, Runnable::run);
    }

    RecordStore records(String... options) throws StoreException {
        return new RocksRecordStoreProvider().create(context(options));
    }

    ProviderStore providers(String... options) throws StoreException {
        return new RocksProviderStoreProvider().create(context(options));
    }

    Path database() {
        return directory.resolve("rocksdb");
    }

    /** Returns the files of the database whose names end with {@code suffix}. */
    List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(database())) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** Copies the current files of the database to another directory, and returns the stores there. */
    StoreFixture copyTo(Path target) throws IOException {
        StoreFixture copy = new StoreFixture(target);
        copy.now = now;
        Files.createDirectories(copy.database());
        for (Path file : files("")) {
            if (!file.getFileName().toString().equals("LOCK")) {
                Files.copy(file, copy.database().resolve(file.getFileName()));
            }
        }
        return copy;
    }

    static RecordKey key(int number) {
        return RecordKey.utf8("/test/" + number);
    }

    static Record local(int number) {
        return remote(number).withPublisher(SELF);
    }

    static Record remote(int number) {
        return Record.of(key(number), Bytes.utf8("value " + number)).withPublisher(OTHER);
    }

    static void put(RecordStore store, Record record) throws StoreException {
        store.update(record.key(), stored -> Optional.of(record));
    }

    static ProviderRecord provider(int number, PeerId peer) {
        return new ProviderRecord(key(number), peer, List.of(), Optional.empty());
    }

    /** Returns the stored records among the numbers from {@code from} (inclusive) to {@code to} (exclusive). */
    static List<Record> stored(RecordStore store, int from, int to) throws StoreException {
        List<Record> stored = new ArrayList<>();
        for (int i = from; i < to; i++) {
            store.get(key(i)).ifPresent(stored::add);
        }
        return stored;
    }
}
