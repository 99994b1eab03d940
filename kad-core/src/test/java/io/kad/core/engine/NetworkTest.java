package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.BootstrapResult;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.result.FindPeerResult;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.GetRecordResult;
import io.kad.api.result.PutResult;
import io.kad.core.query.QuerySpec;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fifty peers that join through one. */
class NetworkTest {

    private static final int PEERS = 50;
    private static final RecordKey KEY = RecordKey.utf8("/app/key");
    private static final Record RECORD = Record.of(KEY, Bytes.utf8("value"));
    private static final RecordKey CONTENT = RecordKey.of(Multihash.sha256(Bytes.utf8("content")));

    private final EngineNetwork network = new EngineNetwork(PEERS, 42);

    @BeforeEach
    void joinThroughPeerZero() {
        for (int number = 1; number < PEERS; number++) {
            network.addAddress(number, 0);
            assertThat(network.run(number, new QuerySpec.Bootstrap(Peers.peer(number)), BootstrapResult.class)
                            .peers())
                    .isPositive();
        }
        network.runUntilIdle();
    }

    private static List<PeerId> trueClosest(KadKey target, int count, int except) {
        return IntStream.range(0, PEERS)
                .filter(number -> number != except)
                .mapToObj(Peers::peer)
                .sorted((left, right) -> target.compareDistance(left.kadKey(), right.kadKey()))
                .limit(count)
                .toList();
    }

    @Test
    void everyPeerFindsTheTrueClosestPeersOfAnyKey() {
        for (int number = 0; number < PEERS; number++) {
            Bytes key = Bytes.utf8("key " + number);

            assertThat(network.run(number, new QuerySpec.GetClosestPeers(key, 20), ClosestPeersResult.class)
                            .peers())
                    .extracting(PeerInfo::id)
                    .isEqualTo(trueClosest(KadKey.hash(key), 20, number));
        }
    }

    @Test
    void aRecordIsStoredAtTheTrueClosestPeersAndFoundByAll() {
        PutResult stored = network.run(7, new QuerySpec.PutRecord(RECORD, Quorum.all()), PutResult.class);
        assertThat(stored.storedBy()).isEqualTo(trueClosest(KEY.kadKey(), 20, 7));
        assertThat(stored.quorum()).isEqualTo(20);

        for (int number = 0; number < PEERS; number++) {
            GetRecordResult found =
                    network.run(number, new QuerySpec.GetRecord(KEY, Quorum.one()), GetRecordResult.class);
            assertThat(found.record().value()).isEqualTo(RECORD.value());
            assertThat(found.record().publisher()).contains(Peers.peer(7));
        }
    }

    @Test
    void aMajorityOfTheClosestPeersReturnsARecord() {
        network.run(7, new QuerySpec.PutRecord(RECORD, Quorum.one()), PutResult.class);

        assertThat(network.run(8, new QuerySpec.GetRecord(KEY, Quorum.majority()), GetRecordResult.class)
                        .validRecords())
                .isGreaterThan(10);
        assertThat(network.run(8, new QuerySpec.GetRecord(KEY, Quorum.of(5)), GetRecordResult.class)
                        .validRecords())
                .isEqualTo(5);
    }

    @Test
    void peersThatLostTheRecordHaveItAgainAfterAGet() {
        network.run(7, new QuerySpec.PutRecord(RECORD, Quorum.one()), PutResult.class);
        List<PeerId> closest = trueClosest(KEY.kadKey(), 20, 7);
        closest.subList(0, 5).forEach(peer -> network.forget(peer, KEY));
        assertThat(network.holders(KEY)).doesNotContainAnyElementsOf(closest.subList(0, 5));

        network.run(7, new QuerySpec.GetRecord(KEY, Quorum.majority()), GetRecordResult.class);
        network.runUntilIdle();

        assertThat(network.holders(KEY)).containsAll(closest);
    }

    @Test
    void providersAreFoundByAll() {
        for (int provider : List.of(3, 4)) {
            network.run(
                    provider, new QuerySpec.StartProviding(CONTENT, List.of(Peers.address(provider))), PutResult.class);
        }

        for (int number = 0; number < PEERS; number++) {
            assertThat(network.run(number, new QuerySpec.GetProviders(CONTENT, 0), GetProvidersResult.class)
                            .providers())
                    .containsExactlyInAnyOrder(Peers.info(3), Peers.info(4));
        }
    }

    @Test
    void everyPeerFindsEveryOther() {
        for (int number = 0; number < PEERS; number++) {
            int other = (number * 7 + 3) % PEERS;
            if (other != number) {
                assertThat(network.run(number, new QuerySpec.FindPeer(Peers.peer(other)), FindPeerResult.class)
                                .peer()
                                .addresses())
                        .contains(Peers.address(other));
            }
        }
    }

    @Test
    void aMissingRecordIsNotFound() {
        assertThat(network.fail(5, new QuerySpec.FindPeer(Peers.peer(999)))).isInstanceOf(KadException.NotFound.class);
        assertThat(network.fail(5, new QuerySpec.GetRecord(KEY, Quorum.one())))
                .isInstanceOf(KadException.NotFound.class);
        assertThat(network.run(5, new QuerySpec.GetProviders(CONTENT, 0), GetProvidersResult.class)
                        .providers())
                .isEmpty();
    }

    @Test
    void withAThirdOfThePeersDeadQueriesStillSucceed() {
        network.run(7, new QuerySpec.PutRecord(RECORD, Quorum.one()), PutResult.class);
        IntStream.range(0, PEERS).filter(number -> number % 3 == 2).forEach(network::kill);

        List<PeerId> alive = trueClosest(KEY.kadKey(), PEERS, 7).stream()
                .filter(network::isAlive)
                .limit(20)
                .toList();
        List<PeerId> found =
                network
                        .run(7, new QuerySpec.GetClosestPeers(KEY.bytes(), 20), ClosestPeersResult.class)
                        .peers()
                        .stream()
                        .map(PeerInfo::id)
                        .toList();
        assertThat(found).hasSize(20).allMatch(network::isAlive);
        // the farthest of them may be in no response, as responses have the k closest peers, dead ones included
        assertThat(found.subList(0, 15)).isEqualTo(alive.subList(0, 15));
        assertThat(network.run(9, new QuerySpec.GetRecord(KEY, Quorum.one()), GetRecordResult.class)
                        .record()
                        .value())
                .isEqualTo(RECORD.value());
    }
}
