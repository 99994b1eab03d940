package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.transport.netty.TransportLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large requests of the local peer on one connection. */
@Timeout(180)
class LargeRequestsTest {

    private static final int MIB = 1 << 20;
    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0").toBuilder()
            .maxSentMessageBytes(4 * MIB)
            .keepAliveInterval(Duration.ofMinutes(10))
            .writeTimeout(Duration.ofMinutes(10))
            .build();
    private static final Duration LONG = Duration.ofSeconds(50);

    private final List<Responder> unanswered = new CopyOnWriteArrayList<>();
    private volatile boolean answering = true;
    private TestNode server;
    private TestNode client;
    private Proxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = new TestNode(1, CONFIG, this::serve);
        client = new TestNode(2, CONFIG, (request, responder) -> {});
        proxy = new Proxy(server.socketAddress());
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        server.close();
        proxy.close();
    }

    private void serve(InboundRequest request, Responder responder) {
        if (!answering) {
            unanswered.add(responder);
        } else if (request.request() instanceof KadRequest.PutValue put) {
            responder.respond(new KadResponse.PutValue(put.record()));
        } else {
            responder.respond(new KadResponse.FindNode(List.of()));
        }
    }

    private PeerInfo target() {
        return PeerInfo.of(server.id(), List.of(proxy.address()));
    }

    private static KadRequest put(int bytes) {
        return new KadRequest.PutValue(Record.of(RecordKey.of(Bytes.utf8("key")), Bytes.of(new byte[bytes])));
    }

    private List<CompletableFuture<KadResponse>> send(KadRequest request, int times) {
        List<CompletableFuture<KadResponse>> responses = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            responses.add(client.request(target(), request, LONG));
        }
        return responses;
    }

    private static void awaitAll(List<CompletableFuture<KadResponse>> responses) throws Exception {
        for (CompletableFuture<KadResponse> response : responses) {
            assertThat(response.get(50, TimeUnit.SECONDS)).isInstanceOf(KadResponse.PutValue.class);
        }
    }

    @Test
    void theyWaitForRoomOnTheirConnection() throws Exception {
        client.request(target(), TestNode.findNode(), LONG).get();
        awaitAll(send(put(MIB), 24));
        assertThat(client.transport.counters().get("limit-connection-send-bytes"))
                .as("requests that waited")
                .isPositive();
        assertThat(proxy.accepted()).isEqualTo(1);
    }

    @Test
    void thoseThatWaitAreSentOverANewConnectionIfTheirsIsLost() throws Exception {
        client.request(target(), TestNode.findNode(), LONG).get();
        proxy.silence();
        List<CompletableFuture<KadResponse>> responses = send(put(MIB), 24);
        await().until(() -> client.transport.counters().get("limit-connection-send-bytes") > 0);
        proxy.reset();
        awaitAll(responses);
        assertThat(proxy.accepted()).isEqualTo(2);
    }

    @Test
    void theBytesOfThoseThatWaitAreBounded() throws Exception {
        client.request(target(), TestNode.findNode(), LONG).get();
        answering = false;
        KadRequest largest = put(4 * MIB - 1000);
        int most = TransportLimits.MAX_REQUESTS_PER_CONNECTION
                + (int) (TransportLimits.MAX_QUEUED_REQUEST_BYTES / (4 * MIB));
        List<CompletableFuture<KadResponse>> responses = send(largest, most + 5);
        await().until(() -> refused(responses) >= 5);
        assertThat(refused(responses))
                .as("one more if the stream of the first request lingers")
                .isLessThanOrEqualTo(6);
    }

    /** Returns how many requests were refused because of the bytes of those that wait. */
    private static long refused(List<CompletableFuture<KadResponse>> responses) {
        return responses.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .map(response ->
                        response.handle((done, failure) -> failure.getMessage()).join())
                .filter(message -> message.contains("OVERLOADED: too many bytes of queued requests"))
                .count();
    }

    @Test
    void theirTimeoutGrowsWithTheirSize() throws Exception {
        client.request(target(), TestNode.findNode(), LONG).get();
        answering = false;
        Duration timeout = Duration.ofSeconds(1);
        CompletableFuture<KadResponse> large = client.request(target(), put(MIB), timeout);
        await().until(() -> unanswered.size() == 1);
        CompletableFuture<KadResponse> small = client.request(target(), put(100), timeout);
        assertThatThrownBy(small::get).hasMessageContaining("TIMEOUT");

        unanswered.get(0).respond(new KadResponse.PutValue(((KadRequest.PutValue) put(MIB)).record()));
        assertThat(large.get(30, TimeUnit.SECONDS)).isInstanceOf(KadResponse.PutValue.class);
    }
}
