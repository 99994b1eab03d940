package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that wait for others of the local peer: the remote one is not to blame for that time. */
@Timeout(180)
class DelayedRequestTest {

    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final TestIdentity serverIdentity = new TestIdentity(1);
    private final NettyTransport server = new NettyTransport(serverIdentity, CONFIG, InstantSource.system());
    private final NettyTransport client = new NettyTransport(new TestIdentity(2), CONFIG, InstantSource.system());
    private final Queue<Responder> unanswered = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    /** Calls of one callback, in order. */
    private static final class Calls implements Callback<KadResponse> {

        private final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public void onQueued() {
            calls.add("delayed");
        }

        @Override
        public void onDequeued() {
            calls.add("resumed");
        }

        @Override
        public void onSuccess(KadResponse response) {
            calls.add("response");
        }

        @Override
        public void onFailure(TransportFailure failure) {
            calls.add(failure.kind().name());
        }
    }

    private static final class NoRequests implements TransportHandler {

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            responder.reset();
        }

        @Override
        public void onEvent(TransportEvent event) {}
    }

    /** Starts both transports; the server responds when the test says so. */
    private PeerInfo start() {
        server.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                unanswered.add(responder);
            }

            @Override
            public void onEvent(TransportEvent event) {}
        });
        server.serve(true);
        client.start(new NoRequests());
        return PeerInfo.of(
                serverIdentity.peerId(),
                StartedTransports.listen(server, "/ip4/127.0.0.1/tcp/0").join());
    }

    private Calls request(PeerInfo peer, Duration timeout) {
        Calls calls = new Calls();
        client.request(peer, new KadRequest.FindNode(Bytes.utf8("key")), timeout, calls);
        return calls;
    }

    /** Sends as many requests as a connection may have in flight, once the server has sent something: until then it gets fewer. */
    private List<Calls> fillConnection(PeerInfo peer) {
        Calls first = request(peer, LONG);
        await().until(() -> !unanswered.isEmpty());
        unanswered.remove().respond(new KadResponse.FindNode(List.of()));
        await().until(() -> first.calls.contains("response"));
        List<Calls> sent = new ArrayList<>();
        for (int i = 0; i < TransportLimits.MAX_REQUESTS_PER_CONNECTION; i++) {
            sent.add(request(peer, LONG));
        }
        await().until(() -> unanswered.size() == TransportLimits.MAX_REQUESTS_PER_CONNECTION);
        return sent;
    }

    @Test
    void aRequestThatWaitsForOthersOnItsConnectionIsDelayed() {
        PeerInfo peer = start();
        List<Calls> sent = fillConnection(peer);
        Calls waiting = request(peer, LONG);
        await().until(() -> !waiting.calls.isEmpty());
        assertThat(waiting.calls).containsExactly("delayed");

        unanswered.remove().respond(new KadResponse.FindNode(List.of()));
        await().until(() -> waiting.calls.size() == 2);
        assertThat(waiting.calls).containsExactly("delayed", "resumed");
        await().until(() -> unanswered.size() == TransportLimits.MAX_REQUESTS_PER_CONNECTION);
        unanswered.forEach(responder -> responder.respond(new KadResponse.FindNode(List.of())));
        await().until(() -> waiting.calls.size() == 3);
        assertThat(waiting.calls).containsExactly("delayed", "resumed", "response");
        await().untilAsserted(() ->
                assertThat(sent).allSatisfy(calls -> assertThat(calls.calls).containsExactly("response")));
    }

    @Test
    void aRequestThatIsNeverSentDoesNotTimeOut() {
        PeerInfo peer = start();
        List<Calls> sent = fillConnection(peer);
        Calls waiting = request(peer, SHORT);
        await().until(() -> waiting.calls.size() == 2);

        assertThat(waiting.calls).containsExactly("delayed", Kind.OVERLOADED.name());
        assertThat(sent).allSatisfy(calls -> assertThat(calls.calls).isEmpty());
    }

    @Test
    void aRequestWhoseDialWaitsForAnotherOneAtItsAddressIsDelayed() throws Exception {
        start();
        try (ServerSocket silent = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress())) {
            Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort());
            Calls first = request(PeerInfo.of(new TestIdentity(100).peerId(), List.of(address)), LONG);
            silent.accept();
            Calls second = request(PeerInfo.of(new TestIdentity(101).peerId(), List.of(address)), SHORT);
            await().until(() -> second.calls.size() == 2);
            assertThat(second.calls).containsExactly("delayed", Kind.OVERLOADED.name());
            assertThat(first.calls).isEmpty();
        }
    }
}
