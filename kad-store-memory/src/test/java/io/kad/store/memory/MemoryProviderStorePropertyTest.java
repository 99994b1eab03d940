package io.kad.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.MemoryStoreLimits.Providers;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.tck.support.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random calls to the provider store, compared with a list. */
class MemoryProviderStorePropertyTest {

    private static final PeerId SELF = peer(0);
    private static final int KEYS = 5;
    private static final int PEERS = 6;
    private static final int STEPS = 60;

    /** Expected content of the store, in the order in which records were first added. */
    private static final class Model {
        private final List<ProviderRecord> records = new ArrayList<>();
        private final Map<ProviderRecord, Instant> renewals = new IdentityHashMap<>();
        private final Providers limits;

        Model(Providers limits) {
            this.limits = limits;
        }

        void expire(Instant now) {
            records.removeIf(record -> record.isExpired(now));
        }

        List<ProviderRecord> of(RecordKey key) {
            return records.stream().filter(record -> record.key().equals(key)).toList();
        }

        List<ProviderRecord> local() {
            return records.stream()
                    .filter(Model::isLocal)
                    .sorted((a, b) -> a.key().bytes().compareTo(b.key().bytes()))
                    .toList();
        }

        boolean add(ProviderRecord record, Instant now) {
            for (int i = 0; i < records.size(); i++) {
                if (isReplacement(records.get(i), record)) {
                    records.set(i, record);
                    renewals.put(record, now);
                    return true;
                }
            }
            boolean local = isLocal(record);
            List<ProviderRecord> share =
                    records.stream().filter(other -> isLocal(other) == local).toList();
            long inKey = share.stream()
                    .filter(other -> other.key().equals(record.key()))
                    .count();
            long keys = share.stream().map(ProviderRecord::key).distinct().count();
            Quota quota = local ? limits.local() : limits.remote();
            long ofProvider = records.stream()
                    .filter(other -> other.provider().equals(record.provider()))
                    .count();
            if (!local && ofProvider >= limits.maxPerProvider()) {
                return false;
            }
            if (!local && limits.maxPerKey() == 0 || (inKey == 0 && keys >= quota.maxKeys())) {
                return false;
            }
            if (!local && inKey >= limits.maxPerKey()) {
                share.stream()
                        .filter(other -> other.key().equals(record.key()))
                        .min(Comparator.comparing(other -> renewals.getOrDefault(other, Instant.EPOCH)))
                        .ifPresent(records::remove);
            }
            renewals.put(record, now);
            return records.add(record);
        }

        private static boolean isReplacement(ProviderRecord a, ProviderRecord b) {
            return a.key().equals(b.key()) && a.provider().equals(b.provider());
        }

        private static boolean isLocal(ProviderRecord record) {
            return record.provider().equals(SELF);
        }
    }

    private static PeerId peer(int number) {
        return PeerId.fromPublicKey(Bytes.utf8("peer " + number));
    }

    private static RecordKey key(int number) {
        return RecordKey.utf8("k" + number);
    }

    @Property(tries = 1500)
    void theStoreMatchesAListModel(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        TestClock clock = new TestClock();
        Providers limits = new Providers(
                new Quota(KEYS, Long.MAX_VALUE), // what a full store evicts: ProviderLimitTests
                new Quota(random.nextInt(KEYS + 1), Long.MAX_VALUE),
                random.nextInt(PEERS),
                random.nextInt(KEYS + 1),
                100,
                100);
        try (MemoryProviderStore store = new MemoryProviderStore(SELF, clock, limits)) {
            Model model = new Model(limits);
            for (int i = 0; i < STEPS; i++) {
                step(random, clock, store, model);
                model.expire(clock.instant());
                for (int k = 0; k < KEYS; k++) {
                    assertThat(store.providers(key(k), 100)).isEqualTo(model.of(key(k)));
                }
                assertThat(local(store, 1 + random.nextInt(3))).isEqualTo(model.local());
                assertThat(store.size()).isGreaterThanOrEqualTo(model.records.size());
            }
            clock.advance(Duration.ofDays(1000));
            model.expire(clock.instant());
            store.removeExpired(1000);
            assertThat(store.size()).isEqualTo(model.records.size());
            for (ProviderRecord record : model.records) {
                assertThat(store.remove(record.key(), record.provider())).isTrue();
            }
            assertThat(store.bytes()).isZero();
        }
    }

    private static void step(Random random, TestClock clock, MemoryProviderStore store, Model model) throws Exception {
        RecordKey key = key(random.nextInt(KEYS));
        PeerId provider = peer(random.nextInt(PEERS));
        switch (random.nextInt(8)) {
            case 0 -> clock.advance(Duration.ofMillis(random.nextInt(100_000)));
            case 1 ->
                assertThat(store.remove(key, provider))
                        .isEqualTo(model.records.removeIf(record ->
                                record.key().equals(key) && record.provider().equals(provider)));
            case 2 -> {
                int limit = 1 + random.nextInt(3);
                assertThat(store.removeExpired(limit)).isBetween(0, limit);
            }
            default ->
                add(
                        random,
                        clock,
                        store,
                        model,
                        new ProviderRecord(
                                key,
                                provider,
                                List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (1 + random.nextInt(9)))),
                                Optional.empty()));
        }
    }

    private static void add(
            Random random, TestClock clock, MemoryProviderStore store, Model model, ProviderRecord lasting) {
        Optional<Instant> expires = random.nextInt(3) == 0
                ? Optional.empty()
                : Optional.of(clock.instant().plusMillis(1 + random.nextInt(200_000)));
        ProviderRecord record = new ProviderRecord(lasting.key(), lasting.provider(), lasting.addresses(), expires);
        boolean accepted = model.add(record, clock.instant());
        try {
            store.add(record);
            assertThat(accepted).isTrue();
        } catch (StoreException refused) {
            assertThat(accepted).as("%s", refused).isFalse();
        }
    }

    private static List<ProviderRecord> local(MemoryProviderStore store, int limit) throws StoreException {
        List<ProviderRecord> seen = new ArrayList<>();
        Optional<Bytes> cursor = Optional.empty();
        do {
            Page<ProviderRecord> page = store.localPage(cursor, limit);
            seen.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());
        return seen;
    }
}
