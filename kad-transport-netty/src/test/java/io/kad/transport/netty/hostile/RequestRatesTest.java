package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadResponse;
import io.kad.transport.netty.support.TestIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that send more requests than their rate. */
class RequestRatesTest {

    private static final int RATE = 120;

    private final TestIdentity flooding = new TestIdentity(3);
    private final AtomicInteger served = new AtomicInteger();
    private final TestNode server = new TestNode(
            1,
            KademliaConfig.builder()
                    .maxRequestsPerMinute(RATE)
                    .requestTimeout(Duration.ofMinutes(1))
                    .build(),
            (request, responder) -> {
                if (request.from().equals(flooding.peerId())) {
                    served.incrementAndGet();
                }
                responder.respond(new KadResponse.FindNode(List.of()));
            });
    private final TestNode client = new TestNode(2, KademliaConfig.builder().build(), (request, responder) -> {});

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void whatAnHonestPeerSendsBeyondItsRateIsAnsweredLater() {
        List<CompletableFuture<KadResponse>> responses = new ArrayList<>();
        for (int number = 0; number < RATE + 24; number++) {
            responses.add(client.request(server.info(), TestNode.findNode(), Duration.ofMinutes(1)));
        }
        assertThat(responses)
                .allSatisfy(response ->
                        assertThat(response.get(60, TimeUnit.SECONDS)).isInstanceOf(KadResponse.FindNode.class));
        assertThat(server.transport.counters().get("limit-requests-per-minute")).isPositive();
    }

    @Test
    void aFloodIsServedAtItsRateAndHoldsLittle() throws Exception {
        // The pools of buffers grow with the first data that waits, and stay
        try (HandMadePeer first = connect(new TestIdentity(4))) {
            flood(first);
            await().until(() -> server.transport.counters().get("limit-requests-per-minute") > 0);
        }
        await().until(() -> server.transport.connections().isEmpty());
        long memoryBefore = Memory.used();
        long start = System.nanoTime();
        try (HandMadePeer peer = connect(flooding)) {
            flood(peer);
            await().atMost(Duration.ofSeconds(60)).until(() -> served.get() > RATE);
            int count = served.get();
            double minutes = (System.nanoTime() - start) / 60e9;
            assertThat(count).isLessThanOrEqualTo((int) (RATE + RATE * minutes) + 1);
            assertThat(client.request(server.info(), TestNode.findNode(), Duration.ofMinutes(1))
                            .get(20, TimeUnit.SECONDS))
                    .as("others have a rate of their own")
                    .isInstanceOf(KadResponse.FindNode.class);
            assertThat((Memory.used() - memoryBefore) / Memory.MIB)
                    .as("growth in MiB")
                    .isLessThan(32);
        }
    }

    private HandMadePeer connect(TestIdentity identity) throws Exception {
        return new HandMadePeer(identity, server.socketAddress());
    }

    /** Sends more requests than a peer may in hours. */
    private static void flood(HandMadePeer peer) throws Exception {
        byte[] proposal = HandMadePeer.proposal("/kad/1.0.0");
        for (int stream = 0; stream < 64; stream++) {
            peer.send(HandMadePeer.data(HandMadePeer.SYN, 2 * stream + 1, proposal));
        }
        byte[] pings = pings(80_000);
        for (int stream = 0; stream < 64; stream++) {
            peer.send(HandMadePeer.data(0, 2 * stream + 1, pings));
        }
    }

    private static byte[] pings(int count) {
        byte[] ping = {2, 8, 5};
        byte[] all = new byte[ping.length * count];
        for (int at = 0; at < all.length; at++) {
            all[at] = ping[at % ping.length];
        }
        return all;
    }
}
