package io.kad.node.flood;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.sim.network.LazyRecordStore;
import io.kad.sim.network.SimIdentity;
import io.kad.store.memory.MemoryRecordStore;
import io.kad.store.memory.MemoryStoreLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Floods of one address range at a whole peer with the stores in memory: what others have stored stays. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class AddressRangeFloodTest {

    private static final SimIdentity SELF = FloodedPeer.SELF;
    private static final String HOSTILE = "203.0.113.7";
    private static final int HONEST_HOSTS = 20;
    /** What the host leaves of the 24 MiB of a store, less a little for the keys. */
    private static final int HONEST_BYTES = 2_900_000;

    private static final int OVERHEAD_BYTES = 768;
    private static final int LARGE_BYTES = 60_000;
    /** More than the 24 MiB that a network gets of a store in memory. */
    private static final int LARGE_RECORDS = 450;

    private static KademliaConfig config() {
        return KademliaConfig.of("/flood/kad/1.0.0");
    }

    /** Returns keys that are among the nearest sixteenth, or not. */
    private static List<RecordKey> keys(String name, int count, boolean near) {
        List<RecordKey> keys = new ArrayList<>();
        for (int number = 0; keys.size() < count; number++) {
            RecordKey key = RecordKey.utf8("/" + name + "/" + number);
            boolean isNear =
                    SELF.peerId().kadKey().distance(key.kadKey()).bytes().at(0) >> 4 == 0;
            if (isNear == near) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static String honestHost(int number) {
        return "198.51." + number % HONEST_HOSTS + ".1";
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 1024, 12 * 1024 - 1000, 60_000})
    void recordsOfOneHostEvictNoneOfTheOthersBelowTheirShare(int bytes) throws StoreException {
        try (FloodedPeer served = new FloodedPeer(config())) {
            List<RecordKey> honest = keys("honest", HONEST_BYTES / (OVERHEAD_BYTES + 1024 + 20), false);
            for (int number = 0; number < honest.size(); number++) {
                assertThat(served.put(number % HONEST_HOSTS, honestHost(number), honest.get(number), 1024))
                        .isTrue();
            }
            int flood = (30 << 20) / (OVERHEAD_BYTES + bytes);
            int stored = 0;
            int number = 0;
            for (RecordKey key : keys("flood", flood, true)) {
                stored += served.put(100 + number++, HOSTILE, key, bytes) ? 1 : 0;
            }

            for (RecordKey key : honest) {
                assertThat(served.peer().recordStore().get(key)).isPresent();
            }
            assertThat(stored).isPositive().isLessThan(flood);
            assertThat(served.put(200, honestHost(3), RecordKey.utf8("/honest/later"), 1024))
                    .isTrue();
        }
    }

    @Test
    void providerRecordsOfOneHostEvictNoneOfTheOthersBelowTheirShare() throws StoreException {
        try (FloodedPeer served = new FloodedPeer(config())) {
            List<RecordKey> honest = keys("honest", 2000, false);
            for (int number = 0; number < honest.size(); number++) {
                assertThat(served.provide(number % HONEST_HOSTS, honestHost(number), honest.get(number), addresses(1)))
                        .isTrue();
            }
            int number = 0;
            for (RecordKey key : keys("flood", 12_000, true)) {
                served.provide(100 + number++, HOSTILE, key, addresses(16));
            }

            for (int at = 0; at < honest.size(); at++) {
                assertThat(served.peer().providerStore().providers(honest.get(at), 10))
                        .extracting(ProviderRecord::provider)
                        .containsExactly(FloodedPeer.id(at % HONEST_HOSTS));
            }
        }
    }

    private static List<Multiaddr> addresses(int count) {
        List<Multiaddr> addresses = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            addresses.add(Multiaddr.parse("/dns4/a-host-with-a-long-name-" + number
                    + ".of-a-provider-that-states-many-addresses.example.com/tcp/" + (1 + number)));
        }
        return addresses;
    }

    /** A machine with two peers; one peer has a quarter of the number. */
    @Test
    void oneMachineMayPublishTwelveThousandRecordsOfAKibibyte() throws StoreException {
        try (FloodedPeer served = new FloodedPeer(config())) {
            List<RecordKey> keys = keys("app", 12_000, false);
            for (int number = 0; number < keys.size(); number++) {
                assertThat(served.put(number % 2, HOSTILE, keys.get(number), 1024))
                        .as("record %s", number)
                        .isTrue();
            }
            assertThat(served.peer().recordStore().size()).isEqualTo(12_000);
        }
    }

    /** Records up to a KiB that the number of entries allows are not refused because of their bytes. */
    @Test
    void oneIdentityMayStoreAsManyRecordsOfAKibibyteAsItMayHaveEntries() throws StoreException {
        try (FloodedPeer served = new FloodedPeer(config())) {
            int stored = 0;
            for (RecordKey key : keys("app", 8200, false)) {
                stored += served.put(1, HOSTILE, key, 1024) ? 1 : 0;
            }
            assertThat(stored).isEqualTo(8192);
            assertThat(served.peer().recordStore().size()).isEqualTo(8192);
        }
    }

    /** The bytes of the quotas are those by which the stores in memory limit themselves. */
    @Test
    void theQuotaCountsTheBytesAsTheStoresInMemoryDo() throws StoreException {
        long limit = 4L << 20;
        try (FloodedPeer served =
                new FloodedPeer(config().toBuilder().maxEntryBytesPerHost(limit).build())) {
            int number = 0;
            for (RecordKey key : keys("any", 3000, false)) {
                served.put(number, HOSTILE, key, number * 7919 % 4096);
                served.provide(number, HOSTILE, key, addresses(number % 5 + 1));
                number++;
            }
            // the smallest one was refused before the last one: at most its bytes are left
            long record = served.peer().recordStore().statistics().getOrDefault("bytes", 0L);
            long providers = served.peer().providerStore().statistics().getOrDefault("bytes", 0L);
            assertThat(record).isBetween(limit - 2 * OVERHEAD_BYTES, limit);
            assertThat(providers).isBetween(limit - 2000, limit);
        }
    }

    /** The quota of bytes is a part of the store in use, so that one without a limit, such as one on disk, is not limited by it. */
    @Test
    void theQuotaOfBytesFollowsTheStoreInUse() {
        String option = "memory.max-record-bytes";
        try (FloodedPeer served =
                new FloodedPeer(config(), builder -> builder.option(option, String.valueOf(8 << 20)))) {
            assertThat(largeRecordsOfOneHost(served)).isEqualTo((7 << 20) / LARGE_BYTES);
        }
        MemoryStoreLimits.Records limits = MemoryStoreLimits.parse(Map.of(option, String.valueOf(1L << 30)))
                .records();
        RecordStore unlimited =
                new LazyRecordStore(() -> new MemoryRecordStore(SELF.peerId(), InstantSource.system(), limits));
        try (FloodedPeer served = new FloodedPeer(config(), builder -> builder.recordStore(unlimited))) {
            assertThat(largeRecordsOfOneHost(served)).isEqualTo(LARGE_RECORDS);
        }
    }

    private static int largeRecordsOfOneHost(FloodedPeer served) {
        int stored = 0;
        for (int number = 0; number < LARGE_RECORDS; number++) {
            RecordKey key = RecordKey.utf8(String.format("/large/%04d", number));
            stored += served.put(number, HOSTILE, key, LARGE_BYTES - OVERHEAD_BYTES - 11) ? 1 : 0;
        }
        return stored;
    }

    /** What the local peer publishes under the key of a stored record counts for nobody else. */
    @Test
    void aRecordThatTheLocalPeerReplacesCountsNoMore() {
        try (FloodedPeer served =
                new FloodedPeer(config().toBuilder().maxEntryBytesPerHost(4000).build())) {
            RecordKey key = RecordKey.utf8("/app/of-both");
            RecordKey other = RecordKey.utf8("/app/other");
            assertThat(served.put(1, HOSTILE, key, 2000)).isTrue();
            assertThat(served.put(2, HOSTILE, other, 2000)).isFalse();
            assertThat(served.peer()
                            .putRecord(Record.of(key, Bytes.utf8("local")), Quorum.one())
                            .result())
                    .as("it is stored here, and there is no other peer")
                    .failsWithin(Duration.ofSeconds(10));

            assertThat(served.put(2, HOSTILE, other, 2000)).isTrue();
        }
    }
}
