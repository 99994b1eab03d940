package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.remote;
import static io.kad.tck.support.TestData.key;
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

/** A store for each test, with a clock that stands still unless the test moves it, and what tests share. */
public abstract class RecordStoreFixture {

    static final Duration HOUR = Duration.ofHours(1);
    static final Duration DAY = Duration.ofDays(1);
    static final Limits LIMITS = new Limits(8, 4, 1024);

    final TestClock clock = new TestClock();
    final RecordedEvictions evictions = new RecordedEvictions();
    SpiContext context;
    RecordStore store;

    @SuppressWarnings("NullAway.Init") // context and store are made before each test
    RecordStoreFixture() {}

    /**
     * The limits that a store under test keeps to.
     *
     * @param remoteRecords how many records it holds whose publisher is another peer, or that name none
     * @param localRecords how many it holds whose publisher is {@link SpiContext#self()}
     * @param valueBytes the size of the largest value
     */
    public record Limits(int remoteRecords, int localRecords, int valueBytes) {}

    abstract RecordStore newStore(SpiContext context) throws Exception;

    /** Makes the store of a test. */
    @BeforeEach
    public final void openStore(@TempDir Path temporary) throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("store"));
        context = new SpiContext(SELF, clock, Optional.of(directory), Map.of(), Runnable::run, evictions);
        store = newStore(context);
    }

    /** Makes the store anew, in another directory. */
    final void openAnotherStore(String name) throws Exception {
        store.close();
        Path directory =
                Files.createDirectory(context.dataDirectory().orElseThrow().resolveSibling(name));
        context = new SpiContext(SELF, clock, Optional.of(directory), Map.of(), Runnable::run, evictions);
        store = newStore(context);
    }

    @AfterEach
    public final void closeStore() throws Exception {
        store.close();
    }

    final Optional<Record> put(Record record) throws StoreException {
        return store.update(record.key(), held -> Optional.of(record));
    }

    /** Stores as many foreign records as there may be: those of keys 0 on. */
    final List<Record> fillRemote() throws StoreException {
        List<Record> held = new ArrayList<>();
        for (int i = 0; i < LIMITS.remoteRecords(); i++) {
            // one without a publisher is foreign as well
            Record record = i == 0 ? Record.of(key(i), value(i)) : remote(i);
            put(record);
            held.add(record);
        }
        return held;
    }

    /** Stores as many own records as there may be: those of keys 200 on. */
    final List<Record> fillLocal() throws StoreException {
        List<Record> held = new ArrayList<>();
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            put(TestData.local(200 + i));
            held.add(TestData.local(200 + i));
        }
        return held;
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
        return paged(cursor -> store.localPage(cursor, limit), limit, () -> {});
    }

    private static List<Record> paged(Pages pages, int limit, Between between) throws StoreException {
        List<Record> seen = new ArrayList<>();
        Optional<Bytes> cursor = Optional.empty();
        int count = 0;
        do {
            Page<Record> page = pages.page(cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            assertThat(++count).as("pages come to an end").isLessThan(1000);
            seen.addAll(page.items());
            cursor = page.next();
            between.run();
        } while (cursor.isPresent());
        return seen;
    }

    /** What is done between two pages. */
    @FunctionalInterface
    interface Between {
        void run() throws StoreException;
    }

    @FunctionalInterface
    private interface Pages {
        Page<Record> page(Optional<Bytes> after) throws StoreException;
    }
}
