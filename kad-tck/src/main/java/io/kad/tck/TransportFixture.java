package io.kad.tck;

import static io.kad.tck.support.TestData.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Transport;
import io.kad.tck.support.RecordedCallback;
import io.kad.tck.support.SilentListener;
import io.kad.tck.support.SilentPeer;
import io.kad.tck.support.TestData;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Fixture of the tests of transports: new transports for each test, and calls of them with recorded callbacks. */
public abstract class TransportFixture {

    /** The protocol ID of the transports under test. */
    protected static final String PROTOCOL = "/tck/kad/1.0.0";

    static final Duration SHORT = Duration.ofMillis(300);
    static final Duration LONG = Duration.ofMinutes(5);

    private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();

    TransportFixture() {}

    /** Returns a new identity that no other peer has. */
    protected abstract Identity createIdentity() throws Exception;

    /** Returns a new transport that is not yet started. The test closes it. */
    protected abstract Transport createTransport(SpiContext context, Identity identity, KademliaConfig config)
            throws Exception;

    /** Returns a free address to listen on; the transport may choose a part of it, such as the port. */
    protected Multiaddr listenAddress() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/0");
    }

    /** Returns an address that refuses connections. */
    protected Multiaddr unreachableAddress() throws Exception {
        // bound until the end of the test, so that no process listens there meanwhile
        Socket bound = new Socket();
        opened.push(bound);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + bound.getLocalPort());
    }

    /** Returns a new peer that accepts connections and never sends. The test closes it. */
    protected SilentPeer createSilentPeer() throws Exception {
        return new SilentListener();
    }

    /** Returns the longest time that a test waits for an expected event. */
    protected Duration maxWait() {
        return Duration.ofMinutes(2);
    }

    /** Closes the transports of a test. */
    @AfterEach
    public final void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    static KadRequest.AddProvider announcement(TransportPeer peer) {
        return new KadRequest.AddProvider(key(1), List.of(PeerInfo.of(peer.id(), TestData.addresses(1))));
    }

    /** Returns a started transport in client mode. */
    final TransportPeer client() throws Exception {
        return client(KademliaConfig.builder());
    }

    /** Returns a started transport in client mode with a configuration of the tested protocol. */
    final TransportPeer client(KademliaConfig.Builder config) throws Exception {
        Identity identity = createIdentity();
        SpiContext context =
                new SpiContext(identity.peerId(), InstantSource.system(), Optional.empty(), Map.of(), Runnable::run);
        Transport transport =
                createTransport(context, identity, config.protocol(PROTOCOL).build());
        opened.push(transport);
        TransportPeer peer = new TransportPeer(identity, transport, maxWait());
        transport.start(peer);
        return peer;
    }

    /** Returns a started transport in server mode that listens. */
    final TransportPeer server() throws Exception {
        TransportPeer peer = client();
        peer.transport().serve(true);
        List<Multiaddr> addresses = listen(peer, listenAddress()).get();
        assertThat(peer.transport().listenAddresses()).isNotEmpty().containsAll(addresses);
        return peer;
    }

    final SilentPeer silentPeer() throws Exception {
        SilentPeer silent = createSilentPeer();
        opened.push(silent);
        return silent;
    }

    static void awaitAll(List<RecordedCallback<?>> callbacks) throws InterruptedException {
        for (RecordedCallback<?> callback : callbacks) {
            callback.await();
        }
    }

    static void cancel(RecordedCallback<?> callback) {
        if (callback.returned() instanceof Cancellable cancellable) {
            cancellable.cancel();
        }
    }

    private <T> RecordedCallback<T> call(Function<Callback<T>, @Nullable Object> call) {
        return RecordedCallback.of(maxWait(), call);
    }

    /** Makes each kind of call that may dial, once. */
    final List<RecordedCallback<?>> callAll(TransportPeer from, PeerInfo to, Duration timeout) {
        return List.of(
                connect(from, to, timeout),
                request(from, to, new KadRequest.GetValue(key(1)), timeout),
                send(from, to, announcement(from), timeout),
                identify(from, to, timeout),
                ping(from, to, timeout));
    }

    final RecordedCallback<List<Multiaddr>> listen(TransportPeer peer, Multiaddr address) {
        return call(callback -> {
            peer.transport().listen(address, callback);
            return null;
        });
    }

    final RecordedCallback<ConnectionInfo> connect(TransportPeer from, PeerInfo to, Duration timeout) {
        return call(callback -> from.transport().connect(to, timeout, callback));
    }

    final RecordedCallback<KadResponse> request(TransportPeer from, PeerInfo to, KadRequest request, Duration timeout) {
        return call(callback -> from.transport().request(to, request, timeout, callback));
    }

    final RecordedCallback<Void> send(
            TransportPeer from, PeerInfo to, KadRequest.AddProvider request, Duration timeout) {
        return call(callback -> from.transport().send(to, request, timeout, callback));
    }

    final RecordedCallback<PeerIdentification> identify(TransportPeer from, PeerInfo to, Duration timeout) {
        return call(callback -> from.transport().identify(to, timeout, callback));
    }

    final RecordedCallback<Duration> ping(TransportPeer from, PeerInfo to, Duration timeout) {
        return call(callback -> from.transport().ping(to, timeout, callback));
    }

    /** Returns a new peer at an address of its own that refuses connections. */
    PeerInfo refusing() throws Exception {
        return PeerInfo.of(createIdentity().peerId(), List.of(unreachableAddress()));
    }

    static KadResponse numbered(int number) {
        return new KadResponse.FindNode(List.of(PeerInfo.of(TestData.peer(number), TestData.addresses(1))));
    }
}
