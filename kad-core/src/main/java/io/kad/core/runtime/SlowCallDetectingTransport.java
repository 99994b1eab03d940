package io.kad.core.runtime;

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
import io.kad.api.spi.transport.TransportHandler;
import io.kad.core.plugin.ForwardingTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Transport that measures the calls of another one, because they run on threads that must not wait. */
record SlowCallDetectingTransport(Transport transport, SlowCallDetector detector) implements ForwardingTransport {

    private <T> T measured(String method, Supplier<T> call) {
        long start = detector.begin();
        try {
            return call.get();
        } finally {
            detector.end(method, start);
        }
    }

    private void measured(String method, Runnable call) {
        long start = detector.begin();
        try {
            call.run();
        } finally {
            detector.end(method, start);
        }
    }

    @Override
    public void start(TransportHandler handler) {
        measured("start", () -> transport.start(handler));
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        measured("listen", () -> transport.listen(address, callback));
    }

    @Override
    public void serve(boolean enabled) {
        measured("serve", () -> transport.serve(enabled));
    }

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {
        measured("announce", () -> transport.announce(externalAddresses));
    }

    @Override
    public void trustAddresses(PeerInfo peer) {
        measured("trustAddresses", () -> transport.trustAddresses(peer));
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return measured("listenAddresses", () -> transport.listenAddresses());
    }

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        return measured("request", () -> transport.request(peer, request, timeout, callback));
    }

    @Override
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return measured("send", () -> transport.send(peer, request, timeout, callback));
    }

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return measured("connect", () -> transport.connect(peer, timeout, callback));
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return measured("identify", () -> transport.identify(peer, timeout, callback));
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return measured("ping", () -> transport.ping(peer, timeout, callback));
    }

    @Override
    public void disconnect(PeerId peer) {
        measured("disconnect", () -> transport.disconnect(peer));
    }

    @Override
    public List<ConnectionInfo> connections() {
        return measured("connections", () -> transport.connections());
    }

    @Override
    public Map<String, Long> counters() {
        return measured("counters", () -> transport.counters());
    }

    @Override
    public Map<String, Long> amounts() {
        return measured("amounts", () -> transport.amounts());
    }

    @Override
    public void close() {
        transport.close();
    }
}
