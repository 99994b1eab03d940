package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.Responder;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that a node has received and not handled yet, over all its connections. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReceivedBytesTest {

    private static final String KAD = "/test/kad/1.0.0";
    private static final KademliaConfig CONFIG =
            KademliaConfig.of(KAD).toBuilder().maxSentMessageBytes(4 << 20).build();
    private static final int MAX = CONFIG.get(KademliaConfig.MAX_MESSAGE_BYTES);
    private static final RecordKey KEY = RecordKey.of(Bytes.utf8("key"));
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** Time for bytes that a busy machine needs longer to move. */
    private static final Duration AMPLE = Duration.ofMinutes(2);

    private final NodeBudgets budgets = NodeBudgets.of(CONFIG);
    private final List<Responder> taken = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private TestNode node(long number, NodeBudgets shared) {
        TestNode node = new TestNode(number, CONFIG, shared, (request, responder) -> {
            if (request.request() instanceof KadRequest.PutValue) {
                taken.add(responder);
            } else {
                responder.respond(new KadResponse.FindNode(List.of()));
            }
        });
        open.add(node);
        return node;
    }

    private HandMadePeer hostile(int number, TestNode target) throws Exception {
        HandMadePeer peer = new HandMadePeer(new TestIdentity(number), target.socketAddress());
        open.add(peer);
        return peer;
    }

    /** Sends large messages that lack their end; returns whether the other side ended the connection meanwhile. */
    private static boolean sendHalf(HandMadePeer peer, int messages) throws Exception {
        byte[] half = Arrays.copyOf(Wire.framed(new byte[MAX]), 200 * 1024);
        try {
            for (int number = 0; number < messages; number++) {
                int stream = 2 * number + 1;
                peer.send(HandMadePeer.data(
                        HandMadePeer.SYN, stream, HandMadeNoise.join(HandMadePeer.proposal(KAD), half)));
            }
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    @Test
    void halfSentMessagesOfManyConnectionsAreBoundedAndHonestPeersAreServed() throws Exception {
        // Two thirds of the default: the peers of the test in this process need memory too
        NodeBudgets small =
                NodeBudgets.of(CONFIG.toBuilder().maxReceiveBytes(8 << 20).build());
        TestNode node = node(1, small);
        TestNode honest = node(2, NodeBudgets.of(CONFIG));
        honest.request(node.info(), TestNode.findNode(), TIMEOUT).get();
        // The pools of buffers grow with the first data that waits, and stay
        HandMadePeer first = hostile(9, node);
        sendHalf(first, 30);
        first.close();
        await().until(() -> node.transport.connections().size() == 1);
        long before = Memory.used();
        for (int number = 0; number < 16; number++) {
            sendHalf(hostile(10 + number, node), 30);
            honest.request(node.info(), TestNode.findNode(), TIMEOUT).get();
        }
        assertThat((Memory.used() - before) / Memory.MIB).as("growth in MiB").isLessThan(32);
        assertThat(small.receive().chargedBytes())
                .isLessThanOrEqualTo(small.receive().limit() * 3 / 2 + MAX);
        assertThat(node.transport.counters().get("limit-receive-bytes")).isPositive();
        assertThat(node.transport.connections())
                .anyMatch(connection -> connection.peer().equals(honest.id()));
    }

    @Test
    void nodesShareABudget() throws Exception {
        TestNode one = node(1, budgets);
        TestNode other = node(2, budgets);
        sendHalf(hostile(10, one), 10);
        await().until(() -> budgets.receive().chargedBytes() > 1_500_000);
        long ofOne = budgets.receive().chargedBytes();
        sendHalf(hostile(11, other), 10);
        await().until(() -> budgets.receive().chargedBytes() > ofOne + 1_500_000);
        one.close();
        other.close();
        await().until(() -> budgets.receive().chargedBytes() == 0);
    }

    @Test
    void aRequestCountsUntilItIsHandled() throws Exception {
        TestNode node = node(1, budgets);
        TestNode client = node(2, NodeBudgets.of(CONFIG));
        Record record = Record.of(KEY, Bytes.of(new byte[3_000_000]));
        CompletableFuture<KadResponse> response = client.request(node.info(), new KadRequest.PutValue(record), TIMEOUT);
        await().until(() -> taken.size() == 1);
        assertThat(budgets.receive().chargedBytes()).isBetween(3_000_000L, 3_100_000L);
        taken.get(0).respond(new KadResponse.PutValue(record));
        response.get();
        await().until(() -> budgets.receive().chargedBytes() == 0);
    }

    @Test
    void aRequestCountsUntilItIsHandledAlthoughItsConnectionIsGone() throws Exception {
        TestNode node = node(1, budgets);
        TestNode client = node(2, NodeBudgets.of(CONFIG));
        Record record = Record.of(KEY, Bytes.of(new byte[3_000_000]));
        client.request(node.info(), new KadRequest.PutValue(record), TIMEOUT);
        await().until(() -> taken.size() == 1);
        client.close();
        await().until(() -> node.transport.connections().isEmpty());
        assertThat(budgets.receive().chargedBytes()).isGreaterThan(3_000_000);
        taken.get(0).reset();
        await().until(() -> budgets.receive().chargedBytes() == 0);
    }

    @Test
    void aResponseWithPeersHasALimitOfItsOwnAndARecordHasNot() throws Exception {
        List<PeerInfo> many = new ArrayList<>(IntStream.range(0, 100)
                .mapToObj(number -> PeerInfo.of(
                        new TestIdentity(100 + number).peerId(),
                        IntStream.range(0, 16)
                                .mapToObj(address -> Multiaddr.parse("/dns4/" + "x".repeat(200) + address + "/tcp/1"))
                                .toList()))
                .toList());
        Record record = Record.of(KEY, Bytes.of(new byte[1_000_000]));
        TestNode server = new TestNode(
                1,
                CONFIG,
                (request, responder) -> responder.respond(
                        request.request() instanceof KadRequest.GetValue
                                ? new KadResponse.GetValue(Optional.of(record), List.of())
                                : request.request() instanceof KadRequest.GetProviders
                                        ? new KadResponse.GetProviders(many, List.of())
                                        : new KadResponse.FindNode(many)));
        open.add(server);
        TestNode client = node(2, NodeBudgets.of(CONFIG));
        assertThat(client.request(server.info(), new KadRequest.GetValue(KEY), TIMEOUT)
                        .get())
                .isEqualTo(new KadResponse.GetValue(Optional.of(record), List.of()));
        for (KadRequest request : List.of(TestNode.findNode(), new KadRequest.GetProviders(KEY))) {
            assertThatThrownBy(client.request(server.info(), request, TIMEOUT)::get)
                    .hasMessageContaining("INVALID: message of ")
                    .hasMessageContaining(
                            request instanceof KadRequest.FindNode
                                    ? "exceeds the limit of 65536"
                                    : "exceeds the limit of 262144");
        }
        assertThat(client.transport.counters())
                .containsEntry("limit-peers-response-bytes", 1L)
                .containsEntry("limit-providers-response-bytes", 1L);
        many.subList(40, many.size()).clear();
        assertThat(client.request(server.info(), new KadRequest.GetProviders(KEY), TIMEOUT)
                        .get())
                .as("more than 64 KiB")
                .isEqualTo(new KadResponse.GetProviders(many, List.of()));
    }

    /** The node has room for two messages of the maximum size, and the responses share one connection. */
    @Test
    void aResponseThatIsTooMuchFailsAloneAndIsNotRequestedAgain() throws Exception {
        Record record = Record.of(KEY, Bytes.of(new byte[4_000_000]));
        AtomicLong served = new AtomicLong();
        KademliaConfig sending = CONFIG.toBuilder()
                .maxConnectionSendBytes(64 << 20)
                .maxSendBytes(64 << 20)
                .build();
        TestNode server = new TestNode(1, sending, (request, responder) -> {
            if (request.request() instanceof KadRequest.FindNode) {
                responder.respond(new KadResponse.FindNode(List.of()));
            } else {
                served.incrementAndGet();
                responder.respond(new KadResponse.GetValue(Optional.of(record), List.of()));
            }
        });
        open.add(server);
        KademliaConfig small = CONFIG.toBuilder()
                .maxReceiveBytes(1 << 20)
                .maxConnectionReceiveBytes(64 << 20)
                .build();
        TestNode client = new TestNode(2, small, NodeBudgets.of(small), (request, responder) -> responder.reset());
        open.add(client);
        client.request(server.info(), TestNode.findNode(), TIMEOUT).get();
        long connection = client.transport.connections().get(0).id();
        List<CompletableFuture<KadResponse>> responses = new ArrayList<>();
        for (int number = 0; number < 6; number++) {
            responses.add(client.request(server.info(), new KadRequest.GetValue(KEY), TIMEOUT));
        }
        await().atMost(AMPLE).until(() -> responses.stream().allMatch(CompletableFuture::isDone));
        assertThat(responses).anyMatch(response -> !response.isCompletedExceptionally());
        assertThat(responses).anyMatch(CompletableFuture::isCompletedExceptionally);
        for (CompletableFuture<KadResponse> response : responses) {
            if (response.isCompletedExceptionally()) {
                assertThatThrownBy(response::get).hasMessageContaining("OVERLOADED: ");
            }
        }
        assertThat(served).hasValue(6);
        assertThat(client.transport.connections()).hasSize(1).allMatch(info -> info.id() == connection);
    }

    @Test
    void largeResponsesOfManyPeersAreBoundedTogether() throws Exception {
        Record record = Record.of(KEY, Bytes.of(new byte[4_000_000]));
        TestNode client = node(1, budgets);
        List<TestNode> servers = new ArrayList<>();
        List<Responder> waiting = new CopyOnWriteArrayList<>();
        for (int number = 0; number < 20; number++) {
            TestNode server = new TestNode(10 + number, CONFIG, (request, responder) -> waiting.add(responder));
            open.add(server);
            servers.add(server);
        }
        List<CompletableFuture<?>> responses = new ArrayList<>();
        for (TestNode server : servers) {
            responses.add(client.request(server.info(), new KadRequest.GetValue(KEY), AMPLE));
        }
        await().atMost(AMPLE).until(() -> waiting.size() == servers.size());
        waiting.forEach(responder -> responder.respond(new KadResponse.GetValue(Optional.of(record), List.of())));
        AtomicLong most = new AtomicLong();
        await().pollInterval(Duration.ofMillis(1)).atMost(AMPLE.multipliedBy(2)).until(() -> {
            most.accumulateAndGet(budgets.receive().chargedBytes(), Math::max);
            return responses.stream().allMatch(CompletableFuture::isDone);
        });
        assertThat(most.get()).isLessThanOrEqualTo(budgets.receive().limit() * 3 / 2 + MAX);
        await().atMost(AMPLE).until(() -> budgets.receive().chargedBytes() == 0);
        assertThat(responses).anyMatch(response -> !response.isCompletedExceptionally());
    }
}
