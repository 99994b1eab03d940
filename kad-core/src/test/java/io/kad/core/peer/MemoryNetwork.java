package io.kad.core.peer;

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
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportHandler;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Peers of one process that reach each other without sockets; every message is handed over on {@code executor}. */
public final class MemoryNetwork {

    private static final TransportFailure UNREACHABLE =
            new TransportFailure(TransportFailure.Kind.UNREACHABLE, "no such peer");
    private static final TransportFailure RESET = new TransportFailure(TransportFailure.Kind.RESET, "refused");
    private static final TransportFailure CLOSED = new TransportFailure(TransportFailure.Kind.CLOSED, "closed");

    private final Executor executor;
    private final String protocol;
    private final Map<PeerId, MemoryTransport> transports = new ConcurrentHashMap<>();
    private final AtomicLong connections = new AtomicLong();

    public MemoryNetwork(Executor executor, String protocol) {
        this.executor = executor;
        this.protocol = protocol;
    }

    public Transport transport(PeerId self, Multiaddr address) {
        MemoryTransport transport = new MemoryTransport(self, address);
        transports.put(self, transport);
        return transport;
    }

    private final class MemoryTransport implements Transport {

        private final PeerId self;
        private final Multiaddr address;
        private final Map<PeerId, ConnectionInfo> open = new ConcurrentHashMap<>();
        private final Set<Callback<?>> underWay = ConcurrentHashMap.newKeySet();
        private volatile TransportHandler handler;
        private volatile boolean serving;
        private volatile boolean closed;

        MemoryTransport(PeerId self, Multiaddr address) {
            this.self = self;
            this.address = address;
        }

        @Override
        public void start(TransportHandler given) {
            handler = given;
        }

        @Override
        public void listen(Multiaddr wanted, Callback<List<Multiaddr>> callback) {
            executor.execute(() -> {
                handler.onEvent(new TransportEvent.ListenerOpened(address));
                callback.onSuccess(List.of(address));
            });
        }

        @Override
        public void serve(boolean enabled) {
            serving = enabled;
        }

        @Override
        public void announce(Set<Multiaddr> externalAddresses) {}

        @Override
        public List<Multiaddr> listenAddresses() {
            return List.of(address);
        }

        private PeerIdentification identification() {
            return new PeerIdentification(
                    self, "test", "test/1", serving ? Set.of(protocol) : Set.of(), List.of(address), Optional.empty());
        }

        private void meet(MemoryTransport other, ConnectionInfo.Direction direction) {
            ConnectionInfo connection = new ConnectionInfo(
                    connections.incrementAndGet(), other.self, other.address, direction, "none", "none", "none", 0);
            if (open.putIfAbsent(other.self, connection) == null) {
                handler.onEvent(new TransportEvent.ConnectionOpened(connection));
                handler.onEvent(new TransportEvent.PeerIdentified(other.identification(), connection));
            }
        }

        private <T> Cancellable reach(PeerInfo peer, Callback<T> callback, Consumer<MemoryTransport> use) {
            underWay.add(callback);
            executor.execute(() -> {
                MemoryTransport other = transports.get(peer.id());
                if (closed) {
                    fail(callback, CLOSED);
                } else if (other == null || other.closed) {
                    fail(callback, UNREACHABLE);
                } else {
                    meet(other, ConnectionInfo.Direction.OUTBOUND);
                    other.meet(this, ConnectionInfo.Direction.INBOUND);
                    use.accept(other);
                }
            });
            return () -> fail(callback, new TransportFailure(TransportFailure.Kind.CANCELLED, "given up"));
        }

        private void fail(Callback<?> callback, TransportFailure failure) {
            if (underWay.remove(callback)) {
                executor.execute(() -> callback.onFailure(failure));
            }
        }

        private <T> void succeed(Callback<T> callback, T value) {
            if (underWay.remove(callback)) {
                executor.execute(() -> callback.onSuccess(value));
            }
        }

        private void deliver(MemoryTransport other, KadRequest request, Responder responder) {
            if (other.serving) {
                other.handler.onRequest(new InboundRequest(self, address, request), responder);
            } else {
                responder.reset();
            }
        }

        @Override
        public Cancellable request(
                PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
            return reach(
                    peer,
                    callback,
                    other -> deliver(other, request, new Responder() {
                        @Override
                        public void respond(KadResponse response) {
                            succeed(callback, response);
                        }

                        @Override
                        public void completeWithoutResponse() {
                            fail(callback, RESET);
                        }

                        @Override
                        public void reset() {
                            fail(callback, RESET);
                        }
                    }));
        }

        @Override
        public Cancellable send(
                PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
            return reach(
                    peer,
                    callback,
                    other -> deliver(other, request, new Responder() {
                        @Override
                        public void respond(KadResponse response) {
                            fail(callback, RESET);
                        }

                        @Override
                        public void completeWithoutResponse() {
                            succeed(callback, null);
                        }

                        @Override
                        public void reset() {
                            fail(callback, RESET);
                        }
                    }));
        }

        @Override
        public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
            return reach(peer, callback, other -> succeed(callback, open.get(other.self)));
        }

        @Override
        public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
            return reach(peer, callback, other -> succeed(callback, other.identification()));
        }

        @Override
        public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
            return reach(peer, callback, other -> succeed(callback, Duration.ZERO));
        }

        @Override
        public void disconnect(PeerId peer) {
            ConnectionInfo connection = open.remove(peer);
            if (connection != null) {
                executor.execute(() -> handler.onEvent(new TransportEvent.ConnectionClosed(connection, 0)));
            }
        }

        @Override
        public List<ConnectionInfo> connections() {
            return List.copyOf(open.values());
        }

        @Override
        public void close() {
            closed = true;
            for (Callback<?> callback : new HashSet<>(underWay)) {
                fail(callback, CLOSED);
            }
        }
    }
}
