package io.kad.sim.network;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Simulated transport for callers on any thread: each call takes the lock of the driver. Thread-safe. */
record LockedTransport(RealTimeDriver driver, SimTransport transport) implements Transport {

    @Override
    public void start(TransportHandler handler) {
        driver.run(() -> transport.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                handler.onRequest(request, new LockedResponder(driver, responder));
            }

            @Override
            public void onEvent(TransportEvent event) {
                handler.onEvent(event);
            }
        }));
    }

    private record LockedResponder(RealTimeDriver driver, Responder responder) implements Responder {
        @Override
        public void respond(KadResponse response) {
            driver.run(() -> responder.respond(response));
        }

        @Override
        public void completeWithoutResponse() {
            driver.run(responder::completeWithoutResponse);
        }

        @Override
        public void reset() {
            driver.run(responder::reset);
        }
    }

    private Cancellable cancellable(Supplier<Cancellable> call) {
        Cancellable operation = driver.locked(call);
        return () -> driver.run(operation::cancel);
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        driver.run(() -> transport.listen(address, callback));
    }

    @Override
    public void serve(boolean enabled) {
        driver.run(() -> transport.serve(enabled));
    }

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {
        driver.run(() -> transport.announce(externalAddresses));
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return driver.locked(transport::listenAddresses);
    }

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        return cancellable(() -> transport.request(peer, request, timeout, callback));
    }

    @Override
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return cancellable(() -> transport.send(peer, request, timeout, callback));
    }

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return cancellable(() -> transport.connect(peer, timeout, callback));
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return cancellable(() -> transport.identify(peer, timeout, callback));
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return cancellable(() -> transport.ping(peer, timeout, callback));
    }

    @Override
    public void disconnect(PeerId peer) {
        driver.run(() -> transport.disconnect(peer));
    }

    @Override
    public List<ConnectionInfo> connections() {
        return driver.locked(transport::connections);
    }

    @Override
    public void close() {
        driver.run(transport::close);
    }
}
