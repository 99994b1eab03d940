package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the peers that store a published record or provider record. */
class PlacementTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static SimNetwork joined(int size, long seed, int k) {
        return joined(size, seed, config(k));
    }

    private static KademliaConfig.Builder config(int k) {
        return KademliaConfig.builder()
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                .set(KademliaConfig.K, k)
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(HOUR))
                .set(KademliaConfig.REPROVIDE_INTERVAL, Optional.of(HOUR))
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.empty());
    }

    private static SimNetwork joined(int size, long seed, KademliaConfig.Builder config) {
        return SimNetwork.builder()
                .peers(size)
                .seed(seed)
                .config(config.build())
                .tables(TableInit.JOINED)
                .build();
    }

    private static List<PeerId> holders(SimNetwork network, RecordKey key, SimPeer publisher) throws Exception {
        List<PeerId> holders = new ArrayList<>();
        for (SimPeer peer : network.peers()) {
            if (peer != publisher && peer.kademlia().recordStore().get(key).isPresent()) {
                holders.add(peer.id());
            }
        }
        return holders;
    }

    private static List<PeerId> providerHolders(SimNetwork network, RecordKey key, SimPeer provider) throws Exception {
        List<PeerId> holders = new ArrayList<>();
        for (SimPeer peer : network.peers()) {
            boolean stored = peer.kademlia().providerStore().providers(key, 100).stream()
                    .map(ProviderRecord::provider)
                    .anyMatch(provider.id()::equals);
            if (peer != provider && stored) {
                holders.add(peer.id());
            }
        }
        return holders;
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 20})
    void aRecordIsStoredAtExactlyTheKClosestPeersWithItsExpiryAndPublisher(int k) throws Exception {
        for (long seed = 1; seed <= 4; seed++) {
            try (SimNetwork network = joined(35, seed, k)) {
                SimPeer publisher = network.peer(7);
                RecordKey key = RecordKey.utf8("/app/" + seed);
                Optional<java.time.Instant> expires = Optional.of(network.now().plus(HOUR.multipliedBy(20)));
                Record record = Record.of(key, Bytes.utf8("value")).withExpires(expires);
                PutResult stored = network.await(
                        publisher.kademlia().putRecord(record, Quorum.all()).result());
                List<PeerId> closest = network.closest(key.bytes(), k, publisher);
                assertThat(holders(network, key, publisher)).containsExactlyInAnyOrderElementsOf(closest);
                assertThat(stored.storedBy()).containsExactlyInAnyOrderElementsOf(closest);
                assertThat(stored.stats().successes()).isGreaterThanOrEqualTo(k);
                Record local = publisher.kademlia().recordStore().get(key).orElseThrow();
                assertThat(local.expires()).isEqualTo(expires);
                assertThat(local.publisher()).contains(publisher.id());
                for (SimPeer peer : network.peers()) {
                    Optional<Record> copy = peer.kademlia().recordStore().get(key);
                    assertThat(copy.flatMap(Record::publisher)).isEqualTo(copy.map(any -> publisher.id()));
                    // the wire has whole seconds to live
                    assertThat(copy.flatMap(Record::expires).stream())
                            .allMatch(expiry -> Duration.between(expiry, expires.get())
                                            .abs()
                                            .compareTo(Duration.ofSeconds(2))
                                    < 0);
                }
            }
        }
    }

    private static Stream<Latency> spreadLatencies() {
        Duration median = Duration.ofMillis(25);
        return Stream.of(
                Latency.logNormal(median, 0.5),
                Latency.logNormal(median, 0.8),
                Latency.logNormal(median, 0.5).withSlowPeers(0.1, 10));
    }

    /**
     * Late ones among the closest are stored at when they come. A farther peer may have stored the record before that: it is one of those
     * that were the closest without the late one.
     */
    @ParameterizedTest
    @MethodSource("spreadLatencies")
    void theKClosestAreHoldersHoweverUnequalTheRoundTripsAre(Latency latency) throws Exception {
        int k = 20;
        try (SimNetwork network = SimNetwork.builder()
                .peers(80)
                .seed(11)
                .config(config(k).build())
                .conditions(NetworkConditions.GOOD.withLatency(latency))
                .tables(TableInit.JOINED)
                .build()) {
            SimPeer publisher = network.peer(0);
            for (int i = 0; i < 12; i++) {
                Bytes measured = Bytes.utf8("measured " + i);
                network.await(publisher.kademlia().getClosestPeers(measured, k).result());
            }
            for (int i = 0; i < 8; i++) {
                RecordKey key = RecordKey.utf8("/app/" + i);
                Record record = Record.of(key, Bytes.utf8("value"));
                network.await(publisher
                        .kademlia()
                        .putRecord(record, Quorum.majority())
                        .result());
                assertThat(holders(network, key, publisher))
                        .containsAll(network.closest(key.bytes(), k, publisher))
                        .hasSizeLessThanOrEqualTo(k + 2);
            }
        }
    }

    @Test
    void aLostRecordIsRepublished() throws Exception {
        try (SimNetwork network = joined(30, 9, 5)) {
            SimPeer publisher = network.peer(3);
            RecordKey key = RecordKey.utf8("/app/again");
            network.await(publisher
                    .kademlia()
                    .putRecord(Record.of(key, Bytes.utf8("value")), Quorum.all())
                    .result());
            for (SimPeer peer : network.peers()) {
                if (peer != publisher) {
                    peer.kademlia().recordStore().update(key, record -> Optional.empty());
                }
            }
            network.advance(HOUR.multipliedBy(3));
            assertThat(holders(network, key, publisher))
                    .containsExactlyInAnyOrderElementsOf(network.closest(key.bytes(), 5, publisher));
            network.await(publisher.kademlia().removeRecord(key));
            for (SimPeer peer : network.peers()) {
                peer.kademlia().recordStore().update(key, record -> Optional.empty());
            }
            network.advance(HOUR.multipliedBy(3));
            assertThat(holders(network, key, publisher)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 20})
    void aProviderRecordIsStoredAtExactlyTheKClosestPeersUntilProvidingStops(int k) throws Exception {
        try (SimNetwork network = joined(35, k, k)) {
            SimPeer provider = network.peer(4);
            Kademlia kademlia = provider.kademlia();
            RecordKey key = RecordKey.utf8("content " + k);
            network.await(kademlia.startProviding(key).result());
            List<PeerId> closest = network.closest(key.bytes(), k, provider);
            assertThat(providerHolders(network, key, provider)).containsExactlyInAnyOrderElementsOf(closest);
            assertThat(kademlia.providerStore().localPage(Optional.empty(), 10).items())
                    .hasSize(1);
            for (SimPeer peer : network.peers()) {
                peer.kademlia()
                        .providerStore()
                        .remove(key, peer == provider ? network.peer(5).id() : provider.id());
            }
            network.advance(HOUR.multipliedBy(3));
            assertThat(providerHolders(network, key, provider)).containsExactlyInAnyOrderElementsOf(closest);
            assertThat(network.await(kademlia.stopProviding(key))).isTrue();
            assertThat(kademlia.providerStore().localPage(Optional.empty(), 10).items())
                    .isEmpty();
            for (SimPeer peer : network.peers()) {
                peer.kademlia().providerStore().remove(key, provider.id());
            }
            network.advance(HOUR.multipliedBy(3));
            assertThat(providerHolders(network, key, provider)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alpha, 1",
        "alpha, 20",
        "bucket-size, 10",
        "bucket-size, 40",
        "disjoint-paths, 4",
        "lookup-strategy, beta",
        "lookup-strategy, stall",
        "max-sent-message-bytes, 1024"
    })
    void kPeersAreFoundWhateverTheRestIsSetTo(String option, String value) {
        for (int k : new int[] {3, 20}) {
            try (SimNetwork network = joined(60, 6, config(k).set(option, value))) {
                Bytes key = Bytes.utf8("key " + k);
                assertThat(network.await(network.peer(1)
                                        .kademlia()
                                        .getClosestPeers(key, k)
                                        .result())
                                .peers())
                        .extracting(PeerInfo::id)
                        .isEqualTo(network.closest(key, k, network.peer(1)));
            }
        }
    }

    @Test
    void aLookupFindsTheRequestedCountOfPeersUpToK() {
        try (SimNetwork network = joined(60, 6, 20)) {
            for (int count : new int[] {1, 5, 10, 19, 20}) {
                Bytes key = Bytes.utf8("count " + count);
                assertThat(network.await(network.peer(1)
                                        .kademlia()
                                        .getClosestPeers(key, count)
                                        .result())
                                .peers())
                        .extracting(PeerInfo::id)
                        .isEqualTo(network.closest(key, count, network.peer(1)));
            }
        }
    }

    @Test
    void aSinglePeerFindsItselfAsProvider() {
        try (SimNetwork network = joined(1, 1, 20)) {
            Kademlia alone = network.peer(0).kademlia();
            RecordKey key = RecordKey.utf8("mine");
            assertThat(network.tryAwait(alone.startProviding(key))).isEmpty();
            assertThat(network.await(alone.getProviders(key, 0).result()).providers())
                    .extracting(PeerInfo::id)
                    .containsExactly(alone.peerId());
        }
    }

    /** A single lost message must not remove a peer from the table. */
    @Test
    void aPeerThatTimesOutOnceStaysInTheTableAndRespondsTheNextTime() {
        try (SimNetwork network = joined(10, 8, 20)) {
            SimPeer silent = network.peer(4);
            Kademlia asker = network.peer(2).kademlia();
            silent.behavior(PeerBehavior.SILENT);
            network.await(asker.getClosestPeers(Bytes.utf8("first"), 20).result());
            assertThat(asker.routingTable().find(silent.id())).isPresent();
            silent.behavior(PeerBehavior.HONEST);
            network.advance(Duration.ofMinutes(1));
            assertThat(network.await(asker.getClosestPeers(silent.id().bytes(), 20)
                                    .result())
                            .peers())
                    .extracting(PeerInfo::id)
                    .contains(silent.id());
        }
    }
}
