package io.kad.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.sim.SimNetwork;
import io.kad.sim.TableInit;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Tests that the last put stays where peers of kad are beside others that do not know the time of publication: the first publisher, or somebody
 * who reads, must not bring the older value back.
 */
class OrderInMixedNetworksTest {

    private static final RecordKey KEY = RecordKey.utf8("a key without a validator");
    private static final Duration REPUBLISH = Duration.ofHours(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int PEERS = 40;
    private static final Bytes OLDER = Bytes.utf8("v1");
    private static final Bytes NEWER = Bytes.utf8("v2");

    private final Map<PeerId, ForeignHolder> foreign = new LinkedHashMap<>();

    /** All holders but a few are of other implementations; those that keep unknown fields let the first publisher see that it has lost. */
    @Test
    void aRepublicationAmongRustAndGoHoldersDoesNotBringTheOlderValueBack() {
        for (long seed = 1; seed <= 3; seed++) {
            try (SimNetwork network = network(seed)) {
                SimPeer first = network.peer(0);
                SimPeer second = network.peer(1);
                install(network, number -> number % 3 == 0 ? ForeignHolder.Kind.GO : ForeignHolder.Kind.RUST);
                put(network, first, OLDER);
                network.advance(Duration.ofMinutes(1));
                put(network, second, NEWER);
                for (int interval = 0; interval < 3; interval++) {
                    network.advance(REPUBLISH);
                    assertThat(read(network, network.peer(2))).isEqualTo(NEWER);
                }
                assertThat(stored(first)).isNotEqualTo(Optional.of(OLDER));
                assertThat(closestHolders(network)).containsOnly(NEWER);
            }
        }
    }

    /** It ignores the put of another, as rust-libp2p does, and republishes its own value without a time. */
    @Test
    void aRustPublisherThatRepublishesReplacesNothingAtPeersThatKnowTheOrder() {
        try (SimNetwork network = network(4)) {
            SimPeer rust = network.peer(5);
            SimPeer second = network.peer(1);
            install(network, number -> number % 2 == 1 ? ForeignHolder.Kind.RUST : null);
            Record own = Record.of(KEY, OLDER).withPublisher(rust.id()).withTtl(Duration.ofDays(2), network.now());
            sendToClosest(network, rust, own);
            assertThat(closestHolders(network)).containsOnly(OLDER);
            put(network, second, NEWER);
            for (int interval = 0; interval < 3; interval++) {
                network.advance(Duration.ofMinutes(59));
                sendToClosest(network, rust, own);
                assertThat(kadHolders(network)).containsOnly(NEWER);
                assertThat(read(network, network.peer(2))).isEqualTo(NEWER);
            }
            assertThat(foreignHolders(network))
                    .as("rust-libp2p keeps what comes last")
                    .contains(OLDER);
        }
    }

    /** The value of the majority wins there, and is written to the others; the time of publication is dropped. */
    @Test
    void aReadOfAPeerOfBeforeDoesNotRevertTheOthers() {
        try (SimNetwork network = network(6)) {
            SimPeer before = network.peer(5);
            install(network, number -> number % 2 == 1 ? ForeignHolder.Kind.RUST : null);
            put(network, network.peer(0), OLDER);
            network.advance(Duration.ofMinutes(1));
            List<SimPeer> closest = closest(network, before);
            List<SimPeer> unreachable = closest.subList(0, 14);
            network.cut((from, to) -> (from == network.peer(2) && unreachable.contains(to))
                    || (to == network.peer(2) && unreachable.contains(from)));
            put(network, network.peer(2), NEWER);
            network.heal();
            List<Bytes> withNewer = kadHolders(network);
            assertThat(withNewer).contains(NEWER);

            readAsBefore(network, before);

            assertThat(Collections.frequency(kadHolders(network), NEWER))
                    .isEqualTo(Collections.frequency(withNewer, NEWER));
            assertThat(read(network, network.peer(4))).isEqualTo(NEWER);
            network.advance(Duration.ofMinutes(1));
            assertThat(kadHolders(network)).as("corrected").containsOnly(NEWER);
        }
    }

    private static SimNetwork network(long seed) {
        return SimNetwork.builder()
                .peers(PEERS)
                .seed(seed)
                .config(KademliaConfig.builder()
                        .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                        .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(REPUBLISH))
                        .set(KademliaConfig.REPLICATE_INTERVAL, Optional.empty())
                        .build())
                .codec(WireCodec::new)
                .tables(TableInit.JOINED)
                .build();
    }

    /** Makes the peers from number 5 on holders of the kind that {@code kinds} returns; null for kad. */
    private void install(
            SimNetwork network, Function<Integer, ForeignHolder.@org.jspecify.annotations.Nullable Kind> kinds) {
        for (SimPeer peer : network.peers().subList(5, PEERS)) {
            ForeignHolder.Kind kind = kinds.apply(peer.number());
            if (kind != null) {
                foreign.put(peer.id(), ForeignHolder.install(network, peer, kind));
            }
        }
    }

    private static void put(SimNetwork network, SimPeer peer, Bytes value) {
        network.await(
                peer.kademlia().putRecord(Record.of(KEY, value), Quorum.one()).result());
    }

    private static Bytes read(SimNetwork network, SimPeer peer) {
        return network.await(peer.kademlia().getRecord(KEY, Quorum.all()).result())
                .record()
                .value();
    }

    private static List<SimPeer> closest(SimNetwork network, SimPeer from) {
        return network.closest(KEY.bytes(), 20, from).stream()
                .map(peer -> network.find(peer).orElseThrow())
                .toList();
    }

    /** Sends {@code record} to the closest peers, as a publisher of another implementation does. */
    private static void sendToClosest(SimNetwork network, SimPeer from, Record record) {
        closest(network, from).forEach(peer -> request(network, from, peer, new KadRequest.PutValue(record)));
    }

    /** Reads at the closest peers and writes the value of the majority to the others, as kad did before it knew an order. */
    private static void readAsBefore(SimNetwork network, SimPeer reader) {
        Map<SimPeer, Record> copies = new LinkedHashMap<>();
        for (SimPeer peer : closest(network, reader)) {
            if (request(network, reader, peer, new KadRequest.GetValue(KEY)) instanceof KadResponse.GetValue value) {
                value.record().ifPresent(record -> copies.put(peer, record));
            }
        }
        Bytes majority = copies.values().stream()
                .collect(Collectors.groupingBy(Record::value, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        assertThat(majority).as("the case of the report").isEqualTo(OLDER);
        Record chosen = copies.values().stream()
                .filter(record -> record.value().equals(majority))
                .findFirst()
                .orElseThrow();
        copies.forEach((peer, record) -> {
            if (!record.value().equals(majority)) {
                request(network, reader, peer, new KadRequest.PutValue(chosen));
            }
        });
    }

    /** Returns the response of {@code to}, or the failure. */
    private static Object request(SimNetwork network, SimPeer from, SimPeer to, KadRequest request) {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        PeerInfo info = to.info();
        var unused = from.transport().request(info, request, TIMEOUT, new Callback<KadResponse>() {
            @Override
            public void onSuccess(KadResponse response) {
                outcome.complete(response);
            }

            @Override
            public void onFailure(TransportFailure failure) {
                outcome.complete(failure);
            }
        });
        return network.await(outcome);
    }

    private List<Bytes> closestHolders(SimNetwork network) {
        return values(closest(network, network.peer(0)));
    }

    private List<Bytes> kadHolders(SimNetwork network) {
        return values(closest(network, network.peer(0)).stream()
                .filter(peer -> !foreign.containsKey(peer.id()))
                .toList());
    }

    private List<Bytes> foreignHolders(SimNetwork network) {
        return values(closest(network, network.peer(0)).stream()
                .filter(peer -> foreign.containsKey(peer.id()))
                .toList());
    }

    private List<Bytes> values(List<SimPeer> peers) {
        return peers.stream().flatMap(peer -> stored(peer).stream()).toList();
    }

    private Optional<Bytes> stored(SimPeer peer) {
        ForeignHolder holder = foreign.get(peer.id());
        if (holder != null) {
            return holder.stored(KEY).map(Record::value);
        }
        try {
            return peer.kademlia().recordStore().get(KEY).map(Record::value);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }
}
