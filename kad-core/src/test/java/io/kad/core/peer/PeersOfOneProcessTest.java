package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.core.engine.Peers;
import io.kad.core.runtime.RecordingTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole peers, built as a user builds them, on the threads of the process; only the sockets are missing. */
@Timeout(120)
class PeersOfOneProcessTest {

    private static final String PROTOCOL = "/test/kad/1.0.0";
    private static final int COUNT = 25;

    /** A safety net: longer than anything here takes on a busy machine. */
    private static final int SECONDS = 30;

    private static final RecordKey KEY = RecordKey.utf8("/app/greeting");

    private final ExecutorService wires = Executors.newFixedThreadPool(2);
    private final MemoryNetwork network = new MemoryNetwork(wires, PROTOCOL);
    private final List<Kademlia> peers = new ArrayList<>();

    @AfterEach
    void closeAll() {
        peers.forEach(Kademlia::close);
        wires.shutdownNow();
        awaitNoThread();
    }

    private static void awaitNoThread() {
        Awaitility.await()
                .atMost(SECONDS, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("kad-"))
                .collect(Collectors.toSet());
    }

    private Kademlia peer(int number, Mode mode) {
        Kademlia peer = Kademlia.builder()
                .identity(TestIdentity.of(number))
                .config(KademliaConfig.builder()
                        .set(KademliaConfig.PROTOCOL, PROTOCOL)
                        .set(KademliaConfig.MODE, mode)
                        // So that no lookup gives up a peer because a thread gets no processor
                        .set(KademliaConfig.MIN_MAX_WAIT, Duration.ofMinutes(1))
                        .build())
                .transport(network.transport(Peers.peer(number), Peers.address(number)))
                .recordStore(new HeapRecordStore(number % 2 == 0))
                .providerStore(new HeapProviderStore(number % 2 == 0))
                .build();
        peers.add(peer);
        return peer;
    }

    private void join(Kademlia newcomer) throws Exception {
        newcomer.listen(Peers.address(0)).get(SECONDS, TimeUnit.SECONDS);
        newcomer.connect(Peers.info(0), Duration.ofSeconds(5)).get(SECONDS, TimeUnit.SECONDS);

        Awaitility.await()
                .atMost(SECONDS, TimeUnit.SECONDS)
                .until(() -> !newcomer.routingTable().entries().isEmpty());
        newcomer.bootstrap().result().get(SECONDS, TimeUnit.SECONDS);
        settle();
    }

    /** Waits until the table of each peer holds whom it has met: a command runs after the events that came before it. */
    private void settle() throws Exception {
        for (Kademlia peer : peers) {
            peer.removePeer(Peers.peer(COUNT + 1)).get(SECONDS, TimeUnit.SECONDS);
        }
    }

    private void buildNetwork() throws Exception {
        Kademlia first = peer(0, Mode.SERVER);
        first.listen(Peers.address(0)).get(SECONDS, TimeUnit.SECONDS);
        for (int number = 1; number < COUNT; number++) {
            join(peer(number, Mode.SERVER));
        }
    }

    @Test
    void recordsAndProvidersAreFoundAndTheClosestPeersAreTheTrueOnes() throws Exception {
        buildNetwork();
        Kademlia writer = peers.get(3);
        Kademlia reader = peers.get(COUNT - 1);

        var stored = writer.putRecord(Record.of(KEY, Bytes.utf8("hello")), Quorum.all())
                .result()
                .get(SECONDS, TimeUnit.SECONDS);
        var found = reader.getRecord(KEY, Quorum.one()).result().get(SECONDS, TimeUnit.SECONDS);
        var provided = writer.startProviding(KEY).result().get(SECONDS, TimeUnit.SECONDS);
        var providers = reader.getProviders(KEY, 0).result().get(SECONDS, TimeUnit.SECONDS);
        var closest = reader.getClosestPeers(KEY.bytes(), 20).result().get(SECONDS, TimeUnit.SECONDS);

        assertThat(stored.storedBy()).hasSize(20);
        assertThat(found.record().value()).isEqualTo(Bytes.utf8("hello"));
        assertThat(found.record().publisher()).isIn(Optional.empty(), Optional.of(writer.peerId()));
        assertThat(provided.storedBy()).hasSize(20);
        assertThat(providers.providers()).extracting(PeerInfo::id).containsExactly(writer.peerId());
        List<PeerId> truth = peers.stream()
                .map(Kademlia::peerId)
                .filter(peer -> !peer.equals(reader.peerId()))
                .sorted(Comparator.comparing(peer -> KEY.kadKey().distance(peer.kadKey())))
                .limit(20)
                .toList();
        assertThat(closest.peers()).extracting(PeerInfo::id).isEqualTo(truth);
    }

    @Test
    void aClientFindsAndIsFoundButIsInNoTable() throws Exception {
        buildNetwork();
        Kademlia client = peer(COUNT, Mode.CLIENT);
        join(client);

        assertThat(client.mode()).isEqualTo(Mode.CLIENT);
        assertThat(peers.get(0).mode()).isEqualTo(Mode.SERVER);
        assertThat(client.findPeer(Peers.peer(7))
                        .result()
                        .get(SECONDS, TimeUnit.SECONDS)
                        .peer()
                        .addresses())
                .containsExactly(Peers.address(7));
        assertThat(peers.get(5)
                        .findPeer(client.peerId())
                        .result()
                        .get(SECONDS, TimeUnit.SECONDS)
                        .peer()
                        .addresses())
                .containsExactly(Peers.address(COUNT));
        assertThat(peers.subList(0, COUNT))
                .allSatisfy(peer -> assertThat(peer.routingTable().entries())
                        .extracting("peer")
                        .doesNotContain(client.peerId()));
    }

    @Test
    void everySubscriberSeesTheEndOfTheQuery() throws Exception {
        buildNetwork();
        Query<?> query = peers.get(1).getClosestPeers(KEY.bytes(), 20);
        CompletableFuture<QueryEvent> last = new CompletableFuture<>();
        AtomicReference<QueryEvent> latest = new AtomicReference<>();
        query.events().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(QueryEvent event) {
                latest.set(event);
            }

            @Override
            public void onError(Throwable failure) {
                last.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                last.complete(latest.get());
            }
        });

        query.result().get(SECONDS, TimeUnit.SECONDS);
        last.get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void peersShareThreadsAndTheLastOneThatIsClosedEndsThem() throws Exception {
        for (int number = 0; number < 100; number++) {
            peer(number, Mode.SERVER);
        }
        peers.get(0).bootstrap().result().handle((answer, failure) -> failure).get(SECONDS, TimeUnit.SECONDS);
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(threads()).isNotEmpty().hasSizeLessThanOrEqualTo(5 * cores + 1);

        peers.subList(1, 100).forEach(Kademlia::close);
        assertThat(peers.get(0).removePeer(Peers.peer(1)).get(SECONDS, TimeUnit.SECONDS))
                .isFalse();
        peers.get(0).close();

        awaitNoThread();
    }

    @Test
    void closingInTheMiddleOfQueriesLeavesNoFutureOpen() throws Exception {
        buildNetwork();
        List<CompletableFuture<?>> results = new ArrayList<>();
        for (int number = 0; number < 200; number++) {
            results.add(peers.get(number % COUNT)
                    .getClosestPeers(Bytes.utf8("target " + number), 20)
                    .result());
        }

        peers.forEach(Kademlia::close);

        for (CompletableFuture<?> result : results) {
            Throwable failure = result.handle((answer, thrown) -> thrown).get(SECONDS, TimeUnit.SECONDS);
            assertThat(failure == null || failure instanceof KadException).isTrue();
        }
        assertThatThrownBy(() -> peers.get(0).bootstrap().result().get(SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(KadException.Closed.class);
    }

    @Test
    void aUserMayCloseThePeerInACallback() throws Exception {
        Kademlia peer = peer(0, Mode.SERVER);

        peer.bootstrap()
                .result()
                .handle((answer, failure) -> failure)
                .thenAccept(failure -> peer.close())
                .get(SECONDS, TimeUnit.SECONDS);

        awaitNoThread();
    }

    @Test
    void callbacksOfOnePeerThatBlockDoNotHoldUpThoseOfAnother() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Kademlia blocked = lonely(1);
                Kademlia other = lonely(2)) {
            for (int number = 10; number < 100; number++) {
                var unused = blocked.addAddress(Peers.peer(number), Peers.address(number))
                        .thenRun(() -> await(never));
            }
            assertThat(other.addAddress(Peers.peer(3), Peers.address(3)).get(SECONDS, TimeUnit.SECONDS))
                    .isNotNull();
            CountDownLatch heard = new CountDownLatch(1);
            other.onEvent(event -> heard.countDown());
            other.addAddress(Peers.peer(4), Peers.address(4)).get(SECONDS, TimeUnit.SECONDS);
            assertThat(heard.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            never.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(3L * SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Kademlia lonely(int number) {
        return Kademlia.builder()
                .identity(TestIdentity.of(number))
                .config(KademliaConfig.of("/test/kad/1.0.0"))
                .transport(new RecordingTransport())
                .recordStore(new HeapRecordStore())
                .providerStore(new HeapProviderStore())
                .build();
    }
}
