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
import io.kad.api.record.PublicationTime;
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
import java.util.TreeMap;

/** Random sequence of calls to a record store, each compared with a map. */
final class RecordHistory extends StoreHistory {

    private static final int REMOTE_KEYS = 12;
    private static final int LOCAL_KEYS = 6;

    private final RecordStoreFixture tested;
    private final Map<RecordKey, Record> model = new HashMap<>();

    RecordHistory(RecordStoreFixture tested, long seed) {
        super(seed);
        this.tested = tested;
    }

    @Override
    void compareSize() throws StoreException {
        model.values().removeIf(record -> record.isExpired(tested.clock.instant()));
        assertThat(tested.store.size()).isGreaterThanOrEqualTo(model.size());
    }

    @Override
    void makeCall() throws Exception {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> put(remote());
            case 3, 4 -> put(local());
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
        Optional<Record> previous = Optional.ofNullable(model.get(record.key()));
        int evictions = tested.evictions.all().size();
        try {
            Optional<Record> result = tested.store.update(record.key(), stored -> {
                seen.add(stored);
                return Optional.of(record);
            });
            assertThat(result).contains(record);
            onAccepted(record, evictions);
        } catch (StoreException.Full full) {
            onRefused(record, evictions);
        }
        assertThat(seen).isNotEmpty().allMatch(previous::equals);
        read(record.key());
    }

    private void putSeveral() throws StoreException {
        TreeMap<RecordKey, Record> records = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            Record record = random.nextBoolean() ? remote() : local();
            records.put(record.key(), record);
        }
        call = "updateAll " + records.values();
        // close to a limit the records are put one by one, because put checks which record is evicted
        boolean hasRoom =
                records.values().stream().allMatch(record -> count(isLocal(record)) + 3 <= limit(isLocal(record)));
        if (!hasRoom) {
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

    /** Updates the model after a record was stored, and checks the eviction that the store reported. */
    private void onAccepted(Record record, int evictions) {
        List<RecordedEvictions.Eviction> all = tested.evictions.all();
        boolean full = !model.containsKey(record.key()) && count(isLocal(record)) >= limit(isLocal(record));
        if (full) {
            assertThat(isLocal(record)).as("a local record beyond the limit").isFalse();
            assertThat(all).as("reported evictions").hasSize(evictions + 1);
            Record evicted = all.get(evictions).evicted();
            assertThat(model.remove(evicted.key())).isEqualTo(evicted);
            assertThat(isLocal(evicted)).isFalse();
            assertThat(distance(evicted.key())).isGreaterThan(distance(record.key()));
        } else {
            assertThat(all).as("reported evictions").hasSize(evictions);
        }
        model.put(record.key(), record);
    }

    private void onRefused(Record record, int evictions) {
        assertThat(model).doesNotContainKey(record.key());
        assertThat(count(isLocal(record)))
                .as("the number of records after a refusal")
                .isEqualTo(limit(isLocal(record)));
        assertThat(tested.evictions.all()).hasSize(evictions);
    }

    private void remove(RecordKey key) throws StoreException {
        call = "remove " + key;
        assertThat(tested.store.update(key, stored -> Optional.empty())).isEmpty();
        model.remove(key);
        read(key);
    }

    private void keep(RecordKey key) throws StoreException {
        call = "keep " + key;
        assertThat(tested.store.update(key, stored -> stored)).isEqualTo(Optional.ofNullable(model.get(key)));
        read(key);
    }

    private void read(RecordKey key) throws StoreException {
        assertThat(tested.store.get(key)).isEqualTo(Optional.ofNullable(model.get(key)));
    }

    @Override
    void comparePages() throws StoreException {
        int limit = 1 + random.nextInt(5);
        call = "pages of " + limit;
        assertThat(tested.all(limit)).containsExactlyInAnyOrderElementsOf(model.values());
        assertThat(tested.allLocal(limit))
                .containsExactlyInAnyOrderElementsOf(
                        model.values().stream().filter(RecordHistory::isLocal).toList());
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

    private Record remote() {
        return record(key(random.nextInt(REMOTE_KEYS)), random.nextBoolean() ? Optional.empty() : Optional.of(peer(3)));
    }

    private Record local() {
        return record(key(200 + random.nextInt(LOCAL_KEYS)), Optional.of(SELF));
    }

    private Record record(RecordKey key, Optional<PeerId> publisher) {
        Bytes value = Bytes.utf8("step " + step);
        Optional<Instant> expires = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(tested.clock.instant().plusSeconds(1 + random.nextInt(600)));
        Optional<PublicationTime> published = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new PublicationTime(tested.clock.instant(), random.nextBoolean()));
        return new Record(key, value, publisher, expires, Optional.empty(), published);
    }

    private RecordKey anyKey() {
        return key(random.nextBoolean() ? random.nextInt(REMOTE_KEYS) : 200 + random.nextInt(LOCAL_KEYS));
    }

    private long count(boolean local) {
        return model.values().stream()
                .filter(record -> isLocal(record) == local)
                .count();
    }

    private static int limit(boolean local) {
        return local ? RecordStoreFixture.LIMITS.localRecords() : RecordStoreFixture.LIMITS.remoteRecords();
    }

    private static boolean isLocal(Record record) {
        return record.publisher().equals(Optional.of(SELF));
    }

    private static Distance distance(RecordKey key) {
        return KadKey.hash(SELF.bytes()).distance(KadKey.hash(key.bytes()));
    }
}
