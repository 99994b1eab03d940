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

    private final AtomicInteger served = new AtomicInteger();
    private final TestNode server = new TestNode(
            1,
            KademliaConfig.builder()
                    .maxRequestsPerMinute(RATE)
                    .requestTimeout(Duration.ofMinutes(1))
                    .build(),
            (request, responder) -> {
                served.incrementAndGet();
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
        byte[] request = HandMadePeer.proposal("/kad/1.0.0");
        try (HandMadePeer flood = new HandMadePeer(new TestIdentity(3), server.socketAddress())) {
            for (int stream = 0; stream < 64; stream++) {
                flood.send(HandMadePeer.data(HandMadePeer.SYN, 2 * stream + 1, request));
            }
            byte[] pings = pings(80_000);
            long memoryBefore = Memory.used();
            long start = System.nanoTime();
            for (int stream = 0; stream < 64; stream++) {
                flood.send(HandMadePeer.data(0, 2 * stream + 1, pings));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> served.get() > RATE);
            double minutes = (System.nanoTime() - start) / 60e9;
            assertThat(served.get()).isLessThanOrEqualTo((int) (RATE + RATE * minutes) + 1);
            assertThat(client.request(server.info(), TestNode.findNode(), Duration.ofMinutes(1))
                            .get(3, TimeUnit.SECONDS))
                    .as("others have a rate of their own")
                    .isInstanceOf(KadResponse.FindNode.class);
            assertThat((Memory.used() - memoryBefore) / Memory.MIB)
                    .as("growth in MiB")
                    .isLessThan(32);
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
