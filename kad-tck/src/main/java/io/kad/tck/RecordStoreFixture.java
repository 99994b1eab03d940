package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.remote;
import static io.kad.tck.support.TestData.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.RecordedEvictions;
import io.kad.tck.support.TestClock;
import io.kad.tck.support.TestData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Fixture of the tests of record stores: a new store per test, a clock that only the test moves, and common operations. */
public abstract class RecordStoreFixture {

    static final Duration HOUR = Duration.ofHours(1);
    static final Duration DAY = Duration.ofDays(1);
    static final Limits LIMITS = new Limits(8, 4, 1024);

    final TestClock clock = new TestClock();
    final RecordedEvictions evictions = new RecordedEvictions();
    SpiContext context;
    RecordStore store;

    @SuppressWarnings("NullAway.Init") // context and store are set before each test
    RecordStoreFixture() {}

    /**
     * Limits of a store under test.
     *
     * @param remoteRecords the largest number of records whose publisher is another peer or unknown
     * @param localRecords the largest number of records whose publisher is {@link SpiContext#self()}
     * @param valueBytes the largest size of a value
     */
    public record Limits(int remoteRecords, int localRecords, int valueBytes) {}

    abstract RecordStore newStore(SpiContext context) throws Exception;

    /** Creates the store of a test. */
    @BeforeEach
    public final void openStore(@TempDir Path temporary) throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("store"));
        context = new SpiContext(SELF, clock, Optional.of(directory), Map.of(), Runnable::run, evictions);
        store = newStore(context);
    }

    /** Creates another store, in another directory. */
    final void openAnotherStore(String name) throws Exception {
        store.close();
        Path directory =
                Files.createDirectory(context.dataDirectory().orElseThrow().resolveSibling(name));
        context = new SpiContext(SELF, clock, Optional.of(directory), Map.of(), Runnable::run, evictions);
        store = newStore(context);
    }

    /** Closes the store of a test. */
    @AfterEach
    public final void closeStore() throws Exception {
        store.close();
    }

    final Optional<Record> put(Record record) throws StoreException {
        return store.update(record.key(), stored -> Optional.of(record));
    }

    /** Fills the share of remote records, with keys from 0. */
    final List<Record> fillRemote() throws StoreException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < LIMITS.remoteRecords(); i++) {
            // a record without a publisher counts as remote
            Record record = i == 0 ? Record.of(key(i), value(i)) : remote(i);
            put(record);
            records.add(record);
        }
        return records;
    }

    /** Fills the share of local records, with keys from 200. */
    final List<Record> fillLocal() throws StoreException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            put(TestData.local(200 + i));
            records.add(TestData.local(200 + i));
        }
        return records;
    }

    final Record expiringIn(int number, Duration time) {
        return remote(number).withExpires(Optional.of(clock.instant().plus(time)));
    }

    final List<Record> all(int limit) throws StoreException {
        return all(limit, () -> {});
    }

    final List<Record> all(int limit, Between between) throws StoreException {
        return paged(cursor -> store.page(cursor, limit), limit, between);
    }

    final List<Record> allLocal(int limit) throws StoreException {
        return allLocal(limit, () -> {});
    }

    final List<Record> allLocal(int limit, Between between) throws StoreException {
        return paged(cursor -> store.localPage(cursor, limit), limit, between);
    }

    private static List<Record> paged(Pages pages, int limit, Between between) throws StoreException {
        List<Record> seen = new ArrayList<>();
        Optional<Bytes> cursor = Optional.empty();
        int count = 0;
        do {
            Page<Record> page = pages.page(cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            assertThat(++count).as("the number of pages").isLessThan(1000);
            seen.addAll(page.items());
            cursor = page.next();
            between.run();
        } while (cursor.isPresent());
        return seen;
    }

    /** Writes between two pages. */
    @FunctionalInterface
    interface Between {
        void run() throws StoreException;
    }

    @FunctionalInterface
    private interface Pages {
        Page<Record> page(Optional<Bytes> after) throws StoreException;
    }
}
