package io.kad.bench;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportHandler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Transport without a network, whose handler the benchmark calls with its requests. Everything that the local peer sends fails at once. */
final class RequestSource implements Transport {

    private static final Cancellable ENDED = () -> {};

    private volatile @Nullable TransportHandler handler;

    /** Returns the handler of the peer that uses this transport. */
    TransportHandler handler() {
        return requireNonNull(handler, "no peer has started");
    }

    @Override
    public void start(TransportHandler receiver) {
        handler = receiver;
    }

    private static <T> Cancellable fail(Callback<T> callback) {
        callback.onFailure(new TransportFailure(TransportFailure.Kind.UNREACHABLE, "the benchmark has no network"));
        return ENDED;
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        callback.onSuccess(List.of(address));
    }

    @Override
    public void serve(boolean enabled) {}

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {}

    @Override
    public List<Multiaddr> listenAddresses() {
        return List.of();
    }

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        return fail(callback);
    }

    @Override
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return fail(callback);
    }

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return fail(callback);
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return fail(callback);
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return fail(callback);
    }

    @Override
    public void disconnect(PeerId peer) {}

    @Override
    public List<ConnectionInfo> connections() {
        return List.of();
    }

    @Override
    public void close() {}
}
