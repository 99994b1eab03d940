package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.transport.netty.TransportLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests in flight when their shared connection is lost: each is repeated once on a new one. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LostConnectionTest {

    private static final KademliaConfig DEFAULTS = KademliaConfig.of("/test/kad/1.0.0");
    /** A busy machine takes no connection for lost. */
    private static final KademliaConfig WITHOUT_KEEP_ALIVE =
            DEFAULTS.toBuilder().disable(TransportOptions.KEEP_ALIVE_INTERVAL).build();

    private static final KademliaConfig WITH_KEEP_ALIVE = DEFAULTS.toBuilder()
            .keepAliveInterval(Duration.ofSeconds(1))
            .silenceTimeout(Duration.ofSeconds(5))
            .build();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int REQUESTS = 8;

    /** Way in which a connection is lost. */
    enum Loss {
        SOCKET_RESET,
        FIN,
        GO_AWAY,
        KEEP_ALIVE
    }

    private final List<Responder> unanswered = new CopyOnWriteArrayList<>();
    private volatile boolean answering;
    private TestNode server;
    private TestNode client;
    private Proxy proxy;

    private void start() throws Exception {
        start(WITHOUT_KEEP_ALIVE);
    }

    private void start(Loss loss) throws Exception {
        start(loss == Loss.KEEP_ALIVE ? WITH_KEEP_ALIVE : WITHOUT_KEEP_ALIVE);
    }

    private void start(KademliaConfig config) throws Exception {
        server = new TestNode(1, config, (request, responder) -> {
            if (!answering) {
                unanswered.add(responder);
            } else if (request.request() instanceof KadRequest.AddProvider) {
                responder.completeWithoutResponse();
            } else {
                responder.respond(new KadResponse.FindNode(List.of()));
            }
        });
        client = new TestNode(2, config, (request, responder) -> {});
        proxy = new Proxy(server.socketAddress());
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        server.close();
        proxy.close();
    }

    private PeerInfo target() {
        return PeerInfo.of(server.id(), List.of(proxy.address()));
    }

    private void lose(Loss loss) throws Exception {
        switch (loss) {
            case SOCKET_RESET -> proxy.reset();
            case FIN -> proxy.end();
            case GO_AWAY -> server.transport.disconnect(client.id()); // sends a go-away frame first
            case KEEP_ALIVE -> proxy.silence();
        }
    }

    private List<CompletableFuture<KadResponse>> requests() {
        List<CompletableFuture<KadResponse>> responses = new ArrayList<>();
        for (int number = 0; number < REQUESTS; number++) {
            responses.add(client.request(target(), TestNode.findNode(), TIMEOUT));
        }
        return responses;
    }

    @ParameterizedTest
    @EnumSource
    void eachRequestInFlightIsRepeatedOnANewConnection(Loss loss) throws Exception {
        start(loss);
        List<CompletableFuture<KadResponse>> responses = requests();
        await().until(() -> unanswered.size() == REQUESTS);

        answering = true;
        lose(loss);

        for (CompletableFuture<KadResponse> response : responses) {
            assertThat(response.get(30, TimeUnit.SECONDS)).isEqualTo(new KadResponse.FindNode(List.of()));
        }
        assertThat(proxy.accepted()).isEqualTo(2);
    }

    /** The request leaves with the proposal of the protocol, so the loss may come before the agreement. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GO_AWAY") // it does not pass a silent proxy
    void aRequestWhoseProtocolIsNotAgreedIsRepeatedToo(Loss loss) throws Exception {
        start(loss);
        answering = true;
        client.request(target(), TestNode.findNode(), TIMEOUT).get();
        proxy.silence();
        List<CompletableFuture<KadResponse>> responses = requests();
        await().until(() -> proxy.dropped() > 0);
        lose(loss);
        for (CompletableFuture<KadResponse> response : responses) {
            assertThat(response.get(30, TimeUnit.SECONDS)).isEqualTo(new KadResponse.FindNode(List.of()));
        }
        assertThat(proxy.accepted()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GO_AWAY") // it does not pass a silent proxy
    void anAddProviderIsRepeatedToo(Loss loss) throws Exception {
        start(loss);
        answering = true;
        client.request(target(), TestNode.findNode(), TIMEOUT).get();
        proxy.silence();
        RecordKey key = RecordKey.of(Bytes.utf8("key"));
        CompletableFuture<Void> sent =
                client.send(target(), new KadRequest.AddProvider(key, List.of(client.info())), TIMEOUT);
        await().until(() -> proxy.dropped() > 0);
        lose(loss);
        sent.get(30, TimeUnit.SECONDS);
        assertThat(proxy.accepted()).isEqualTo(2);
    }

    @Test
    void whatIsInFlightWhenTheUserDisconnectsIsCancelledAndNotDialledAgain() throws Exception {
        start();
        int most = TransportLimits.MAX_REQUESTS_PER_CONNECTION;
        List<CompletableFuture<KadResponse>> responses = new ArrayList<>();
        for (int number = 0; number < most + REQUESTS; number++) { // some of them wait
            responses.add(client.request(target(), TestNode.findNode(), TIMEOUT));
        }
        await().until(() -> unanswered.size() == most);
        client.transport.disconnect(server.id());
        for (CompletableFuture<KadResponse> response : responses) {
            assertThatThrownBy(() -> response.get(30, TimeUnit.SECONDS)).hasMessageContaining("CANCELLED: ");
        }
        assertThat(proxy.accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aSecondLossIsReportedAsALostConnection(Loss loss) throws Exception {
        start(loss);
        List<CompletableFuture<KadResponse>> responses = requests();
        await().until(() -> unanswered.size() == REQUESTS);
        lose(loss);
        await().until(() -> unanswered.size() == 2 * REQUESTS);
        await().until(() -> proxy.accepted() == 2);
        lose(loss);
        for (CompletableFuture<KadResponse> response : responses) {
            assertThatThrownBy(() -> response.get(30, TimeUnit.SECONDS)).hasMessageContaining("CLOSED: ");
        }
        assertThat(proxy.accepted()).isEqualTo(2);
        assertThat(unanswered).hasSize(2 * REQUESTS);
    }

    /** Callback of one request: its failure, and whether it was sent before it was delayed. */
    private static final class Delays implements Callback<KadResponse> {
        private final AtomicInteger delays = new AtomicInteger();
        private final CompletableFuture<TransportFailure> failure = new CompletableFuture<>();

        @Override
        public void onQueued() {
            delays.incrementAndGet();
        }

        @Override
        public void onSuccess(KadResponse response) {
            failure.completeExceptionally(new AssertionError(response));
        }

        @Override
        public void onFailure(TransportFailure cause) {
            failure.complete(cause);
        }
    }

    @Test
    void aRequestThatWasSentKeepsItsTimeoutThoughItsRepetitionWaits() throws Exception {
        start();
        int most = TransportLimits.MAX_REQUESTS_PER_CONNECTION;
        client.request(target(), TestNode.findNode(), TIMEOUT);
        await().until(() -> unanswered.size() == 1);
        List<Delays> requests = new ArrayList<>();
        for (int number = 0; number < 2 * most; number++) {
            Delays request = new Delays();
            requests.add(request);
            client.transport.request(target(), TestNode.findNode(), Duration.ofSeconds(10), request);
        }
        await().until(() -> unanswered.size() == most
                && requests.stream()
                                .filter(request -> request.delays.get() == 1)
                                .count()
                        == most + 1);
        List<Delays> sent =
                requests.stream().filter(request -> request.delays.get() == 0).toList();
        assertThat(sent).hasSize(most - 1);

        proxy.reset();
        for (Delays request : sent) {
            assertThat(request.failure.get(30, TimeUnit.SECONDS).kind()).isEqualTo(TransportFailure.Kind.TIMEOUT);
        }
        assertThat(sent).allMatch(request -> request.delays.get() == 0);
    }

    @Test
    void aRepeatedRequestThatIsNotAnsweredTimesOut() throws Exception {
        start();
        CompletableFuture<KadResponse> response = client.request(target(), TestNode.findNode(), Duration.ofSeconds(10));
        await().until(() -> unanswered.size() == 1);
        proxy.reset();
        await().until(() -> unanswered.size() == 2);
        assertThatThrownBy(response::get).hasMessageContaining("TIMEOUT: operation timed out after 10 s");
        assertThat(unanswered).hasSize(2);
    }
}
