package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.RoutingTableView;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests of a peer that is offline for a while: its process is suspended, its network is cut, or its wall clock jumps. Within half a minute
 * it has recovered, and nothing that was valid is lost anywhere.
 */
class OfflineTest {

    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final int PEERS = 50;
    private static final int KEYS = 8;
    private static final int SEEDS = 2;

    /** Network with a peer that publishes and holds records, before and after an incident. */
    private static final class Incident implements AutoCloseable {

        private final SimNetwork network;
        private final SimPeer victim;
        private final Set<PeerId> table;
        private final Map<SimPeer, Set<RecordKey>> records = new HashMap<>();
        private final Map<SimPeer, Set<RecordKey>> providers = new HashMap<>();

        Incident(long seed, KademliaConfig config) {
            network = SimNetwork.builder()
                    .peers(PEERS)
                    .seed(seed)
                    .config(config)
                    .tables(TableInit.JOINED)
                    .check(Invariants.tableStructure())
                    .build();
            victim = network.peer(7);
            for (int i = 0; i < KEYS; i++) {
                publish(victim, "own " + i);
                publish(network.peer(20 + i), "other " + i);
            }
            network.advance(Duration.ofSeconds(20));
            table = tableOf(victim);
            network.running().forEach(peer -> {
                records.put(peer, recordsOf(peer));
                providers.put(peer, providersOf(peer));
            });
            assertThat(records.get(victim)).as("also holds records of others").hasSizeGreaterThan(KEYS);
        }

        private void publish(SimPeer publisher, String name) {
            put(publisher, name, "value of " + name);
            network.await(
                    publisher.kademlia().startProviding(RecordKey.utf8(name)).result());
        }

        private void put(SimPeer publisher, String name, String value) {
            network.await(publisher
                    .kademlia()
                    .putRecord(Record.of(RecordKey.utf8(name), Bytes.utf8(value)), Quorum.all())
                    .result());
        }

        private String read(SimPeer reader, String name) {
            return network.await(reader.kademlia()
                            .getRecord(RecordKey.utf8(name), Quorum.all())
                            .result())
                    .record()
                    .value()
                    .utf8()
                    .orElseThrow();
        }

        /** Writes new values under old keys, from the peer and to it. */
        void writesSucceed(String version) {
            for (int i = 0; i < KEYS; i++) {
                for (String name : List.of("own " + i, "other " + i, "new " + i)) {
                    String value = version + " of " + name;
                    put(name.startsWith("other") ? network.peer(20 + i) : victim, name, value);
                    assertThat(read(network.peer(45), name)).isEqualTo(value);
                    assertThat(read(victim, name)).isEqualTo(value);
                }
            }
            for (Record held : heldBy(victim)) {
                if (!held.publisher().equals(Optional.of(victim.id()))) {
                    assertThat(held.value().utf8().orElseThrow())
                            .as("a copy that the peer holds")
                            .startsWith(version);
                }
            }
        }

        void recovered() {
            network.advance(RECOVERY);
            nobodyWasEvicted();
            nothingIsLost();
            lookupsAreExact();
            whatThePeerPublishedIsFound();
            othersAreServed();
        }

        private void nobodyWasEvicted() {
            assertThat(tableOf(victim)).as("routing table").containsAll(table);
        }

        private void nothingIsLost() {
            for (SimPeer peer : network.running()) {
                assertThat(recordsOf(peer)).as("records of %s", peer).containsAll(records.get(peer));
                assertThat(providersOf(peer)).as("provider records of %s", peer).containsAll(providers.get(peer));
            }
        }

        private void lookupsAreExact() {
            for (int i = 0; i < 10; i++) {
                Bytes key = Bytes.utf8("target " + i);
                List<PeerId> found = network
                        .await(victim.kademlia().getClosestPeers(key, 20).result())
                        .peers()
                        .stream()
                        .map(PeerInfo::id)
                        .toList();
                assertThat(found).as("lookup %s", i).isEqualTo(network.closest(key, 20, victim));
            }
        }

        private void whatThePeerPublishedIsFound() {
            SimPeer reader = network.peer(45);
            for (int i = 0; i < KEYS; i++) {
                RecordKey key = RecordKey.utf8("own " + i);
                assertThat(network.await(reader.kademlia()
                                        .getRecord(key, Quorum.all())
                                        .result())
                                .record()
                                .value())
                        .isEqualTo(Bytes.utf8("value of own " + i));
                assertThat(network.await(reader.kademlia().getProviders(key, 0).result())
                                .providers())
                        .extracting(PeerInfo::id)
                        .contains(victim.id());
                assertThat(network.await(victim.kademlia()
                                        .getRecord(RecordKey.utf8("other " + i), Quorum.all())
                                        .result())
                                .record()
                                .value())
                        .isEqualTo(Bytes.utf8("value of other " + i));
            }
        }

        private void othersAreServed() {
            for (RecordKey key : records.get(victim)) {
                Outcome outcome = new Outcome(network);
                network.peer(33)
                        .transport()
                        .request(
                                victim.info(), new KadRequest.GetValue(key), Duration.ofSeconds(5), outcome.callback());
                network.advance(Duration.ofSeconds(5));
                assertThat(outcome.result()).as("response for %s", key).isInstanceOf(KadResponse.GetValue.class);
                assertThat(((KadResponse.GetValue) outcome.result()).record()).isPresent();
            }
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private static Set<PeerId> tableOf(SimPeer peer) {
        return peer.kademlia().routingTable().entries().stream()
                .map(RoutingTableView.Entry::peer)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<RecordKey> recordsOf(SimPeer peer) {
        return heldBy(peer).stream().map(Record::key).collect(Collectors.toCollection(HashSet::new));
    }

    private static List<Record> heldBy(SimPeer peer) {
        List<Record> held = new ArrayList<>();
        try {
            Optional<Bytes> after = Optional.empty();
            do {
                Page<Record> page = peer.kademlia().recordStore().page(after, 100);
                held.addAll(page.items());
                after = page.next();
            } while (after.isPresent());
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
        return held;
    }

    private static Set<RecordKey> providersOf(SimPeer peer) {
        Set<RecordKey> keys = new HashSet<>();
        try {
            for (String kind : List.of("own ", "other ")) {
                for (int i = 0; i < KEYS; i++) {
                    RecordKey key = RecordKey.utf8(kind + i);
                    List<ProviderRecord> stored =
                            peer.kademlia().providerStore().providers(key, 100);
                    if (!stored.isEmpty()) {
                        keys.add(key);
                    }
                }
            }
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
        return keys;
    }

    private static KademliaConfig busy() {
        return KademliaConfig.builder()
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.of(Duration.ofMinutes(2)))
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(Duration.ofMinutes(3)))
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.of(Duration.ofMinutes(4)))
                .set(KademliaConfig.REPROVIDE_INTERVAL, Optional.of(Duration.ofMinutes(5)))
                .build();
    }

    private static List<KademliaConfig> configs() {
        return List.of(KademliaConfig.builder().build(), busy());
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 120})
    void afterASuspensionOfThatManyMinutes(long minutes) {
        for (KademliaConfig config : configs()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                try (Incident incident = new Incident(seed, config)) {
                    // queries and requests in flight from and to the peer
                    List<Query<?>> queries = queries(incident);
                    incident.network.advance(Duration.ofMillis(60));
                    incident.network.suspend(incident.victim, Duration.ofMinutes(minutes));
                    incident.network.advance(Duration.ofMinutes(minutes));
                    incident.recovered();
                    assertThat(queries).allMatch(query -> query.result().isDone());
                }
            }
        }
    }

    private static List<Query<?>> queries(Incident incident) {
        List<Query<?>> queries = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Bytes key = Bytes.utf8("in flight " + i);
            queries.add(incident.victim.kademlia().getClosestPeers(key, 20));
            queries.add(incident.network
                    .peer(40 + i)
                    .kademlia()
                    .getClosestPeers(incident.victim.id().bytes(), 20));
        }
        return queries;
    }

    /** Without a network, requests hear nothing; without an interface they fail at once. */
    private enum Outage {
        NO_NETWORK,
        NO_INTERFACE;

        void begin(Incident incident) {
            SimPeer victim = incident.victim;
            if (this == NO_NETWORK) {
                incident.network.cut((from, to) -> from == victim || to == victim);
            } else {
                incident.network.unplug(victim);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterAnOutageOfTenMinutes(Outage outage) {
        for (KademliaConfig config : configs()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                try (Incident incident = new Incident(seed, config)) {
                    outage.begin(incident);
                    for (int i = 0; i < 60; i++) {
                        queries(incident);
                        incident.network.advance(Duration.ofSeconds(10));
                    }
                    incident.network.heal();
                    incident.recovered();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2, -2})
    void afterAJumpOfTheWallClockByThatManyDays(long days) {
        for (KademliaConfig config : configs()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                try (Incident incident = new Incident(seed, config)) {
                    queries(incident);
                    incident.network.advance(Duration.ofMillis(60));
                    incident.victim.jumpClock(Duration.ofDays(days));
                    // sweeps and jobs run under the new time
                    incident.network.advance(Duration.ofMinutes(10));
                    incident.recovered();
                }
            }
        }
    }

    /** The peer writes and is written to under the wrong time, and again once it is right. Values conflict: the latest must win. */
    @ParameterizedTest
    @ValueSource(longs = {2, -2})
    void writesSucceedAfterAJumpOfTheWallClockByThatManyDaysAndAfterItsEnd(long days) {
        for (KademliaConfig config : configs()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                try (Incident incident = new Incident(seed, config)) {
                    incident.victim.jumpClock(Duration.ofDays(days));
                    incident.network.advance(Duration.ofMinutes(1));
                    incident.writesSucceed("second");
                    incident.network.advance(Duration.ofHours(1));
                    incident.victim.jumpClock(Duration.ofDays(-days));
                    incident.network.advance(Duration.ofMinutes(1));
                    incident.writesSucceed("third");
                }
            }
        }
    }
}
