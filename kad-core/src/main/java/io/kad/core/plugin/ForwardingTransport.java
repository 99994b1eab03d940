package io.kad.core.plugin;

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

/** Transport that forwards all calls to another one, except for those that it does itself. */
public interface ForwardingTransport extends Transport {

    /** Returns the transport that is called, which may forward as well. */
    Transport transport();

    @Override
    default void start(TransportHandler handler) {
        transport().start(handler);
    }

    @Override
    default void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        transport().listen(address, callback);
    }

    @Override
    default void serve(boolean enabled) {
        transport().serve(enabled);
    }

    @Override
    default void announce(Set<Multiaddr> externalAddresses) {
        transport().announce(externalAddresses);
    }

    @Override
    default void trustAddresses(PeerInfo peer) {
        transport().trustAddresses(peer);
    }

    @Override
    default List<Multiaddr> listenAddresses() {
        return transport().listenAddresses();
    }

    @Override
    default Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        return transport().request(peer, request, timeout, callback);
    }

    @Override
    default Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return transport().send(peer, request, timeout, callback);
    }

    @Override
    default Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return transport().connect(peer, timeout, callback);
    }

    @Override
    default Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return transport().identify(peer, timeout, callback);
    }

    @Override
    default Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return transport().ping(peer, timeout, callback);
    }

    @Override
    default void disconnect(PeerId peer) {
        transport().disconnect(peer);
    }

    @Override
    default List<ConnectionInfo> connections() {
        return transport().connections();
    }

    @Override
    default Map<String, Long> counters() {
        return transport().counters();
    }

    @Override
    default Map<String, Long> amounts() {
        return transport().amounts();
    }

    @Override
    default void close() {
        transport().close();
    }
}
