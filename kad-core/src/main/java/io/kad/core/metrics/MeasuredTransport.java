package io.kad.core.metrics;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Transport that measures the requests of another one. */
record MeasuredTransport(Transport transport, RequestMetrics metrics) implements Transport {

    @Override
    public void start(TransportHandler handler) {
        transport.start(handler);
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        transport.listen(address, callback);
    }

    @Override
    public void serve(boolean enabled) {
        transport.serve(enabled);
    }

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {
        transport.announce(externalAddresses);
    }

    @Override
    public void trustAddresses(PeerInfo peer) {
        transport.trustAddresses(peer);
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return transport.listenAddresses();
    }

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        return transport.request(peer, request, timeout, metrics.sent(request, callback));
    }

    @Override
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return transport.send(peer, request, timeout, metrics.sent(request, callback));
    }

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return transport.connect(peer, timeout, callback);
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return transport.identify(peer, timeout, callback);
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return transport.ping(peer, timeout, callback);
    }

    @Override
    public void disconnect(PeerId peer) {
        transport.disconnect(peer);
    }

    @Override
    public List<ConnectionInfo> connections() {
        return transport.connections();
    }

    @Override
    public Map<String, Long> counters() {
        return transport.counters();
    }

    @Override
    public Map<String, Long> amounts() {
        return transport.amounts();
    }

    @Override
    public void close() {
        transport.close();
    }
}
