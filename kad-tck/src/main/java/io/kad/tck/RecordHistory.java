package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.RecordedEvictions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A random history of calls to a record store, each compared with what a map would do. */
final class RecordHistory {

    private static final int FOREIGN_KEYS = 12;
    private static final int OWN_KEYS = 6;

    private final RecordStoreFixture tested;
    private final long seed;
    private final SplittableRandom random;
    private final Map<RecordKey, Record> model = new HashMap<>();
    private int step;
    private String call = "";

    RecordHistory(RecordStoreFixture tested, long seed) {
        this.tested = tested;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Makes {@code steps} calls. */
    void run(int steps) throws Exception {
        try {
            for (step = 0; step < steps; step++) {
                next();
                model.values().removeIf(record -> record.isExpired(tested.clock.instant()));
                assertThat(tested.store.size()).isGreaterThanOrEqualTo(model.size());
            }
            comparePages();
        } catch (AssertionError | RuntimeException | StoreException failed) {
            throw new AssertionError(
                    "seed " + seed + ", step " + step + ", " + call + ": " + failed.getMessage(), failed);
        }
    }

    private void next() throws Exception {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> put(foreign());
            case 3, 4 -> put(own());
            case 5 -> putSeveral();
            case 6 -> remove(anyKey());
            case 7 -> keep(anyKey());
            case 8 -> comparePages();
            case 9 -> advance();
            case 10 -> sweep();
            default -> read(anyKey());
        }
    }

    private void put(Record record) throws StoreException {
        call = "put " + record;
        List<Optional<Record>> seen = new ArrayList<>();
        Optional<Record> before = Optional.ofNullable(model.get(record.key()));
        int told = tested.evictions.all().size();
        try {
            Optional<Record> left = tested.store.update(record.key(), held -> {
                seen.add(held);
                return Optional.of(record);
            });
            assertThat(left).contains(record);
            accepted(record, told);
        } catch (StoreException.Full full) {
            refused(record, told);
        }
        assertThat(seen).isNotEmpty().allMatch(before::equals);
        read(record.key());
    }

    private void putSeveral() throws StoreException {
        TreeMap<RecordKey, Record> records = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            Record record = random.nextBoolean() ? foreign() : own();
            records.put(record.key(), record);
        }
        call = "updateAll " + records.values();
        // one by one where a limit is near: which change displaces which record is for put to check
        boolean roomy = records.values().stream().allMatch(record -> count(isOwn(record)) + 3 <= limit(isOwn(record)));
        if (!roomy) {
            for (Record record : records.values()) {
                put(record);
            }
            return;
        }
        tested.store.updateAll(records.values().stream().map(RecordChange::put).toList());
        model.putAll(records);
        for (RecordKey key : records.keySet()) {
            read(key);
        }
    }

    /** The record is held; makes the model give way as the store told. */
    private void accepted(Record record, int told) {
        List<RecordedEvictions.Eviction> all = tested.evictions.all();
        boolean full = !model.containsKey(record.key()) && count(isOwn(record)) >= limit(isOwn(record));
        if (full) {
            assertThat(isOwn(record)).as("an own record beyond the limit").isFalse();
            assertThat(all).as("records that were told to give way").hasSize(told + 1);
            Record displaced = all.get(told).evicted();
            assertThat(model.remove(displaced.key())).isEqualTo(displaced);
            assertThat(isOwn(displaced)).isFalse();
            assertThat(distance(displaced.key())).isGreaterThan(distance(record.key()));
        } else {
            assertThat(all).as("records that were told to give way").hasSize(told);
        }
        model.put(record.key(), record);
    }

    private void refused(Record record, int told) {
        assertThat(model).doesNotContainKey(record.key());
        assertThat(count(isOwn(record))).as("a refusal means full").isEqualTo(limit(isOwn(record)));
        assertThat(tested.evictions.all()).hasSize(told);
    }

    private void remove(RecordKey key) throws StoreException {
        call = "remove " + key;
        assertThat(tested.store.update(key, held -> Optional.empty())).isEmpty();
        model.remove(key);
        read(key);
    }

    private void keep(RecordKey key) throws StoreException {
        call = "keep " + key;
        assertThat(tested.store.update(key, held -> held)).isEqualTo(Optional.ofNullable(model.get(key)));
        read(key);
    }

    private void read(RecordKey key) throws StoreException {
        assertThat(tested.store.get(key)).isEqualTo(Optional.ofNullable(model.get(key)));
    }

    private void comparePages() throws StoreException {
        int limit = 1 + random.nextInt(5);
        call = "pages of " + limit;
        assertThat(tested.all(limit)).containsExactlyInAnyOrderElementsOf(model.values());
        assertThat(tested.allLocal(limit))
                .containsExactlyInAnyOrderElementsOf(
                        model.values().stream().filter(RecordHistory::isOwn).toList());
    }

    private void advance() {
        Duration time = Duration.ofSeconds(random.nextInt(240));
        call = "advance " + time;
        tested.clock.advance(time);
    }

    private void sweep() throws StoreException {
        int limit = 1 + random.nextInt(4);
        call = "removeExpired " + limit;
        assertThat(tested.store.removeExpired(limit)).isBetween(0, limit);
    }

    private Record foreign() {
        return record(
                key(random.nextInt(FOREIGN_KEYS)), random.nextBoolean() ? Optional.empty() : Optional.of(peer(3)));
    }

    private Record own() {
        return record(key(200 + random.nextInt(OWN_KEYS)), Optional.of(SELF));
    }

    private Record record(RecordKey key, Optional<PeerId> publisher) {
        Bytes value = Bytes.utf8("step " + step);
        Optional<Instant> expires = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(tested.clock.instant().plusSeconds(1 + random.nextInt(600)));
        return new Record(key, value, publisher, expires, Optional.empty());
    }

    private RecordKey anyKey() {
        return key(random.nextBoolean() ? random.nextInt(FOREIGN_KEYS) : 200 + random.nextInt(OWN_KEYS));
    }

    private long count(boolean own) {
        return model.values().stream().filter(record -> isOwn(record) == own).count();
    }

    private static int limit(boolean own) {
        return own ? RecordStoreFixture.LIMITS.localRecords() : RecordStoreFixture.LIMITS.remoteRecords();
    }

    private static boolean isOwn(Record record) {
        return record.publisher().equals(Optional.of(SELF));
    }

    private static Distance distance(RecordKey key) {
        return KadKey.hash(SELF.bytes()).distance(KadKey.hash(key.bytes()));
    }
}
