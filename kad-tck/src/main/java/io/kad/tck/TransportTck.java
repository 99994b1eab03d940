package io.kad.tck;

import static io.kad.tck.support.TestData.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import io.kad.api.DialPolicy;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.tck.support.ConcurrentCalls;
import io.kad.tck.support.RecordedCallback;
import io.kad.tck.support.SilentPeer;
import io.kad.tck.support.TestData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Compatibility tests of {@link Transport}; a subclass creates the transports under test.
 *
 * <p>By default the transports use TCP over the loopback address. A transport for another network overrides the methods that return
 * addresses. No test waits for a fixed time, except for a few timeouts of a fraction of a second.
 */
public abstract class TransportTck extends TransportFixture {

    /** A request that reads no record, of which a server may read few at a time. */
    private static final KadRequest FIND_NODE = new KadRequest.FindNode(Bytes.utf8("target"));

    /** More than the requests that are in flight on a connection in any implementation that limits them. */
    private static final int MANY_REQUESTS = 300;

    /** The longest time that a non-blocking call may take on a busy machine. */
    private static final Duration MAX_CALL_TIME = Duration.ofSeconds(2);

    /** Time of a request that times out while it waits for others, long enough for the transport to say that it waits. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** How often a test that needs a moment without a pause of the process is tried. */
    private static final int ATTEMPTS = 3;

    /** Called by subclasses. */
    protected TransportTck() {}

    private static Duration timed(Runnable calls) {
        long start = System.nanoTime();
        calls.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** TRANSPORT-01 */
    @Test
    public final void transport01NoCallThrowsBecauseAPeerCannotBeReached() throws Exception {
        TransportPeer peer = client();
        List<List<Multiaddr>> addresses = List.of(
                List.of(),
                List.of(unreachableAddress()),
                List.of(Multiaddr.parse("/ip4/127.0.0.1")),
                List.of(Multiaddr.parse("/ip4/127.0.0.1"), unreachableAddress()));
        for (List<Multiaddr> tried : addresses) {
            PeerInfo unreachable = PeerInfo.of(createIdentity().peerId(), tried);
            for (RecordedCallback<?> callback : callAll(peer, unreachable, LONG)) {
                callback.requireFailure(Kind.UNREACHABLE, Kind.REFUSED);
            }
        }
        peer.transport().disconnect(createIdentity().peerId());
    }

    /** TRANSPORT-01 */
    @Test
    public final void transport01NoCallBlocks() throws Exception {
        List<RecordedCallback<?>> callbacks = new ArrayList<>();
        Duration fastest = MAX_CALL_TIME;
        for (int attempt = 0; attempt < ATTEMPTS && fastest.compareTo(MAX_CALL_TIME) >= 0; attempt++) {
            // Both new each time, as what blocks may do so once
            TransportPeer peer = client();
            PeerInfo silent =
                    PeerInfo.of(createIdentity().peerId(), List.of(silentPeer().address()));
            fastest = timed(() -> callbacks.addAll(callAll(peer, silent, LONG)));
        }
        assertThat(fastest).isLessThan(MAX_CALL_TIME);
        for (RecordedCallback<?> callback : callbacks) {
            assertThat(callback.isCalled()).isFalse();
            cancel(callback);
        }
        for (RecordedCallback<?> callback : callbacks) {
            callback.requireFailure(Kind.CANCELLED);
        }
    }

    /** TRANSPORT-01: failures of listeners. */
    @Test
    public final void transport01AnAddressInUseIsReportedToTheCallback() throws Exception {
        TransportPeer first = server();
        TransportPeer second = client();
        RecordedCallback<List<Multiaddr>> callback =
                listen(second, first.transport().listenAddresses().get(0));
        callback.requireFailure(Kind.BAD_ADDRESS);
        assertThat(second.transport().listenAddresses()).isEmpty();
        listen(second, Multiaddr.parse("/ip4/127.0.0.1")).requireFailure(Kind.BAD_ADDRESS);
    }

    /** TRANSPORT-02 */
    @Test
    public final void transport02EachCallbackIsCalledOnceAndAsynchronously() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        List<RecordedCallback<?>> callbacks = new ArrayList<>();
        // without a connection, with one, and to peers that can't be dialled
        callbacks.addAll(callAll(peer, server.info(), LONG));
        awaitAll(callbacks);
        callbacks.addAll(callAll(peer, server.info(), LONG));
        callbacks.addAll(callAll(peer, PeerInfo.of(createIdentity().peerId(), List.of()), LONG));
        callbacks.addAll(callAll(peer, PeerInfo.of(createIdentity().peerId(), List.of(unreachableAddress())), LONG));
        awaitAll(callbacks);
        callbacks.forEach(TransportTck::cancel);
        peer.transport().close();
        callbacks.addAll(callAll(peer, server.info(), LONG));
        awaitAll(callbacks);
        server.transport().close();
        callbacks.forEach(RecordedCallback::requireCalledOnceAsynchronously);
    }

    /** TRANSPORT-02: a response that arrives after the request was cancelled. */
    @Test
    public final void transport02ALateResponseIsIgnored() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        Deque<Responder> pending = new ConcurrentLinkedDeque<>();
        server.respondWith((request, responder) -> pending.add(responder));
        RecordedCallback<KadResponse> callback = request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG);
        server.awaitRequests(1);
        cancel(callback);
        cancel(callback);
        callback.requireFailure(Kind.CANCELLED);
        pending.forEach(responder -> responder.respond(new KadResponse.GetValue(Optional.empty(), List.of())));
        pending.forEach(Responder::reset);
        server.respondWith(
                (request, responder) -> responder.respond(new KadResponse.GetValue(Optional.empty(), List.of())));
        assertThat(request(peer, server.bare(), new KadRequest.GetValue(key(2)), LONG)
                        .get())
                .isEqualTo(new KadResponse.GetValue(Optional.empty(), List.of()));
        callback.requireCalledOnceAsynchronously();
    }

    /** TRANSPORT-02: each callback receives the result of its request, and no request waits for the response of another. */
    @Test
    public final void transport02ConcurrentRequestsReceiveTheirResponses() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        List<KadRequest> requests = IntStream.range(0, 16)
                .mapToObj(i -> (KadRequest) new KadRequest.FindNode(key(i).bytes()))
                .toList();
        BlockingQueue<Runnable> responses = new LinkedBlockingQueue<>();
        server.respondWith((request, responder) ->
                responses.add(() -> responder.respond(numbered(requests.indexOf(request.request())))));
        List<RecordedCallback<KadResponse>> callbacks = requests.stream()
                .map(request -> request(peer, server.info(), request, LONG))
                .toList();
        server.awaitRequests(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            responses.take().run();
        }
        for (int i = 0; i < requests.size(); i++) {
            assertThat(callbacks.get(i).get()).isEqualTo(numbered(i));
        }
    }

    /** TRANSPORT-03 */
    @Test
    public final void transport03ConcurrentCallersShareOneDial() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        List<RecordedCallback<ConnectionInfo>> callbacks = new ArrayList<>();
        ConcurrentCalls.run(4, 4, (thread, round) -> {
            RecordedCallback<ConnectionInfo> callback = connect(peer, server.info(), LONG);
            synchronized (callbacks) {
                callbacks.add(callback);
            }
        });
        long id = callbacks.get(0).get().id();
        for (RecordedCallback<ConnectionInfo> callback : callbacks) {
            assertThat(callback.get().id()).isEqualTo(id);
        }
        request(peer, server.bare(), new KadRequest.GetValue(key(1)), LONG).get();
        assertThat(peer.transport().connections()).hasSize(1);
        assertThat(server.transport().connections()).hasSize(1);
        assertThat(peer.events(TransportEvent.ConnectionOpened.class)).hasSize(1);
        assertThat(server.events(TransportEvent.ConnectionOpened.class)).hasSize(1);
    }

    /** TRANSPORT-03: callers share a dial that fails. */
    @Test
    public final void transport03CallersShareADialThatFails() throws Exception {
        TransportPeer peer = client();
        Duration time = Duration.ZERO;
        Duration timeout = SHORT;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++, timeout = timeout.multipliedBy(3)) {
            SilentPeer silent = silentPeer();
            PeerInfo unresponsive = PeerInfo.of(createIdentity().peerId(), List.of(silent.address()));
            List<RecordedCallback<ConnectionInfo>> callbacks = new ArrayList<>();
            Duration limit = timeout;
            time = timed(() -> {
                for (int i = 0; i < 5; i++) {
                    callbacks.add(connect(peer, unresponsive, limit));
                }
            });
            for (RecordedCallback<ConnectionInfo> callback : callbacks) {
                callback.requireFailure(Kind.TIMEOUT);
            }
            if (time.compareTo(limit) < 0) { // otherwise the first one may have failed before the last one came
                assertThat(silent.connections()).isLessThanOrEqualTo(1);
                return;
            }
        }
        fail("five calls took " + time + ", longer than the timeout of the first one");
    }

    /** TRANSPORT-03: a failed dial fails the calls that waited for it, and no later ones. */
    @Test
    public final void transport03AFailedDialDoesNotAffectTheNext() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        PeerInfo wrongAddress = PeerInfo.of(server.id(), List.of(unreachableAddress()));
        connect(peer, wrongAddress, LONG).requireFailure(Kind.UNREACHABLE, Kind.REFUSED);
        assertThat(connect(peer, server.info(), LONG).get().peer()).isEqualTo(server.id());
    }

    /** TRANSPORT-04 */
    @Test
    public final void transport04BothPeersUseAnOpenConnection() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        peer.transport().serve(true);
        connect(peer, server.info(), LONG).get();
        request(peer, server.bare(), new KadRequest.GetValue(key(1)), LONG).get();
        request(server, peer.bare(), new KadRequest.GetValue(key(2)), LONG).get();
        PeerInfo stale = PeerInfo.of(peer.id(), List.of(unreachableAddress()));
        assertThat(connect(server, stale, LONG).get().direction()).isEqualTo(Direction.INBOUND);
        assertThat(peer.transport().connections())
                .singleElement()
                .satisfies(connection -> assertThat(connection.direction()).isEqualTo(Direction.OUTBOUND));
        assertThat(server.transport().connections()).hasSize(1);
    }

    /** TRANSPORT-04: a connection is used only for the peer that has authenticated on it. */
    @Test
    public final void transport04AConnectionToAnotherPeerIsNotUsed() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        PeerInfo otherPeer =
                PeerInfo.of(createIdentity().peerId(), server.transport().listenAddresses());
        connect(peer, otherPeer, LONG).requireFailure(Kind.WRONG_PEER);
        assertThat(peer.transport().connections()).isEmpty();
        connect(peer, server.info(), LONG).get();
        request(peer, otherPeer, new KadRequest.GetValue(key(1)), LONG).requireFailure(Kind.WRONG_PEER);
    }

    /** TRANSPORT-04: a closed connection is not used. */
    @Test
    public final void transport04AClosedConnectionIsReportedToBothPeersAndNotUsed() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        connect(peer, server.info(), LONG).get();
        // The dialer is ready first, and if it disconnects at once, the listener has no connection to report
        server.awaitLatest(TransportEvent.ConnectionOpened.class, opened -> true);
        peer.transport().disconnect(server.id());
        peer.awaitLatest(TransportEvent.ConnectionClosed.class, closed -> closed.remaining() == 0);
        server.awaitLatest(TransportEvent.ConnectionClosed.class, closed -> closed.remaining() == 0);
        assertThat(peer.transport().connections()).isEmpty();
        assertThat(server.transport().connections()).isEmpty();
        connect(server, peer.bare(), LONG).requireFailure(Kind.UNREACHABLE);
        assertThat(connect(peer, server.info(), LONG).get().peer()).isEqualTo(server.id());
    }

    /** TRANSPORT-05 */
    @Test
    public final void transport05ARequestWithoutAResponseTimesOut() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> {});
        connect(peer, server.info(), LONG).get();
        long start = System.nanoTime();
        RecordedCallback<KadResponse> callback = request(peer, server.info(), new KadRequest.GetValue(key(1)), SHORT);
        callback.requireFailure(Kind.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT.dividedBy(2));
    }

    /** TRANSPORT-05 */
    @Test
    public final void transport05TimeoutsIncludeDialling() throws Exception {
        TransportPeer peer = client();
        PeerInfo silent =
                PeerInfo.of(createIdentity().peerId(), List.of(silentPeer().address()));
        for (RecordedCallback<?> callback : callAll(peer, silent, SHORT)) {
            callback.requireFailure(Kind.TIMEOUT);
        }
    }

    /** TRANSPORT-05 */
    @Test
    public final void transport05CloseFailsPendingCalls() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> {});
        List<RecordedCallback<?>> callbacks = new ArrayList<>();
        callbacks.add(request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG));
        server.awaitRequests(1);
        PeerInfo silent =
                PeerInfo.of(createIdentity().peerId(), List.of(silentPeer().address()));
        callbacks.addAll(callAll(peer, silent, LONG));
        peer.transport().close();
        for (RecordedCallback<?> callback : callbacks) {
            callback.requireFailure(Kind.values());
            callback.requireCalledOnceAsynchronously();
        }
        server.awaitLatest(TransportEvent.ConnectionClosed.class, closed -> closed.remaining() == 0);
    }

    /** TRANSPORT-05 */
    @Test
    public final void transport05EveryCallFailsAfterClose() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = server();
        peer.transport().close();
        for (RecordedCallback<?> callback : callAll(peer, server.info(), LONG)) {
            callback.requireFailure(Kind.CLOSED);
        }
        listen(peer, listenAddress()).requireFailure(Kind.CLOSED);
        assertThat(peer.transport().connections()).isEmpty();
        assertThat(peer.transport().listenAddresses()).isEmpty();
        peer.transport().close();
    }

    /** TRANSPORT-05: a lost connection fails its requests before their timeout. */
    @Test
    public final void transport05ALostConnectionFailsItsRequests() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> {});
        RecordedCallback<KadResponse> callback = request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG);
        server.awaitRequests(1);
        server.transport().close();
        callback.requireFailure(Kind.RESET, Kind.CLOSED);
    }

    /** TRANSPORT-05: requests that wait for others of the local peer; a transport in which none waits sends all of them. */
    @Test
    public final void transport05AQueuedRequestIsSentOnlyWhenItIsDequeued() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        KadResponse response = new KadResponse.FindNode(List.of());
        Deque<Responder> pending = new ConcurrentLinkedDeque<>();
        AtomicBoolean responds = new AtomicBoolean();
        Runnable respond = () -> {
            for (Responder next = pending.poll(); next != null; next = pending.poll()) {
                next.respond(response);
            }
        };
        server.respondWith((request, responder) -> {
            pending.add(responder);
            if (responds.get()) {
                respond.run();
            }
        });
        List<RecordedCallback<KadResponse>> callbacks = manyRequests(peer, server);
        server.awaitSentOrQueued(callbacks);
        assertThat(server.requests()).hasSizeLessThanOrEqualTo((int)
                callbacks.stream().filter(callback -> !callback.isQueued()).count());
        responds.set(true);
        respond.run();
        for (RecordedCallback<KadResponse> callback : callbacks) {
            assertThat(callback.get()).isEqualTo(response);
            callback.requireSentAndCompleted();
        }
    }

    /** TRANSPORT-05: the remote peer is not to blame for the time for which a request waits for others. */
    @Test
    public final void transport05ARequestThatIsNeverSentFailsAsOverloaded() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> {});
        List<RecordedCallback<KadResponse>> callbacks = manyRequests(peer, server);
        server.awaitSentOrQueued(callbacks);
        boolean delays = callbacks.stream().anyMatch(RecordedCallback::isQueued);
        request(peer, server.info(), FIND_NODE, SOON).requireFailure(delays ? Kind.OVERLOADED : Kind.TIMEOUT);
    }

    private List<RecordedCallback<KadResponse>> manyRequests(TransportPeer peer, TransportPeer server) {
        return IntStream.range(0, MANY_REQUESTS)
                .mapToObj(i -> request(peer, server.info(), FIND_NODE, LONG))
                .toList();
    }

    /** TRANSPORT-06 */
    @Test
    public final void transport06AOneWayMessageArrivesWithoutAResponse() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        // the handler never finishes, because the sender waits for no response
        server.respondWith((request, responder) -> {});
        KadRequest.AddProvider announced = announcement(peer);
        for (int i = 0; i < 3; i++) {
            send(peer, server.info(), announced, LONG).awaitSuccess();
        }
        for (InboundRequest received : server.awaitRequests(3)) {
            assertThat(received.from()).isEqualTo(peer.id());
            assertThat(received.request()).isEqualTo(announced);
        }
    }

    /** TRANSPORT-06 */
    @Test
    public final void transport06AOneWayMessageThatIsNotAcceptedFails() throws Exception {
        TransportPeer refusing = server();
        refusing.transport().serve(false);
        TransportPeer peer = client();
        RecordedCallback<Void> refused = send(peer, refusing.info(), announcement(peer), LONG);
        refused.requireFailure(Kind.UNSUPPORTED);
        PeerInfo unreachable = PeerInfo.of(createIdentity().peerId(), List.of(unreachableAddress()));
        send(peer, unreachable, announcement(peer), LONG).requireFailure(Kind.UNREACHABLE, Kind.REFUSED);
        assertThat(refusing.requests()).isEmpty();
    }

    /** TRANSPORT-07 */
    @Test
    public final void transport07AResponseOfAnotherKindIsInvalid() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> responder.respond(new KadResponse.Ping()));
        List<KadRequest> requests = List.of(
                new KadRequest.FindNode(Bytes.utf8("target")),
                new KadRequest.GetValue(key(1)),
                new KadRequest.PutValue(Record.of(key(1), Bytes.EMPTY)),
                new KadRequest.GetProviders(key(1)));
        for (KadRequest request : requests) {
            request(peer, server.info(), request, LONG).requireFailure(Kind.INVALID);
        }
    }

    /** TRANSPORT-07: responses of the right kind arrive unchanged. */
    @Test
    public final void transport07ResponsesOfTheRightKindArrive() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        PeerInfo closer = PeerInfo.of(TestData.peer(1), TestData.addresses(1));
        PeerInfo provider = PeerInfo.of(TestData.peer(2), TestData.addresses(2));
        Record record = Record.of(key(1), TestData.value(1));
        Map<KadRequest, KadResponse> responses = Map.of(
                new KadRequest.FindNode(Bytes.utf8("target")), new KadResponse.FindNode(List.of(closer)),
                new KadRequest.GetProviders(key(1)), new KadResponse.GetProviders(List.of(provider), List.of()),
                new KadRequest.PutValue(record), new KadResponse.PutValue(record));
        for (Map.Entry<KadRequest, KadResponse> response : responses.entrySet()) {
            assertThat(request(peer, server.info(), response.getKey(), LONG).get())
                    .isEqualTo(response.getValue());
        }
        assertThat(server.requests()).extracting(InboundRequest::request).containsAll(responses.keySet());
    }

    /** TRANSPORT-07: a refused request is reset, and a one-way message can't be sent as a request. */
    @Test
    public final void transport07ARequestThatIsRefusedIsReset() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> responder.reset());
        request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG).requireFailure(Kind.RESET);
        assertThatIllegalArgumentException().isThrownBy(() -> request(peer, server.info(), announcement(peer), LONG));
    }

    /** TRANSPORT-09 */
    @Test
    public final void transport09ARefusedDialIsNotASilentOne() throws Exception {
        TransportPeer peer = client();
        // a peer for each call: a transport may leave an address alone after it has refused
        List<RecordedCallback<?>> callbacks = List.of(
                connect(peer, refusing(), LONG),
                request(peer, refusing(), FIND_NODE, LONG),
                send(peer, refusing(), announcement(peer), LONG),
                identify(peer, refusing(), LONG),
                ping(peer, refusing(), LONG));
        for (RecordedCallback<?> callback : callbacks) {
            callback.requireFailure(Kind.REFUSED);
        }
        PeerInfo silent =
                PeerInfo.of(createIdentity().peerId(), List.of(silentPeer().address()));
        connect(peer, silent, SHORT).requireFailure(Kind.UNREACHABLE, Kind.TIMEOUT);
        connect(peer, PeerInfo.of(createIdentity().peerId(), List.of()), LONG).requireFailure(Kind.UNREACHABLE);
    }

    /** TRANSPORT-10: what is in flight is cancelled, and the connections are not listed any more, even if their end takes a moment. */
    @Test
    public final void transport10DisconnectCancelsWhatIsInFlight() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> {});
        RecordedCallback<KadResponse> callback = request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG);
        server.awaitRequests(1);
        peer.transport().disconnect(server.id());
        assertThat(peer.transport().connections()).isEmpty();
        callback.requireFailure(Kind.CANCELLED);
        peer.awaitLatest(TransportEvent.ConnectionClosed.class, closed -> closed.remaining() == 0);
        server.awaitLatest(TransportEvent.ConnectionClosed.class, closed -> closed.remaining() == 0);
        assertThat(server.events(TransportEvent.ConnectionOpened.class)).hasSize(1);
        assertThat(peer.transport().connections()).isEmpty();
        callback.requireCalledOnceAsynchronously();
    }

    /** TRANSPORT-08 */
    @Test
    public final void transport08AClientRefusesRequests() throws Exception {
        TransportPeer client = server();
        client.transport().serve(false);
        TransportPeer peer = client();
        for (int i = 0; i < 2; i++) {
            request(peer, client.info(), new KadRequest.GetValue(key(1)), LONG).requireFailure(Kind.UNSUPPORTED);
        }
        assertThat(client.requests()).isEmpty();
        client.transport().serve(true);
        request(peer, client.info(), new KadRequest.GetValue(key(1)), LONG).get();
        client.transport().serve(false);
        request(peer, client.info(), new KadRequest.GetValue(key(1)), LONG).requireFailure(Kind.UNSUPPORTED);
        assertThat(client.requests()).hasSize(1);
    }

    /** TRANSPORT-08: a new transport is a client. */
    @Test
    public final void transport08AClientDoesNotAdvertiseTheProtocol() throws Exception {
        TransportPeer server = server();
        TransportPeer client = client();
        connect(client, server.info(), LONG).get();
        assertThat(identify(client, server.info(), LONG).get().protocols()).contains(PROTOCOL);
        assertThat(identify(server, client.bare(), LONG).get().protocols()).doesNotContain(PROTOCOL);
        request(server, client.bare(), new KadRequest.GetValue(key(1)), LONG).requireFailure(Kind.UNSUPPORTED);
    }

    /** TRANSPORT-08 */
    @Test
    public final void transport08AChangeIsReportedToConnectedPeers() throws Exception {
        TransportPeer changing = server();
        TransportPeer peer = client();
        connect(peer, changing.info(), LONG).get();
        peer.awaitLatest(TransportEvent.PeerIdentified.class, TransportPeer::supportsTheProtocol);
        changing.transport().serve(false);
        peer.awaitLatest(
                TransportEvent.PeerIdentified.class, identified -> !TransportPeer.supportsTheProtocol(identified));
        changing.transport().serve(true);
        peer.awaitLatest(TransportEvent.PeerIdentified.class, TransportPeer::supportsTheProtocol);
    }

    /** TRANSPORT-11: an address that no policy for those of remote peers allows. */
    @Test
    public final void transport11AnAddressOfTheUserIsDialledWhateverThePolicy() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client(KademliaConfig.builder().dialPolicy(DialPolicy.PUBLIC));
        peer.transport().trustAddresses(server.info());
        assertThat(connect(peer, server.info(), LONG).get().peer()).isEqualTo(server.id());
    }

    /** TRANSPORT-12: connections that are closed as soon as they are open. */
    @Test
    public final void transport12EachConnectionIsReportedOpenAndThenClosed() throws Exception {
        TransportPeer server = server();
        for (int i = 0; i < 10; i++) {
            TransportPeer peer = client();
            connect(peer, server.info(), LONG).get();
            peer.transport().disconnect(server.id());
            peer.awaitAndCheckConnections();
        }
        // A dialer that leaves at once may be gone before the listener has a connection to report
        TransportPeer staying = client();
        connect(staying, server.info(), LONG).get();
        server.awaitLatest(
                TransportEvent.ConnectionOpened.class,
                opened -> opened.connection().peer().equals(staying.id()));
        staying.transport().disconnect(server.id());
        server.awaitAndCheckConnections();
    }
}
