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
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.api.spi.transport.TransportHandler;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The transport of one simulated peer: messages take their time, and reach whoever is alive. */
public final class SimTransport implements Transport {

    private final SimPeer peer;
    private final SimLinks links;
    private final Set<SimOperation<?>> pending = new LinkedHashSet<>();
    private final ConnectionTable connections;
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
    }

    SimPeer peer() {
        return peer;
    }

    public ConnectionTable connectionTable() {
        return connections;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isServing() {
        return serving;
    }

    /** Serves although no production code stands behind it. */
    public void pretendToServe() {
        serving = true;
        identification = null;
    }

    void register(SimOperation<?> operation) {
        pending.add(operation);
    }

    void unregister(SimOperation<?> operation) {
        pending.remove(operation);
    }

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
            listening = List.of(address);
            identification = null;
            emit(new TransportEvent.ListenerOpened(address));
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

    /** Returns what this peer says of itself; the same object until it is something else. */
    PeerIdentification identification() {
        PeerIdentification known = identification;
        if (known == null) {
            known = identify();
            identification = known;
        }
        return known;
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
        SimOperation<KadResponse> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(to, operation, other -> sendRequest(other, request, operation));
        return operation;
    }

    private void sendRequest(SimPeer other, KadRequest request, SimOperation<KadResponse> operation) {
        long latency = links.latency(peer, other);
        SimTransport asked = other.transport();
        links.deliver(
                peer,
                other,
                latency,
                TraceHash.of(request),
                () -> asked.serve(this, request, latency, new RequestReply(operation)));
    }

    @Override
    public Cancellable send(PeerInfo to, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        SimOperation<Void> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(to, operation, other -> {
            long latency = links.latency(peer, other);
            SimTransport asked = other.transport();
            links.deliver(
                    peer,
                    other,
                    latency,
                    TraceHash.of(request),
                    () -> asked.serve(this, request, latency, new OneWayReply(operation)));
        });
        return operation;
    }

    /** Takes what became of a request, back where it was sent. */
    private interface ReplyHandler {

        default void onResponse(KadResponse response) {}

        default void onAccepted() {}

        void onFailure(Kind kind, String reason);
    }

    private record RequestReply(SimOperation<KadResponse> operation) implements ReplyHandler {
        @Override
        public void onResponse(KadResponse response) {
            operation.succeed(response);
        }

        @Override
        public void onFailure(Kind kind, String reason) {
            operation.fail(kind, reason);
        }
    }

    private record OneWayReply(SimOperation<Void> operation) implements ReplyHandler {
        @Override
        @SuppressWarnings("NullAway") // the one value of Void
        public void onAccepted() {
            operation.succeed(null);
        }

        @Override
        public void onFailure(Kind kind, String reason) {
            operation.fail(kind, reason);
        }
    }

    private void serve(SimTransport from, KadRequest request, long latency, ReplyHandler reply) {
        if (closed || from.closed) {
            return;
        }
        connections.ensureConnection(from);
        if (!serving) {
            sendBack(from, latency, () -> reply.onFailure(Kind.UNSUPPORTED, "peer is a client"));
            return;
        }
        links.requestReceived(from.peer, peer, request);
        if (request instanceof KadRequest.AddProvider) {
            sendBack(from, latency, reply::onAccepted);
        }
        InboundRequest inbound = new InboundRequest(from.peer.id(), from.peer.address(), request);
        Responder responder = new SimResponder(from, request, latency, reply);
        peer.behavior().serve(peer, inbound, responder, () -> {
            TransportHandler receiver = handler;
            if (receiver != null && !closed) {
                receiver.onRequest(inbound, responder);
            }
        });
    }

    /** Sends the end of an exchange back to {@code to}. */
    private void sendBack(SimTransport to, long latency, Runnable arrival) {
        sendBack(to, latency, 0, arrival);
    }

    private void sendBack(SimTransport to, long latency, int digest, Runnable arrival) {
        links.deliver(peer, to.peer, latency, digest, () -> {
            if (!to.closed) {
                to.connections.ensureConnection(this);
                arrival.run();
            }
        });
    }

    /** Ends one request, once. */
    private final class SimResponder implements Responder {

        private final SimTransport to;
        private final KadRequest request;
        private final long latency;
        private final ReplyHandler reply;
        private boolean finished;

        SimResponder(SimTransport to, KadRequest request, long latency, ReplyHandler reply) {
            this.to = to;
            this.request = request;
            this.latency = latency;
            this.reply = reply;
        }

        @Override
        public void respond(KadResponse response) {
            if (finishOnce()) {
                links.responseSent(peer, to.peer, request, response);
                sendBack(to, latency, TraceHash.of(response), () -> reply.onResponse(response));
            }
        }

        @Override
        public void finish() {
            finishOnce();
        }

        @Override
        public void reset() {
            if (finishOnce()) {
                sendBack(to, latency, () -> reply.onFailure(Kind.RESET, "peer refused the request"));
            }
        }

        private boolean finishOnce() {
            boolean first = !finished && !closed;
            finished = true;
            return first;
        }
    }

    /** Hands the peer to {@code use}: at once where there is a connection, or none is needed; else when a dial has succeeded. */
    private void withConnection(PeerInfo to, SimOperation<?> operation, Consumer<SimPeer> use) {
        SimPeer other = links.find(to.id());
        if (closed) {
            operation.fail(Kind.CLOSED, "transport is closed");
        } else if (other != null && connections.use(to.id())) {
            use.accept(other);
        } else if (to.addresses().isEmpty()) {
            operation.fail(Kind.UNREACHABLE, "no known address");
        } else if (other != null && to.addresses().contains(other.address())) {
            if (links.conditions().dialRoundTrips() == 0 || !links.conditions().connections()) {
                use.accept(other);
            } else {
                connections.dial(other, use);
            }
        }
        // A dial to a peer that is gone, or to a wrong address, ends by the timeout of whoever waits for it
    }

    @Override
    public Cancellable connect(PeerInfo to, Duration timeout, Callback<ConnectionInfo> callback) {
        SimOperation<ConnectionInfo> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(
                to,
                operation,
                other -> roundTrip(
                        other,
                        () -> connections
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
                other -> roundTrip(
                        other, () -> operation.succeed(other.transport().identification())));
        return operation;
    }

    @Override
    public Cancellable ping(PeerInfo to, Duration timeout, Callback<Duration> callback) {
        SimOperation<Duration> operation = new SimOperation<>(peer, timeout, callback);
        withConnection(to, operation, other -> {
            long sent = links.nanos();
            roundTrip(other, () -> operation.succeed(Duration.ofNanos(links.nanos() - sent)));
        });
        return operation;
    }

    private void roundTrip(SimPeer other, Runnable afterwards) {
        long latency = links.latency(peer, other);
        SimTransport there = other.transport();
        links.deliver(peer, other, latency, 0, () -> {
            if (!there.closed && !closed) {
                there.connections.ensureConnection(this);
                there.sendBack(this, latency, afterwards);
            }
        });
    }

    @Override
    public void disconnect(PeerId from) {
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

    /** Vanishes without a word: nobody is told anything, and what this peer sends or is sent is lost. */
    public void crash() {
        if (!closed) {
            connections.crash();
            end();
        }
    }

    private void end() {
        closed = true;
        List.copyOf(pending).forEach(operation -> operation.fail(Kind.CLOSED, "transport is closed"));
    }
}
