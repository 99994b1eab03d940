package io.kad.node.flood;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Floods of many hosts at a whole peer with either store: who keeps less than its fair share loses nothing, and is not kept out. */
class FairShareTest {

    private static final int CAPACITY = 600;
    private static final int HONEST_HOSTS = 10;
    private static final int REPLICATED = 7;
    private static final List<Multiaddr> ADDRESSES = List.of(Multiaddr.parse("/ip4/198.51.100.1/tcp/4001"));

    @TempDir
    private Path directory;

    private FloodedPeer peer(String store) {
        KademliaConfig config = KademliaConfig.of("/flood/kad/1.0.0");
        String capacity = String.valueOf(CAPACITY);
        return new FloodedPeer(config, builder -> {
            if (store.equals("rocksdb")) {
                builder.dataDirectory(directory)
                        .option("rocksdb.max-records", capacity)
                        .option("rocksdb.max-providers", capacity);
            } else {
                builder.option("memory.max-records", capacity).option("memory.max-provided-keys", capacity);
            }
        });
    }

    /** Returns keys that are among the nearest sixteenth, or not. */
    private static List<RecordKey> keys(String name, int count, boolean near) {
        List<RecordKey> keys = new ArrayList<>();
        for (int number = 0; keys.size() < count; number++) {
            RecordKey key = RecordKey.utf8("/" + name + "/" + number);
            boolean isNear = FloodedPeer.SELF
                                    .peerId()
                                    .kadKey()
                                    .distance(key.kadKey())
                                    .bytes()
                                    .at(0)
                            >> 4
                    == 0;
            if (isNear == near) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static String honestHost(int number) {
        return "198.51." + number % HONEST_HOSTS + ".1";
    }

    private static String hostileHost(int number, int hosts) {
        return "203.0." + number % hosts + ".1";
    }

    /** Returns what each honest host may have without exceeding its fair share. */
    private static int share(int hostileHosts) {
        return CAPACITY / (hostileHosts + HONEST_HOSTS);
    }

    private static void flood(FloodedPeer peer, String name, int hosts) {
        int number = 0;
        for (RecordKey key : keys(name, 2 * CAPACITY, true)) {
            peer.put(1000 + number, hostileHost(number, hosts), key, 40);
            number++;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "memory, 1",
        "memory, 2",
        "memory, 5",
        "memory, 30",
        "rocksdb, 1",
        "rocksdb, 2",
        "rocksdb, 5",
        "rocksdb, 30"
    })
    void hostsTogetherEvictNothingOfTheOthersBelowTheirShareAndKeepNothingOut(String store, int hosts)
            throws StoreException {
        try (FloodedPeer peer = peer(store)) {
            List<RecordKey> honest = keys("honest", HONEST_HOSTS * share(hosts), false);
            int half = honest.size() / 2;
            for (int number = 0; number < half; number++) {
                assertThat(put(peer, number, honest.get(number))).isTrue();
            }
            flood(peer, "flood", hosts);
            assertThat(peer.peer().recordStore().size()).isEqualTo(CAPACITY);
            for (int number = half; number < honest.size(); number++) {
                assertThat(put(peer, number, honest.get(number)))
                        .as("record %s of a full store", number)
                        .isTrue();
            }
            flood(peer, "more", hosts);

            for (RecordKey key : honest) {
                assertThat(peer.peer().recordStore().get(key)).isPresent();
            }
            assertThat(peer.peer().recordStore().size()).isEqualTo(CAPACITY);
        }
    }

    /** Stores a record of an honest host; some of these hosts replicate what others have published. */
    private static boolean put(FloodedPeer peer, int number, RecordKey key) {
        int host = number % HONEST_HOSTS;
        return host < REPLICATED
                ? peer.put(host, honestHost(host), key, 1024)
                : peer.replicate(host, honestHost(host), key, 1024);
    }

    @ParameterizedTest
    @CsvSource({"memory, 2", "memory, 30", "rocksdb, 2", "rocksdb, 30"})
    void theSameHoldsForProviderRecords(String store, int hosts) throws StoreException {
        try (FloodedPeer peer = peer(store)) {
            List<RecordKey> honest = keys("honest", HONEST_HOSTS * share(hosts), false);
            int half = honest.size() / 2;
            for (int number = 0; number < half; number++) {
                assertThat(provide(peer, number, honest.get(number))).isTrue();
            }
            provideMuch(peer, "flood", hosts);
            for (int number = half; number < honest.size(); number++) {
                assertThat(provide(peer, number, honest.get(number))).isTrue();
            }
            provideMuch(peer, "more", hosts);

            for (int number = 0; number < honest.size(); number++) {
                assertThat(peer.peer().providerStore().providers(honest.get(number), 10))
                        .extracting(ProviderRecord::provider)
                        .containsExactly(FloodedPeer.id(number % HONEST_HOSTS));
            }
            assertThat(peer.peer().providerStore().size()).isEqualTo(CAPACITY);
        }
    }

    private static boolean provide(FloodedPeer peer, int number, RecordKey key) {
        return peer.provide(number % HONEST_HOSTS, honestHost(number), key, ADDRESSES);
    }

    private static void provideMuch(FloodedPeer peer, String name, int hosts) {
        int number = 0;
        for (RecordKey key : keys(name, 2 * CAPACITY, true)) {
            peer.provide(1000 + number, hostileHost(number, hosts), key, ADDRESSES);
            number++;
        }
    }

    /** Of a host that keeps more than its share, what it replicates gives way, and what it publishes stays. */
    @ParameterizedTest
    @ValueSource(strings = {"memory", "rocksdb"})
    void whatAHostReplicatesDoesNotEvictWhatItPublishes(String store) throws StoreException {
        try (FloodedPeer peer = peer(store)) {
            List<RecordKey> published = keys("published", 100, false);
            for (RecordKey key : published.subList(0, 50)) {
                assertThat(peer.put(1, honestHost(1), key, 1024)).isTrue();
            }
            int number = 0;
            for (RecordKey key : keys("replicated", 2 * CAPACITY, true)) {
                boolean stored = peer.replicate(2 + number % 4, honestHost(1), key, 1024);
                assertThat(stored || number >= CAPACITY - 50)
                        .as("replicated record %s is stored while there is room", number)
                        .isTrue();
                number++;
            }
            for (RecordKey key : published.subList(50, 100)) {
                assertThat(peer.put(1, honestHost(1), key, 1024)).isTrue();
            }
            flood(peer, "flood", 1);

            for (RecordKey key : published) {
                assertThat(peer.peer().recordStore().get(key)).isPresent();
            }
        }
    }

    /** The hosts of one network have its share together, and share it in the same way. */
    @ParameterizedTest
    @ValueSource(strings = {"memory", "rocksdb"})
    void hostsOfOneNetworkShareItsShare(String store) throws StoreException {
        try (FloodedPeer peer = peer(store)) {
            List<RecordKey> elsewhere = keys("elsewhere", CAPACITY / 2, false);
            for (RecordKey key : elsewhere) {
                assertThat(peer.put(1, honestHost(1), key, 40)).isTrue();
            }
            List<RecordKey> neighbour = keys("neighbour", 10, false);
            for (RecordKey key : neighbour) {
                assertThat(peer.put(2, "203.0.113.200", key, 40)).isTrue();
            }
            int number = 0;
            for (RecordKey key : keys("flood", 2 * CAPACITY, true)) {
                peer.put(1000 + number, "203.0.113." + number % 20, key, 40);
                number++;
            }

            for (RecordKey key : elsewhere) {
                assertThat(peer.peer().recordStore().get(key)).isPresent();
            }
            for (RecordKey key : neighbour) {
                assertThat(peer.peer().recordStore().get(key)).isPresent();
            }
        }
    }
}
