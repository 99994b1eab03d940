package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two values under one key without a validator: the one that was published last stays, whatever happens in between. */
class NoLostUpdateTest {

    private static final RecordKey KEY = RecordKey.utf8("a key without a validator");
    private static final Duration REPLICATE = Duration.ofHours(1);
    private static final Duration REPUBLISH = Duration.ofHours(2);

    private static SimNetwork joined(long seed, KademliaConfig.Builder config) {
        return SimNetwork.builder()
                .peers(40)
                .seed(seed)
                .config(config.set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                        .build())
                .tables(TableInit.JOINED)
                .build();
    }

    private static KademliaConfig.Builder withoutJobs() {
        return KademliaConfig.builder()
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.empty())
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.empty());
    }

    private static Record record(String value) {
        return Record.of(KEY, Bytes.utf8(value));
    }

    private static void put(SimNetwork network, SimPeer peer, String value) {
        network.await(peer.kademlia().putRecord(record(value), Quorum.one()).result());
    }

    private static Set<PeerId> holders(SimNetwork network, String value) {
        Set<PeerId> holders = new HashSet<>();
        for (SimPeer peer : network.running()) {
            if (stored(peer).filter(Bytes.utf8(value)::equals).isPresent()) {
                holders.add(peer.id());
            }
        }
        return holders;
    }

    private static Optional<Bytes> stored(SimPeer peer) {
        try {
            return peer.kademlia().recordStore().get(KEY).map(Record::value);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    /** The case of the report: the majority of the copies is older, and one read wrote it over the newer ones. */
    @Test
    void aReadNeverWritesAnOlderValueOverANewerOne() {
        for (long seed = 1; seed <= 5; seed++) {
            try (SimNetwork network = joined(seed, withoutJobs())) {
                List<SimPeer> peers = network.peers();
                SimPeer first = peers.get(0);
                SimPeer second = peers.get(1);
                put(network, first, "v1");
                Set<PeerId> unreachable =
                        new HashSet<>(network.closest(KEY.bytes(), 20, second).subList(0, 12));
                unreachable.remove(first.id());
                network.cut((from, to) -> (from == second && unreachable.contains(to.id()))
                        || (to == second && unreachable.contains(from.id())));
                put(network, second, "v2");
                network.heal();
                Set<PeerId> before = holders(network, "v2");
                assertThat(holders(network, "v1")).isNotEmpty();

                Record read = network.await(peers.get(39)
                                .kademlia()
                                .getRecord(KEY, Quorum.all())
                                .result())
                        .record();
                network.advance(Duration.ofMinutes(1));

                assertThat(read.value()).isEqualTo(Bytes.utf8("v2"));
                assertThat(holders(network, "v2")).containsAll(before).hasSizeGreaterThanOrEqualTo(20);
            }
        }
    }

    /** After its get has returned the value of the other one, its own is neither read at quorum one nor served. */
    @Test
    void aWriterThatReadsTheLaterValueOfAnotherKeepsThatOne() {
        try (SimNetwork network = joined(9, withoutJobs())) {
            SimPeer first = farthest(network);
            SimPeer second = network.peer(1);
            put(network, first, "v1");
            network.cut((from, to) -> from == first || to == first);
            network.advance(Duration.ofMinutes(1));
            put(network, second, "v2");
            network.heal();
            assertThat(stored(first)).contains(Bytes.utf8("v1"));

            for (Quorum quorum : List.of(Quorum.all(), Quorum.one())) {
                assertThat(network.await(first.kademlia().getRecord(KEY, quorum).result())
                                .record()
                                .value())
                        .isEqualTo(Bytes.utf8("v2"));
            }
            assertThat(stored(first)).contains(Bytes.utf8("v2"));
        }
    }

    @Test
    void theWriterOfBeforeStopsReadingAndRepublishingItsValue() {
        KademliaConfig.Builder config = KademliaConfig.builder()
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(REPUBLISH))
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.empty());
        try (SimNetwork network = joined(3, config)) {
            SimPeer first = network.peer(0);
            SimPeer second = network.peer(1);
            put(network, first, "v1");
            network.advance(Duration.ofMinutes(1));
            put(network, second, "v2");
            network.advance(REPUBLISH.multipliedBy(3));

            assertThat(holders(network, "v1")).isEmpty();
            assertThat(holders(network, "v2")).contains(second.id()).hasSizeGreaterThanOrEqualTo(20);
            assertThat(stored(first)).isNotEqualTo(Optional.of(Bytes.utf8("v1")));
        }
    }

    @Test
    void theClosestPeersOfAPartitionThatHealsHaveOneValueWithinAReplicationIntervalAndAllOthersWithinTwo() {
        try (SimNetwork network = joined(4, withIntervals())) {
            network.cut((from, to) -> (from.number() < 20) != (to.number() < 20));
            put(network, network.peer(0), "left");
            network.advance(Duration.ofMinutes(1));
            put(network, network.peer(39), "right");
            network.advance(Duration.ofMinutes(30));
            assertThat(holders(network, "left")).isNotEmpty();
            network.heal();
            network.refreshAll();
            network.advance(REPLICATE.multipliedBy(11).dividedBy(10)); // an interval varies by a tenth
            network.advance(Duration.ofMinutes(5));

            Set<PeerId> closest = new HashSet<>(network.closest(KEY.bytes(), 20, network.peer(0)));
            closest.retainAll(holders(network, "left"));
            assertThat(closest).isEmpty();
            SimPeer reader = network.peer(10);
            assertThat(network.await(reader.kademlia()
                                    .getRecord(KEY, Quorum.all())
                                    .result())
                            .record()
                            .value())
                    .isEqualTo(Bytes.utf8("right"));
            // a holder that is no longer among the closest finds out when it replicates, which it skips in the first
            // interval
            network.advance(REPLICATE.multipliedBy(11).dividedBy(10));
            assertThat(holders(network, "left")).isEmpty();
            assertThat(holders(network, "right")).hasSizeGreaterThanOrEqualTo(20);
        }
    }

    /** Its puts state an earlier time, and what it reads is too far ahead of its clock to count: each fails with the record that won. */
    @Test
    void aWriterWhoseClockIsAnHourBehindIsToldEachTimeAndLosesNothingOfTheOther() {
        for (long seed = 6; seed <= 8; seed++) {
            try (SimNetwork network = joined(seed, withIntervals())) {
                SimPeer first = network.peer(0);
                SimPeer behind = withClock(network, farthest(network), Duration.ofHours(-1));
                put(network, first, "v1");
                network.advance(Duration.ofMinutes(1));
                Set<PeerId> before = holders(network, "v1");

                for (int attempt = 0; attempt < 2; attempt++) {
                    assertThatThrownBy(() -> put(network, behind, "v2"))
                            .hasCauseInstanceOf(KadException.Superseded.class)
                            .satisfies(failure -> assertThat(((KadException.Superseded) failure.getCause())
                                            .better()
                                            .orElseThrow()
                                            .value())
                                    .isEqualTo(Bytes.utf8("v1")));
                    assertThat(stored(behind))
                            .as("nothing is left of a put that failed")
                            .isEmpty();
                }
                assertThat(holders(network, "v1")).containsAll(before);
                network.advance(REPUBLISH.multipliedBy(3));
                assertThat(holders(network, "v2")).isEmpty();

                withClock(network, behind, Duration.ofHours(1)); // it is right again
                put(network, behind, "v3");
                network.advance(REPUBLISH.multipliedBy(3));
                assertThat(holders(network, "v1")).isEmpty();
                assertThat(holders(network, "v3")).hasSizeGreaterThanOrEqualTo(20);
            }
        }
    }

    /** Its record states a time that no clock has reached; it is refused and never rewritten, so it cannot hide later ones. */
    @Test
    void aWriterWhoseClockIsAnHourAheadIsRefusedAndTheOthersValueStays() {
        for (long seed = 6; seed <= 8; seed++) {
            try (SimNetwork network = joined(seed, withIntervals())) {
                SimPeer first = network.peer(0);
                SimPeer ahead = withClock(network, farthest(network), Duration.ofHours(1));
                put(network, first, "v1");
                network.advance(Duration.ofMinutes(1));

                assertThatThrownBy(() -> put(network, ahead, "v2")).hasCauseInstanceOf(KadException.class);
                Set<PeerId> holders = holders(network, "v2");
                holders.remove(ahead.id());
                assertThat(holders).isEmpty();
                assertThat(holders(network, "v1")).hasSizeGreaterThanOrEqualTo(20);

                put(
                        network,
                        network.find(network.closest(KEY.bytes(), 1, ahead).get(0))
                                .orElseThrow(),
                        "v3");
                assertThat(holders(network, "v3")).hasSizeGreaterThanOrEqualTo(20);
            }
        }
    }

    private static KademliaConfig.Builder withIntervals() {
        return KademliaConfig.builder()
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(REPUBLISH))
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.of(REPLICATE));
    }

    /** Returns the peer that is the farthest from the key, so that it holds no record of another writer. */
    private static SimPeer farthest(SimNetwork network) {
        List<PeerId> peers = network.closest(KEY.bytes(), 40, network.peer(0));
        return network.find(peers.get(peers.size() - 1)).orElseThrow();
    }

    /** Restarts {@code peer} whose wall clock is moved by {@code offset} from this start on. */
    private static SimPeer withClock(SimNetwork network, SimPeer peer, Duration offset) {
        network.stop(peer);
        peer.jumpClock(offset);
        network.restart(peer);
        network.await(network.join(peer, network.peer(0)));
        return peer;
    }

    @Test
    void aLosingPutFailsWithTheRecordThatWon() {
        try (SimNetwork network = joined(5, withoutJobs())) {
            Kademlia late = network.peer(1).kademlia();
            put(network, network.peer(0), "v1");
            Record older = record("older")
                    .withPublished(
                            Optional.of(PublicationTime.stated(network.now().minusSeconds(60))));
            var holders = network.closest(KEY.bytes(), 3, network.peer(1)).stream()
                    .map(peer -> network.find(peer).orElseThrow().info())
                    .toList();

            assertThatThrownBy(() -> network.await(
                            late.putRecordTo(older, holders, Quorum.one()).result()))
                    .hasCauseInstanceOf(KadException.Superseded.class)
                    .satisfies(failure -> assertThat(((KadException.Superseded) failure.getCause())
                                    .better()
                                    .orElseThrow()
                                    .value())
                            .isEqualTo(Bytes.utf8("v1")));
        }
    }
}
