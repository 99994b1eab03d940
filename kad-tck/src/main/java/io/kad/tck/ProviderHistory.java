package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.addresses;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** A random history of calls to a provider store, each compared with what a list would do. */
final class ProviderHistory {

    private static final int KEYS = 7;
    private static final int PEERS = 6;
    private static final ProviderStoreFixture.Limits LIMITS = ProviderStoreFixture.HISTORY_LIMITS;

    private final ProviderStoreFixture tested;
    private final long seed;
    private final SplittableRandom random;
    private final List<ProviderRecord> model = new ArrayList<>();
    private int step;
    private String call = "";

    ProviderHistory(ProviderStoreFixture tested, long seed) {
        this.tested = tested;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Makes {@code steps} calls. */
    void run(int steps) throws Exception {
        try {
            for (step = 0; step < steps; step++) {
                next();
                model.removeIf(record -> record.isExpired(tested.clock.instant()));
                assertThat(tested.store.size()).isGreaterThanOrEqualTo(model.size());
            }
            comparePages();
        } catch (AssertionError | RuntimeException | StoreException failed) {
            throw new AssertionError(
                    "seed " + seed + ", step " + step + ", " + call + ": " + failed.getMessage(), failed);
        }
    }

    private void next() throws StoreException {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> add(any());
            case 4 -> addSeveral();
            case 5 -> remove(anyKey(), anyPeer());
            case 6 -> comparePages();
            case 7 -> advance();
            case 8 -> sweep();
            default -> read(anyKey());
        }
    }

    private void add(ProviderRecord record) throws StoreException {
        call = "add " + record;
        Optional<String> refusal = refusal(record);
        try {
            tested.store.add(record);
            assertThat(refusal).as("why it was to be refused").isEmpty();
            put(record);
        } catch (StoreException.Full full) {
            assertThat(refusal).as("why it was refused: %s", full.getMessage()).isPresent();
        }
        read(record.key());
    }

    private void addSeveral() throws StoreException {
        List<ProviderRecord> records = List.of(any(), any(), any());
        call = "addAll " + records;
        boolean full = false;
        for (int i = 0; i < records.size() && !full; i++) {
            full = refusal(records.get(i)).isPresent();
            if (!full) {
                put(records.get(i));
            }
        }
        try {
            tested.store.addAll(records);
            assertThat(full).isFalse();
        } catch (StoreException.Full refused) {
            assertThat(full).isTrue();
        }
        for (ProviderRecord record : records) {
            read(record.key());
        }
    }

    private void put(ProviderRecord record) {
        int place = place(record.key(), record.provider());
        if (place < 0) {
            model.add(record);
        } else {
            model.set(place, record);
        }
    }

    /** Returns why a new record has no place. The limit in all is never reached. */
    private Optional<String> refusal(ProviderRecord record) {
        if (place(record.key(), record.provider()) >= 0) {
            return Optional.empty();
        }
        if (record.provider().equals(SELF)) {
            return count(r -> isOwn(r)) >= LIMITS.local() ? Optional.of("own") : Optional.empty();
        }
        if (count(r -> !isOwn(r) && r.key().equals(record.key())) >= LIMITS.remotePerKey()) {
            return Optional.of("the key");
        }
        return count(r -> r.provider().equals(record.provider())) >= LIMITS.remotePerProvider()
                ? Optional.of("the provider")
                : Optional.empty();
    }

    private void remove(RecordKey key, PeerId provider) throws StoreException {
        call = "remove " + key + " " + provider;
        int place = place(key, provider);
        assertThat(tested.store.remove(key, provider)).isEqualTo(place >= 0);
        if (place >= 0) {
            model.remove(place);
        }
        read(key);
    }

    private void read(RecordKey key) throws StoreException {
        int limit = 1 + random.nextInt(5);
        assertThat(tested.store.providers(key, limit))
                .isEqualTo(model.stream()
                        .filter(record -> record.key().equals(key))
                        .limit(limit)
                        .toList());
    }

    private void comparePages() throws StoreException {
        int limit = 1 + random.nextInt(4);
        call = "own pages of " + limit;
        assertThat(tested.allLocal(limit))
                .containsExactlyInAnyOrderElementsOf(
                        model.stream().filter(ProviderHistory::isOwn).toList());
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

    private ProviderRecord any() {
        Optional<Instant> expires = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(tested.clock.instant().plusSeconds(1 + random.nextInt(600)));
        return new ProviderRecord(anyKey(), anyPeer(), addresses(step), expires);
    }

    private RecordKey anyKey() {
        return key(random.nextInt(KEYS));
    }

    private PeerId anyPeer() {
        int number = random.nextInt(PEERS);
        return number == 0 ? SELF : peer(number);
    }

    private int place(RecordKey key, PeerId provider) {
        for (int i = 0; i < model.size(); i++) {
            if (model.get(i).key().equals(key) && model.get(i).provider().equals(provider)) {
                return i;
            }
        }
        return -1;
    }

    private long count(Predicate<ProviderRecord> counted) {
        return model.stream().filter(counted).count();
    }

    private static boolean isOwn(ProviderRecord record) {
        return record.provider().equals(SELF);
    }
}
