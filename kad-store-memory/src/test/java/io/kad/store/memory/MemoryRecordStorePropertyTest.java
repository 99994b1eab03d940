package io.kad.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.store.memory.MemoryStoreLimits.Records;
import io.kad.tck.support.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Random calls to the record store, compared with a map. */
class MemoryRecordStorePropertyTest {

    private static final PeerId SELF = PeerId.fromPublicKey(Bytes.utf8("self"));
    private static final PeerId OTHER = PeerId.fromPublicKey(Bytes.utf8("other"));
    private static final int STEPS = 60;

    /** Expected content of the store: the records that are not expired. */
    private static final class Model {
        private final TreeMap<Bytes, Record> records = new TreeMap<>();
        private final Records limits;

        Model(Records limits) {
            this.limits = limits;
        }

        void expire(Instant now) {
            records.values().removeIf(record -> record.isExpired(now));
        }

        /** Stores the record if there is room, and returns whether it did. */
        boolean put(Record record) {
            Record previous = records.get(record.key().bytes());
            boolean local = isLocal(record);
            if (record.value().size() > limits.maxValueBytes()) {
                return false;
            }
            TreeMap<Bytes, Record> rest = new TreeMap<>(records);
            while (!hasRoom(record, previous, rest)) {
                Optional<Record> farthest = rest.values().stream()
                        .filter(other -> !isLocal(other) && !other.key().equals(record.key()))
                        .max(Comparator.comparing(Model::distance))
                        .filter(other -> !local && distance(other).compareTo(distance(record)) > 0);
                if (farthest.isEmpty()) {
                    return false;
                }
                rest.remove(farthest.get().key().bytes());
            }
            records.clear();
            records.putAll(rest);
            records.put(record.key().bytes(), record);
            return true;
        }

        private boolean hasRoom(Record record, @Nullable Record previous, Map<Bytes, Record> others) {
            boolean local = isLocal(record);
            Quota quota = local ? limits.local() : limits.remote();
            boolean inShare = count(local, others) < Math.max(quota.maxKeys(), count(local, records));
            boolean inAll =
                    others.size() < limits.local().maxKeys() + limits.remote().maxKeys();
            boolean fitsKeys = previous != null || (inShare && inAll);
            long previousSize = previous != null && isLocal(previous) == local ? size(previous) : 0;
            long bytesAfter = bytes(local, others) - previousSize + size(record);
            return fitsKeys && (bytesAfter <= quota.maxBytes() || bytesAfter <= bytes(local, records));
        }

        private static long count(boolean local, Map<Bytes, Record> records) {
            return records.values().stream()
                    .filter(record -> isLocal(record) == local)
                    .count();
        }

        private long bytes(boolean local) {
            return bytes(local, records);
        }

        private static long bytes(boolean local, Map<Bytes, Record> records) {
            return records.values().stream()
                    .filter(record -> isLocal(record) == local)
                    .mapToLong(Model::size)
                    .sum();
        }

        private static Distance distance(Record record) {
            return KadKey.hash(SELF.bytes()).distance(KadKey.hash(record.key().bytes()));
        }

        private static long size(Record record) {
            return (long) MemoryRecordEntry.OVERHEAD_BYTES
                    + record.key().bytes().size()
                    + record.value().size();
        }

        private static boolean isLocal(Record record) {
            return record.publisher().equals(Optional.of(SELF));
        }
    }

    @Property(tries = 1500)
    void theStoreMatchesAMapModel(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        TestClock clock = new TestClock();
        Records limits = new Records(
                new Quota(random.nextInt(6), 700L * random.nextInt(8)),
                new Quota(random.nextInt(4), 700L * random.nextInt(6)),
                100,
                60);
        try (MemoryRecordStore store = new MemoryRecordStore(SELF, clock, limits)) {
            Model model = new Model(limits);
            for (int i = 0; i < STEPS; i++) {
                step(random, clock, store, model);
                model.expire(clock.instant());
                assertThat(all(store, 1 + random.nextInt(5))).containsExactlyElementsOf(model.records.values());
                assertThat(store.size()).isGreaterThanOrEqualTo(model.records.size());
            }
            clock.advance(Duration.ofDays(1000));
            model.expire(clock.instant());
            store.removeExpired(1000);
            assertThat(store.size()).isEqualTo(model.records.size());
            assertThat(store.bytes()).isEqualTo(model.bytes(true) + model.bytes(false));
        }
    }

    private static void step(Random random, TestClock clock, MemoryRecordStore store, Model model) throws Exception {
        RecordKey key = RecordKey.utf8("k" + random.nextInt(10));
        switch (random.nextInt(8)) {
            case 0 -> clock.advance(Duration.ofMillis(random.nextInt(100_000)));
            case 1 -> {
                store.update(key, stored -> Optional.empty());
                model.records.remove(key.bytes());
            }
            case 2 -> {
                int limit = 1 + random.nextInt(3);
                assertThat(store.removeExpired(limit)).isBetween(0, limit);
            }
            case 3 ->
                assertThat(store.update(key, stored -> stored))
                        .isEqualTo(Optional.ofNullable(model.records.get(key.bytes())));
            default -> put(random, clock, store, model, key);
        }
        assertThat(store.get(key))
                .isEqualTo(Optional.ofNullable(model.records.get(key.bytes()))
                        .filter(record -> !record.isExpired(clock.instant())));
    }

    private static void put(Random random, TestClock clock, MemoryRecordStore store, Model model, RecordKey key)
            throws StoreException {
        Record record = new Record(
                key,
                Bytes.of(new byte[random.nextInt(62)]),
                Optional.of(random.nextBoolean() ? OTHER : SELF),
                random.nextInt(3) == 0
                        ? Optional.empty()
                        : Optional.of(clock.instant().plusMillis(1 + random.nextInt(200_000))),
                Optional.of(clock.instant()),
                Optional.of(PublicationTime.stated(clock.instant())));
        boolean accepted = model.put(record);
        try {
            assertThat(store.update(key, stored -> Optional.of(record))).contains(record);
            assertThat(accepted).isTrue();
        } catch (StoreException.Full | StoreException.TooLarge refused) {
            assertThat(accepted).as("%s", refused.getMessage()).isFalse();
        }
    }

    /** Whatever the clock does, records that never expired are returned, and expired ones are not. */
    @Property(tries = 1000)
    void clockJumpsLoseNoRecordAndReviveNone(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        TestClock clock = new TestClock();
        Quota ample = new Quota(1000, Long.MAX_VALUE);
        try (MemoryRecordStore store = new MemoryRecordStore(SELF, clock, new Records(ample, ample, 100, 100))) {
            TreeMap<Bytes, Record> neverExpired = new TreeMap<>();
            for (int i = 0; i < STEPS; i++) {
                if (random.nextInt(4) == 0) {
                    clock.advance(Duration.ofSeconds(random.nextInt(200_000) - 100_000));
                    neverExpired.values().removeIf(record -> record.isExpired(clock.instant()));
                }
                Record record = Record.of(RecordKey.utf8("k" + random.nextInt(30)), Bytes.utf8("" + i))
                        .withExpires(Optional.of(clock.instant().plusSeconds(1 + random.nextInt(150_000))));
                store.update(record.key(), stored -> Optional.of(record));
                neverExpired.put(record.key().bytes(), record);
                if (random.nextInt(5) == 0) {
                    store.removeExpired(1 + random.nextInt(4));
                }
                assertThat(all(store, 7))
                        .containsAll(neverExpired.values())
                        .noneMatch(stored -> stored.isExpired(clock.instant()));
            }
        }
    }

    private static List<Record> all(MemoryRecordStore store, int limit) throws StoreException {
        List<Record> seen = new ArrayList<>();
        Optional<Bytes> cursor = Optional.empty();
        do {
            Page<Record> page = store.page(cursor, limit);
            seen.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());
        return seen;
    }
}
