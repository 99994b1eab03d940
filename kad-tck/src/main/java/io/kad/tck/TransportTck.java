package io.kad.tck;

import static io.kad.tck.support.TestData.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.tck.support.ConcurrentCalls;
import io.kad.tck.support.RecordedCallback;
import io.kad.tck.support.SilentListener;
import io.kad.tck.support.SilentPeer;
import io.kad.tck.support.TestData;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The tests that any {@link Transport} must pass; extend it and say how one is made.
 *
 * <p>By default transports talk TCP over the loopback address. Those of another network override the methods that name
 * addresses. Nothing here waits for time to pass, but for a few timeouts of a fraction of a second.
 */
public abstract class TransportTck {

    /** The name of the protocol that the transports under test speak. */
    protected static final String PROTOCOL = "/tck/kad/1.0.0";

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(5);

    /** How soon a call that does not block returns, on a busy machine. */
    private static final Duration PROMPT = Duration.ofSeconds(2);

    private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();

    /** For subclasses. */
    protected TransportTck() {}

    /** Returns a new identity that no other peer has. */
    protected abstract Identity createIdentity() throws Exception;

    /** Returns a new transport that is not yet started. The test closes it. */
    protected abstract Transport createTransport(SpiContext context, Identity identity, KademliaConfig config)
            throws Exception;

    /** Returns an address to listen at that nobody uses; the transport may choose a part of it, such as the port. */
    protected Multiaddr listenAddress() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/0");
    }

    /** Returns an address that refuses connections. */
    protected Multiaddr unreachableAddress() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + free.getLocalPort());
        }
    }

    /** Returns something that takes connections and says nothing. The test closes it. */
    protected SilentPeer createSilentPeer() throws Exception {
        return new SilentListener();
    }

    /** Returns how long a test waits for what should happen at once. */
    protected Duration maxWait() {
        return Duration.ofSeconds(20);
    }

    /** Closes the transports of a test. */
    @AfterEach
    public final void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
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
            PeerInfo nobody = PeerInfo.of(createIdentity().peerId(), tried);
            for (RecordedCallback<?> outcome : callAll(peer, nobody, LONG)) {
                outcome.requireFailure(Kind.UNREACHABLE);
            }
        }
        peer.transport().disconnect(createIdentity().peerId());
    }

    /** TRANSPORT-01 */
    @Test
    public final void transport01NoCallWaits() throws Exception {
        TransportPeer peer = client();
        PeerInfo silent =
                PeerInfo.of(createIdentity().peerId(), List.of(silentPeer().address()));
        long start = System.nanoTime();
        List<RecordedCallback<?>> outcomes = callAll(peer, silent, LONG);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
        for (RecordedCallback<?> outcome : outcomes) {
            assertThat(outcome.isCalled()).isFalse();
            cancel(outcome);
        }
        for (RecordedCallback<?> outcome : outcomes) {
            outcome.requireFailure(Kind.CANCELLED);
        }
    }

    /** TRANSPORT-01, for listeners. */
    @Test
    public final void transport01AnAddressThatIsTakenIsToldToTheCallback() throws Exception {
        TransportPeer first = server();
        TransportPeer second = client();
        RecordedCallback<List<Multiaddr>> outcome =
                listen(second, first.transport().listenAddresses().get(0));
        outcome.requireFailure(Kind.BAD_ADDRESS);
        assertThat(second.transport().listenAddresses()).isEmpty();
        listen(second, Multiaddr.parse("/ip4/127.0.0.1")).requireFailure(Kind.BAD_ADDRESS);
    }

    /** TRANSPORT-02 */
    @Test
    public final void transport02EachCallbackIsCalledOnceAndNeverInsideTheCall() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        List<RecordedCallback<?>> outcomes = new ArrayList<>();
        // without a connection, with one, and without a way to get one
        outcomes.addAll(callAll(peer, server.info(), LONG));
        awaitAll(outcomes);
        outcomes.addAll(callAll(peer, server.info(), LONG));
        outcomes.addAll(callAll(peer, PeerInfo.of(createIdentity().peerId(), List.of()), LONG));
        outcomes.addAll(callAll(peer, PeerInfo.of(createIdentity().peerId(), List.of(unreachableAddress())), LONG));
        awaitAll(outcomes);
        outcomes.forEach(TransportTck::cancel);
        peer.transport().close();
        outcomes.addAll(callAll(peer, server.info(), LONG));
        awaitAll(outcomes);
        server.transport().close();
        outcomes.forEach(RecordedCallback::requireCalledOnceAsynchronously);
    }

    /** TRANSPORT-02, where an answer comes after the request was given up. */
    @Test
    public final void transport02ALateAnswerIsNotTold() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        Deque<Responder> waiting = new ConcurrentLinkedDeque<>();
        server.respondWith((request, responder) -> waiting.add(responder));
        RecordedCallback<KadResponse> outcome = request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG);
        server.awaitRequests(1);
        cancel(outcome);
        cancel(outcome);
        outcome.requireFailure(Kind.CANCELLED);
        waiting.forEach(responder -> responder.respond(new KadResponse.GetValue(Optional.empty(), List.of())));
        waiting.forEach(Responder::reset);
        server.respondWith(
                (request, responder) -> responder.respond(new KadResponse.GetValue(Optional.empty(), List.of())));
        assertThat(request(peer, server.bare(), new KadRequest.GetValue(key(2)), LONG)
                        .get())
                .isEqualTo(new KadResponse.GetValue(Optional.empty(), List.of()));
        outcome.requireCalledOnceAsynchronously();
    }

    /** TRANSPORT-02: each callback receives the outcome of its own request. */
    @Test
    public final void transport02RequestsAtOnceReceiveTheirOwnAnswers() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        List<RecordedCallback<KadResponse>> outcomes = IntStream.range(0, 16)
                .mapToObj(i -> request(peer, server.info(), new KadRequest.GetValue(key(i)), LONG))
                .toList();
        for (int i = 0; i < outcomes.size(); i++) {
            Record expected = Record.of(key(i), key(i).bytes());
            assertThat(outcomes.get(i).get()).isEqualTo(new KadResponse.GetValue(Optional.of(expected), List.of()));
        }
    }

    /** TRANSPORT-03 */
    @Test
    public final void transport03CallersAtOnceShareOneDial() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        List<RecordedCallback<ConnectionInfo>> outcomes = new ArrayList<>();
        ConcurrentCalls.run(4, 4, (thread, round) -> {
            RecordedCallback<ConnectionInfo> outcome = connect(peer, server.info(), LONG);
            synchronized (outcomes) {
                outcomes.add(outcome);
            }
        });
        long id = outcomes.get(0).get().id();
        for (RecordedCallback<ConnectionInfo> outcome : outcomes) {
            assertThat(outcome.get().id()).isEqualTo(id);
        }
        request(peer, server.bare(), new KadRequest.GetValue(key(1)), LONG).get();
        assertThat(peer.transport().connections()).hasSize(1);
        assertThat(server.transport().connections()).hasSize(1);
        assertThat(peer.events(TransportEvent.ConnectionOpened.class)).hasSize(1);
        assertThat(server.events(TransportEvent.ConnectionOpened.class)).hasSize(1);
    }

    /** TRANSPORT-03: also a dial that goes nowhere is one. */
    @Test
    public final void transport03CallersShareADialThatFails() throws Exception {
        SilentPeer silent = silentPeer();
        TransportPeer peer = client();
        PeerInfo nobody = PeerInfo.of(createIdentity().peerId(), List.of(silent.address()));
        List<RecordedCallback<ConnectionInfo>> outcomes = IntStream.range(0, 5)
                .mapToObj(i -> connect(peer, nobody, SHORT))
                .toList();
        for (RecordedCallback<ConnectionInfo> outcome : outcomes) {
            outcome.requireFailure(Kind.TIMEOUT);
        }
        assertThat(silent.connections()).isLessThanOrEqualTo(1);
    }

    /** TRANSPORT-03: the outcome of a dial is shared by those who waited for it, and by nobody later. */
    @Test
    public final void transport03AFailedDialIsNotHeldAgainstTheNext() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        PeerInfo moved = PeerInfo.of(server.id(), List.of(unreachableAddress()));
        connect(peer, moved, LONG).requireFailure(Kind.UNREACHABLE);
        assertThat(connect(peer, server.info(), LONG).get().peer()).isEqualTo(server.id());
    }

    /** TRANSPORT-04 */
    @Test
    public final void transport04AnOpenConnectionIsUsedByWhoeverHasIt() throws Exception {
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

    /** TRANSPORT-04: an address belongs to the peer that proves to be there, and to no other. */
    @Test
    public final void transport04AConnectionToAnotherPeerIsNotUsed() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        PeerInfo mistaken =
                PeerInfo.of(createIdentity().peerId(), server.transport().listenAddresses());
        connect(peer, mistaken, LONG).requireFailure(Kind.WRONG_PEER);
        assertThat(peer.transport().connections()).isEmpty();
        connect(peer, server.info(), LONG).get();
        request(peer, mistaken, new KadRequest.GetValue(key(1)), LONG).requireFailure(Kind.WRONG_PEER);
    }

    /** TRANSPORT-04 ends with the connection. */
    @Test
    public final void transport04AClosedConnectionIsToldToBothAndUsedByNeither() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        connect(peer, server.info(), LONG).get();
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
    public final void transport05ARequestWithoutAnAnswerTimesOut() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> {});
        connect(peer, server.info(), LONG).get();
        long start = System.nanoTime();
        RecordedCallback<KadResponse> outcome = request(peer, server.info(), new KadRequest.GetValue(key(1)), SHORT);
        outcome.requireFailure(Kind.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT.dividedBy(2));
    }

    /** TRANSPORT-05 */
    @Test
    public final void transport05TimeoutsIncludeDialling() throws Exception {
        TransportPeer peer = client();
        PeerInfo silent =
                PeerInfo.of(createIdentity().peerId(), List.of(silentPeer().address()));
        for (RecordedCallback<?> outcome : callAll(peer, silent, SHORT)) {
            outcome.requireFailure(Kind.TIMEOUT);
        }
    }

    /** TRANSPORT-05 */
    @Test
    public final void transport05CloseEndsWhatIsUnderWay() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> {});
        List<RecordedCallback<?>> outcomes = new ArrayList<>();
        outcomes.add(request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG));
        server.awaitRequests(1);
        PeerInfo silent =
                PeerInfo.of(createIdentity().peerId(), List.of(silentPeer().address()));
        outcomes.addAll(callAll(peer, silent, LONG));
        peer.transport().close();
        for (RecordedCallback<?> outcome : outcomes) {
            outcome.requireFailure(Kind.values());
            outcome.requireCalledOnceAsynchronously();
        }
        server.awaitLatest(TransportEvent.ConnectionClosed.class, closed -> closed.remaining() == 0);
    }

    /** TRANSPORT-05 */
    @Test
    public final void transport05EveryCallFailsAfterClose() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = server();
        peer.transport().close();
        for (RecordedCallback<?> outcome : callAll(peer, server.info(), LONG)) {
            outcome.requireFailure(Kind.CLOSED);
        }
        listen(peer, listenAddress()).requireFailure(Kind.CLOSED);
        assertThat(peer.transport().connections()).isEmpty();
        assertThat(peer.transport().listenAddresses()).isEmpty();
        peer.transport().close();
    }

    /** TRANSPORT-05: a peer that goes away does not let others wait for a timeout. */
    @Test
    public final void transport05ALostConnectionEndsItsRequests() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> {});
        RecordedCallback<KadResponse> outcome = request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG);
        server.awaitRequests(1);
        server.transport().close();
        outcome.requireFailure(Kind.RESET, Kind.CLOSED);
    }

    /** TRANSPORT-06 */
    @Test
    public final void transport06AOneWayMessageArrivesAndIsNotAnswered() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        // never finished by the handler, as the sender waits for no answer
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
        PeerInfo nobody = PeerInfo.of(createIdentity().peerId(), List.of(unreachableAddress()));
        send(peer, nobody, announcement(peer), LONG).requireFailure(Kind.UNREACHABLE);
        assertThat(refusing.requests()).isEmpty();
    }

    /** TRANSPORT-07 */
    @Test
    public final void transport07AnAnswerOfAnotherKindIsInvalid() throws Exception {
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

    /** TRANSPORT-07: answers of the right kind come as they were given. */
    @Test
    public final void transport07AnswersOfTheRightKindArrive() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        PeerInfo closer = PeerInfo.of(TestData.peer(1), TestData.addresses(1));
        PeerInfo provider = PeerInfo.of(TestData.peer(2), TestData.addresses(2));
        Record record = Record.of(key(1), TestData.value(1));
        Map<KadRequest, KadResponse> answers = Map.of(
                new KadRequest.FindNode(Bytes.utf8("target")), new KadResponse.FindNode(List.of(closer)),
                new KadRequest.GetProviders(key(1)), new KadResponse.GetProviders(List.of(provider), List.of()),
                new KadRequest.PutValue(record), new KadResponse.PutValue(record));
        for (Map.Entry<KadRequest, KadResponse> answer : answers.entrySet()) {
            assertThat(request(peer, server.info(), answer.getKey(), LONG).get())
                    .isEqualTo(answer.getValue());
        }
        assertThat(server.requests()).extracting(InboundRequest::request).containsAll(answers.keySet());
    }

    /** TRANSPORT-07: a refusal is no answer, and a message without an answer is no request. */
    @Test
    public final void transport07ARequestThatIsRefusedIsReset() throws Exception {
        TransportPeer server = server();
        TransportPeer peer = client();
        server.respondWith((request, responder) -> responder.reset());
        request(peer, server.info(), new KadRequest.GetValue(key(1)), LONG).requireFailure(Kind.RESET);
        assertThatIllegalArgumentException().isThrownBy(() -> request(peer, server.info(), announcement(peer), LONG));
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

    /** TRANSPORT-08: a transport is a client until it is told to serve. */
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
    public final void transport08AChangeIsToldToConnectedPeers() throws Exception {
        TransportPeer changing = server();
        TransportPeer peer = client();
        connect(peer, changing.info(), LONG).get();
        peer.awaitLatest(TransportEvent.PeerIdentified.class, TransportTck::speaksTheProtocol);
        changing.transport().serve(false);
        peer.awaitLatest(TransportEvent.PeerIdentified.class, identified -> !speaksTheProtocol(identified));
        changing.transport().serve(true);
        peer.awaitLatest(TransportEvent.PeerIdentified.class, TransportTck::speaksTheProtocol);
    }

    private static boolean speaksTheProtocol(TransportEvent.PeerIdentified identified) {
        return identified.identification().protocols().contains(PROTOCOL);
    }

    private static KadRequest.AddProvider announcement(TransportPeer peer) {
        return new KadRequest.AddProvider(key(1), List.of(PeerInfo.of(peer.id(), TestData.addresses(1))));
    }

    /** Returns a started transport that serves nobody. */
    private TransportPeer client() throws Exception {
        Identity identity = createIdentity();
        SpiContext context =
                new SpiContext(identity.peerId(), InstantSource.system(), Optional.empty(), Map.of(), Runnable::run);
        Transport transport = createTransport(context, identity, KademliaConfig.of(PROTOCOL));
        opened.push(transport);
        TransportPeer peer = new TransportPeer(identity, transport, maxWait());
        transport.start(peer);
        return peer;
    }

    /** Returns a started transport that listens and serves. */
    private TransportPeer server() throws Exception {
        TransportPeer peer = client();
        peer.transport().serve(true);
        List<Multiaddr> addresses = listen(peer, listenAddress()).get();
        assertThat(peer.transport().listenAddresses()).isNotEmpty().containsAll(addresses);
        return peer;
    }

    private SilentPeer silentPeer() throws Exception {
        SilentPeer silent = createSilentPeer();
        opened.push(silent);
        return silent;
    }

    private static void awaitAll(List<RecordedCallback<?>> outcomes) throws InterruptedException {
        for (RecordedCallback<?> outcome : outcomes) {
            outcome.await();
        }
    }

    private static void cancel(RecordedCallback<?> outcome) {
        if (outcome.returned() instanceof Cancellable cancellable) {
            cancellable.cancel();
        }
    }

    private <T> RecordedCallback<T> call(Function<Callback<T>, @Nullable Object> call) {
        return RecordedCallback.of(maxWait(), call);
    }

    /** Makes each call that may dial once. */
    private List<RecordedCallback<?>> callAll(TransportPeer from, PeerInfo to, Duration timeout) {
        return List.of(
                connect(from, to, timeout),
                request(from, to, new KadRequest.GetValue(key(1)), timeout),
                send(from, to, announcement(from), timeout),
                identify(from, to, timeout),
                ping(from, to, timeout));
    }

    private RecordedCallback<List<Multiaddr>> listen(TransportPeer peer, Multiaddr address) {
        return call(callback -> {
            peer.transport().listen(address, callback);
            return null;
        });
    }

    private RecordedCallback<ConnectionInfo> connect(TransportPeer from, PeerInfo to, Duration timeout) {
        return call(callback -> from.transport().connect(to, timeout, callback));
    }

    private RecordedCallback<KadResponse> request(
            TransportPeer from, PeerInfo to, KadRequest request, Duration timeout) {
        return call(callback -> from.transport().request(to, request, timeout, callback));
    }

    private RecordedCallback<Void> send(
            TransportPeer from, PeerInfo to, KadRequest.AddProvider request, Duration timeout) {
        return call(callback -> from.transport().send(to, request, timeout, callback));
    }

    private RecordedCallback<PeerIdentification> identify(TransportPeer from, PeerInfo to, Duration timeout) {
        return call(callback -> from.transport().identify(to, timeout, callback));
    }

    private RecordedCallback<Duration> ping(TransportPeer from, PeerInfo to, Duration timeout) {
        return call(callback -> from.transport().ping(to, timeout, callback));
    }
}
