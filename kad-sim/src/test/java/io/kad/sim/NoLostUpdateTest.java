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
                network.cut((from, to) -> from == second && unreachable.contains(to.id())
                        || to == second && unreachable.contains(from.id()));
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
    void bothSidesOfAPartitionHaveOneValueWithinAnIntervalAfterItHeals() {
        KademliaConfig.Builder config = KademliaConfig.builder()
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(REPUBLISH))
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.of(REPLICATE));
        try (SimNetwork network = joined(4, config)) {
            network.cut((from, to) -> (from.number() < 20) != (to.number() < 20));
            put(network, network.peer(0), "left");
            network.advance(Duration.ofMinutes(1));
            put(network, network.peer(39), "right");
            network.advance(Duration.ofMinutes(30));
            assertThat(holders(network, "left")).isNotEmpty();
            network.heal();
            network.refreshAll();
            network.advance(REPUBLISH.multipliedBy(11).dividedBy(10));
            network.advance(Duration.ofMinutes(5));

            assertThat(holders(network, "left")).isEmpty();
            assertThat(holders(network, "right")).hasSizeGreaterThanOrEqualTo(20);
        }
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
