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
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Random sequence of calls to a provider store, each compared with a list. */
final class ProviderHistory extends StoreHistory {

    private static final int KEYS = 7;
    private static final int PEERS = 6;
    private static final ProviderStoreFixture.Limits LIMITS = ProviderStoreFixture.HISTORY_LIMITS;

    private final ProviderStoreFixture tested;
    private final List<ProviderRecord> model = new ArrayList<>();
    /** The time of the last add by record. */
    private final Map<ProviderRecord, Instant> renewals = new IdentityHashMap<>();

    ProviderHistory(ProviderStoreFixture tested, long seed) {
        super(seed);
        this.tested = tested;
    }

    @Override
    void compareSize() throws StoreException {
        model.removeIf(record -> record.isExpired(tested.clock.instant()));
        assertThat(tested.store.size()).isGreaterThanOrEqualTo(model.size());
    }

    @Override
    void makeCall() throws StoreException {
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
            assertThat(refusal).as("the exceeded limit of an accepted record").isEmpty();
            put(record);
        } catch (StoreException.Full full) {
            assertThat(refusal)
                    .as("the exceeded limit for: %s", full.getMessage())
                    .isPresent();
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
        renewals.put(record, tested.clock.instant());
        int index = indexOf(record.key(), record.provider());
        if (index < 0) {
            if (!isLocal(record) && count(r -> isRemoteOf(r, record.key())) >= LIMITS.remotePerKey()) {
                evictFrom(record.key());
            }
            model.add(record);
        } else {
            model.set(index, record);
        }
    }

    private static boolean isRemoteOf(ProviderRecord record, RecordKey key) {
        return !isLocal(record) && record.key().equals(key);
    }

    /** Removes the remote record of a key that was renewed longest ago, and of those the one added first. */
    private void evictFrom(RecordKey key) {
        model.stream()
                .filter(record -> isRemoteOf(record, key))
                .min(Comparator.comparing(record -> renewals.getOrDefault(record, Instant.EPOCH)))
                .ifPresent(model::remove);
    }

    /** Returns the limit for which a new record is refused; the total limit is never reached. */
    private Optional<String> refusal(ProviderRecord record) {
        if (indexOf(record.key(), record.provider()) >= 0) {
            return Optional.empty();
        }
        if (record.provider().equals(SELF)) {
            return count(r -> isLocal(r)) >= LIMITS.local() ? Optional.of("local records") : Optional.empty();
        }
        return count(r -> r.provider().equals(record.provider())) >= LIMITS.remotePerProvider()
                ? Optional.of("keys per provider")
                : Optional.empty();
    }

    private void remove(RecordKey key, PeerId provider) throws StoreException {
        call = "remove " + key + " " + provider;
        int index = indexOf(key, provider);
        assertThat(tested.store.remove(key, provider)).isEqualTo(index >= 0);
        if (index >= 0) {
            model.remove(index);
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

    @Override
    void comparePages() throws StoreException {
        int limit = 1 + random.nextInt(4);
        call = "local pages of " + limit;
        assertThat(tested.allLocal(limit))
                .containsExactlyInAnyOrderElementsOf(
                        model.stream().filter(ProviderHistory::isLocal).toList());
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

    private int indexOf(RecordKey key, PeerId provider) {
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

    private static boolean isLocal(ProviderRecord record) {
        return record.provider().equals(SELF);
    }
}
