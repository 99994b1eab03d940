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
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.api.spi.transport.TransportHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Transport of one simulated peer: a message takes its latency and arrives if the remote peer is running. A stop or crash closes the
 * transport; a restarted peer has a new one. Confined to the thread of the network.
 *
 * <p>A peer that is not running is absent in one of two ways. If its host is gone, as after a crash, or if nobody has the address, an
 * operation with it hears nothing and times out. If only its process is gone, as after a stop, its host answers after a round trip: a dial
 * is refused, and a request on a connection that its sender holds to be open is reset.
 */
public final class SimTransport implements Transport {

    private static final String CLOSED = "transport is closed";
    private static final String REFUSED = "peer refused the request";

    /** Address to listen on that stands for that of the peer. */
    private static final Multiaddr ANY_ADDRESS = Multiaddr.parse("/memory/0");

    private final SimPeer peer;
    private final SimLinks links;
    private final Set<SimOperation<?>> pending = new LinkedHashSet<>();
    private final ConnectionTable connections;
    private final SimDials dials;
    private List<Multiaddr> listening = List.of();
    private List<Multiaddr> announced = List.of();
    private @Nullable TransportHandler handler;
    private @Nullable PeerIdentification identification;
    private boolean serving;
    private boolean closed;

    SimTransport(SimPeer peer, SimLinks links) {
        this.peer = peer;
        this.links = links;
        this.connections = new ConnectionTable(this, links);
        this.dials = new SimDials(this, links);
    }

    SimPeer peer() {
        return peer;
    }

    /** Returns the local ends of the connections. */
    public ConnectionTable connectionTable() {
        return connections;
    }

    boolean isClosed() {
        return closed;
    }

    void register(SimOperation<?> operation) {
        pending.add(operation);
    }

    void unregister(SimOperation<?> operation) {
        pending.remove(operation);
    }

    boolean hasOperationsOver(SimConnection connection) {
        return pending.stream().anyMatch(operation -> operation.isCarriedBy(connection));
    }

    /**
     * Ends the operations that were sent over {@code connection}, which was closed: those whose messages are lost with it are repeated once, as
     * by the TCP transport, on another connection or after another dial.
     */
    void loseOperationsOver(SimConnection connection) {
        operationsOver(connection).forEach(operation -> operation.connectionClosed(connection.isLost()));
    }

    private List<SimOperation<?>> operationsOver(SimConnection connection) {
        List<SimOperation<?>> carried = new ArrayList<>();
        for (SimOperation<?> operation : pending) {
            if (operation.isCarriedBy(connection)) {
                carried.add(operation);
            }
        }
        return carried;
    }

    /** Returns the number of operations without a result. */
    public int pendingOperations() {
        return pending.size();
    }

    @Override
    public void start(TransportHandler receiver) {
        if (handler != null) {
            throw new IllegalStateException("transport has already been started");
        }
        handler = receiver;
    }

    void emit(TransportEvent event) {
        TransportHandler receiver = handler;
        if (receiver != null && !closed) {
            receiver.onEvent(event);
        }
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        peer.execute(() -> {
            if (closed) {
                callback.onFailure(new TransportFailure(Kind.CLOSED, CLOSED));
                return;
            }
            if (!address.equals(peer.address()) && !address.equals(ANY_ADDRESS)) {
                callback.onFailure(new TransportFailure(Kind.BAD_ADDRESS, "cannot listen on " + address));
                return;
            }
            listening = peer.info().addresses();
            identification = null;
            listening.forEach(each -> emit(new TransportEvent.ListenerOpened(each)));
            callback.onSuccess(listening);
        });
    }

    @Override
    public void serve(boolean enabled) {
        if (serving != enabled) {
            serving = enabled;
            identification = null;
            connections.sendIdentification();
        }
    }

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {
        announced = externalAddresses.stream().sorted().toList();
        identification = null;
        connections.sendIdentification();
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return listening;
    }

    /** Returns the identification of this peer; the same object until its content changes. */
    PeerIdentification identification() {
        PeerIdentification current = identification;
        if (current == null) {
            current = identify();
            identification = current;
        }
        return current;
    }

    private PeerIdentification identify() {
        return new PeerIdentification(
                peer.id(),
                "sim",
                "sim",
                serving ? Set.of(links.protocol()) : Set.of(),
                announced.isEmpty() ? listening : announced,
                Optional.empty());
    }

    @Override
    public Cancellable request(PeerInfo to, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        if (request instanceof KadRequest.AddProvider) {
            throw new IllegalArgumentException("request must not be a one-way message, got " + request);
        }
        SimOperation<KadResponse> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(
                to, operation, route -> sendRequest(route, request, new RequestExchange(operation, peer, route)));
        return operation;
    }

    @Override
    public Cancellable send(PeerInfo to, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        SimOperation<Void> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(to, operation, route -> sendRequest(route, request, new OneWayExchange(operation, route)));
        return operation;
    }

    private void sendRequest(Route route, KadRequest request, ExchangeHandler exchange) {
        MessageTransit.Sent<KadRequest> sent;
        try {
            sent = links.transit().send(request, peer);
        } catch (CodecException e) {
            exchange.onFailure(Kind.TOO_LARGE, String.valueOf(e.getMessage()));
            return;
        }
        SimPeer remote = route.remote();
        long latency = links.latency(peer, remote);
        links.deliver(peer, remote, latency, TraceHash.of(request), () -> {
            SimTransport server = route.receiver();
            if (server.closed) {
                server.refuse(this, latency, () -> onRefused(route, exchange.operation()));
            } else if (!route.isLost()) {
                server.serve(this, sent, latency, exchange);
            }
        });
    }

    /**
     * Way of a message to a peer.
     *
     * @param remote the peer
     * @param end remote end of the connection to it; null for a message that is sent together with the dial
     * @param connection the connection; null if there is none or it has closed
     */
    private record Route(
            SimPeer remote,
            @Nullable SimTransport end,
            @Nullable SimConnection connection) {

        /** Returns whether the messages of this way are lost. */
        boolean isLost() {
            return connection != null && connection.isLost();
        }

        /** Returns the transport at which a message arrives now. */
        SimTransport receiver() {
            return end != null ? end : remote.transport();
        }
    }

    /** Calls {@code arrival} at {@code from} after {@code latency}, unless the host of this peer is gone. */
    void refuse(SimTransport from, long latency, Runnable arrival) {
        if (!peer.isHostGone()) {
            links.deliver(peer, from.peer, latency, TraceHash.NO_CONTENT, () -> {
                if (!from.closed) {
                    arrival.run();
                }
            });
        }
    }

    private void onRefused(Route route, SimOperation<?> operation) {
        SimTransport end = route.end();
        if (end == null) {
            operation.fail(Kind.REFUSED, SimDials.REFUSED);
        } else {
            operation.fail(Kind.RESET, "connection was reset");
            connections.onReset(end);
        }
    }

    /** Handler of the end of an exchange, at its sender. */
    private interface ExchangeHandler {

        SimOperation<?> operation();

        Route route();

        default void onResponse(MessageTransit.Sent<KadResponse> response) {}

        default void onAccepted() {}

        default void onFailure(Kind kind, String reason) {
            if (!route().isLost()) {
                operation().fail(kind, reason);
            }
        }
    }

    private record RequestExchange(SimOperation<KadResponse> operation, SimPeer owner, Route route)
            implements ExchangeHandler {
        @Override
        public void onResponse(MessageTransit.Sent<KadResponse> response) {
            if (operation.isFinished() || route.isLost()) {
                return;
            }
            try {
                operation.succeed(response.readBy(owner));
            } catch (CodecException e) {
                operation.fail(Kind.INVALID, String.valueOf(e.getMessage()));
            }
        }
    }

    private record OneWayExchange(SimOperation<Void> operation, Route route) implements ExchangeHandler {
        @Override
        @SuppressWarnings("NullAway") // the one value of Void
        public void onAccepted() {
            if (!route.isLost()) {
                operation.succeed(null);
            }
        }
    }

    private void serve(
            SimTransport from, MessageTransit.Sent<KadRequest> sent, long latency, ExchangeHandler exchange) {
        if (from.closed) {
            return;
        }
        connections.ensureConnection(from);
        if (!serving) {
            sendBack(from, latency, () -> exchange.onFailure(Kind.UNSUPPORTED, "peer is a client"));
            return;
        }
        KadRequest request;
        try {
            request = sent.readBy(peer);
        } catch (CodecException e) {
            sendBack(from, latency, () -> exchange.onFailure(Kind.RESET, REFUSED + ": " + e.getMessage()));
            return;
        }
        links.requestReceived(from.peer, peer, request);
        if (request instanceof KadRequest.AddProvider) {
            sendBack(from, latency, exchange::onAccepted);
        }
        InboundRequest inbound = new InboundRequest(from.peer.id(), from.peer.address(), request);
        Responder responder = new SimResponder(from, request, latency, exchange);
        peer.behavior().serve(peer, inbound, responder, () -> {
            TransportHandler receiver = handler;
            if (receiver != null && !closed) {
                receiver.onRequest(inbound, responder);
            }
        });
    }

    private void sendBack(SimTransport to, long latency, Runnable arrival) {
        sendBack(to, latency, TraceHash.NO_CONTENT, arrival);
    }

    private void sendBack(SimTransport to, long latency, int messageHash, Runnable arrival) {
        links.deliver(peer, to.peer, latency, messageHash, () -> {
            if (!to.closed) {
                to.connections.ensureConnection(this);
                arrival.run();
            }
        });
    }

    /** Responder to one request; the first call ends the exchange. */
    private final class SimResponder implements Responder {

        private final SimTransport to;
        private final KadRequest request;
        private final long latency;
        private final ExchangeHandler exchange;
        private boolean finished;

        SimResponder(SimTransport to, KadRequest request, long latency, ExchangeHandler exchange) {
            this.to = to;
            this.request = request;
            this.latency = latency;
            this.exchange = exchange;
        }

        @Override
        public void respond(KadResponse response) {
            if (finishOnce()) {
                links.responseSent(peer, to.peer, request, response);
                MessageTransit.Sent<KadResponse> sent = links.transit().send(response, request, peer);
                sendBack(to, latency, TraceHash.of(response), () -> {
                    exchange.operation()
                            .timing()
                            .ifPresent(timing -> links.responseReceived(peer, to.peer, request, timing));
                    exchange.onResponse(sent);
                });
            }
        }

        @Override
        public void completeWithoutResponse() {
            finishOnce();
        }

        @Override
        public void reset() {
            if (finishOnce()) {
                sendBack(to, latency, () -> exchange.onFailure(Kind.RESET, REFUSED));
            }
        }

        private boolean finishOnce() {
            boolean first = !finished && !closed;
            finished = true;
            return first;
        }
    }

    /** Calls {@code action} with the way to the remote peer: immediately if connected or if dials take no time, else after a dial. */
    private void withConnection(PeerInfo to, SimOperation<?> operation, Consumer<Route> action) {
        if (closed) {
            operation.fail(Kind.CLOSED, CLOSED);
            return;
        }
        SimPeer remote = links.find(to.id());
        SimConnection connection = remote == null ? null : connections.use(to.id());
        if (remote != null && connection != null) {
            operation.carriedBy(connection, () -> withConnection(to, operation, action));
            action.accept(new Route(remote, connection.otherEnd(this), connection));
        } else if (to.addresses().isEmpty()) {
            operation.dialFailed(Kind.UNREACHABLE, "no known address");
        } else if (remote != null
                && (links.conditions().reachability().needsDials()
                        || to.addresses().contains(remote.address()))) {
            dial(remote, to, operation, action);
        } else {
            dialWrongAddress(to, operation);
        }
    }

    /** Dials the first address of {@code to} that exists in a simulated network; the peer is not there, so this cannot succeed. */
    private void dialWrongAddress(PeerInfo to, SimOperation<?> operation) {
        Optional<Multiaddr> dialled =
                to.addresses().stream().filter(SimAddress::isDialable).findFirst();
        if (dialled.isEmpty()) {
            operation.dialFailed(Kind.UNREACHABLE, "no address of the peer can be dialled");
            return;
        }
        SimPeer other = links.findAt(dialled.get());
        if (other == null) {
            return; // nothing answers at that address, and the operation times out
        }
        long latency = links.latency(peer, other);
        links.deliver(peer, other, latency, TraceHash.DIAL, () -> {
            boolean refused = other.transport().closed;
            Kind kind = refused ? Kind.REFUSED : Kind.WRONG_PEER;
            String reason = refused ? SimDials.REFUSED : "another peer has the address";
            other.transport().refuse(this, latency, () -> operation.dialFailed(kind, reason));
        });
    }

    private void dial(SimPeer remote, PeerInfo to, SimOperation<?> operation, Consumer<Route> action) {
        NetworkConditions conditions = links.conditions();
        if (conditions.dialRoundTrips() == 0 || !conditions.connections()) {
            action.accept(new Route(remote, null, null));
            return;
        }
        List<Multiaddr> addresses = conditions.reachability().needsDials() ? to.addresses() : List.of(remote.address());
        dials.dial(remote, addresses, new SimDials.DialCallback() {
            @Override
            public void onConnected(SimTransport end, @Nullable SimConnection connection) {
                if (connection != null) {
                    operation.carriedBy(connection, () -> withConnection(to, operation, action));
                }
                action.accept(new Route(remote, end, connection));
            }

            @Override
            public void onFailed(TransportFailure failure) {
                operation.dialFailed(failure.kind(), failure.message());
            }
        });
    }

    @Override
    public Cancellable connect(PeerInfo to, Duration timeout, Callback<ConnectionInfo> callback) {
        SimOperation<ConnectionInfo> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(
                to,
                operation,
                route -> exchange(
                        route,
                        operation,
                        server -> connections
                                .find(to.id())
                                .ifPresentOrElse(
                                        operation::succeed,
                                        () -> operation.fail(Kind.CLOSED, "connection is closed"))));
        return operation;
    }

    @Override
    public Cancellable identify(PeerInfo to, Duration timeout, Callback<PeerIdentification> callback) {
        SimOperation<PeerIdentification> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(
                to,
                operation,
                route -> exchange(route, operation, server -> operation.succeed(server.identification())));
        return operation;
    }

    @Override
    public Cancellable ping(PeerInfo to, Duration timeout, Callback<Duration> callback) {
        SimOperation<Duration> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(to, operation, route -> {
            long sentNanos = links.nanos();
            exchange(route, operation, server -> operation.succeed(Duration.ofNanos(links.nanos() - sentNanos)));
        });
        return operation;
    }

    private void exchange(Route route, SimOperation<?> operation, Consumer<SimTransport> onReturn) {
        SimPeer remote = route.remote();
        long latency = links.latency(peer, remote);
        links.deliver(peer, remote, latency, TraceHash.NO_CONTENT, () -> {
            SimTransport server = route.receiver();
            if (server.closed) {
                server.refuse(this, latency, () -> onRefused(route, operation));
            } else if (!closed && !route.isLost()) {
                server.connections.ensureConnection(this);
                server.sendBack(this, latency, () -> {
                    if (!route.isLost()) {
                        onReturn.accept(server);
                    }
                });
            }
        });
    }

    @Override
    public void disconnect(PeerId from) {
        connections.to(from).forEach(connection -> operationsOver(connection).forEach(SimOperation::cancel));
        connections.close(from);
    }

    @Override
    public List<ConnectionInfo> connections() {
        return connections.all();
    }

    @Override
    public void close() {
        if (!closed) {
            connections.closeAll();
            end();
        }
    }

    /** Ends this transport without a message to any peer; messages in flight from and to this peer are lost. */
    public void crash() {
        if (!closed) {
            connections.crash();
            end();
        }
    }

    /** Loses all connections, as the network interface of the peer goes down. */
    void unplug() {
        connections.unplug();
    }

    private void end() {
        closed = true;
        listening = List.of();
        List.copyOf(pending).forEach(operation -> operation.fail(Kind.CLOSED, CLOSED));
    }
}
