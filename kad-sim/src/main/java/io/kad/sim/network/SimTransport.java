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
    private final Set<SimOperation<?>> calls = new LinkedHashSet<>();
    private final SimConnections connections;
    private List<Multiaddr> listening = List.of();
    private List<Multiaddr> announced = List.of();
    private @Nullable TransportHandler handler;
    private @Nullable PeerIdentification identification;
    private boolean serving;
    private boolean closed;

    SimTransport(SimPeer peer, SimLinks links) {
        this.peer = peer;
        this.links = links;
        this.connections = new SimConnections(this, links);
    }

    SimPeer peer() {
        return peer;
    }

    public SimConnections ends() {
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

    void began(SimOperation<?> call) {
        calls.add(call);
    }

    void ended(SimOperation<?> call) {
        calls.remove(call);
    }

    public int openCalls() {
        return calls.size();
    }

    @Override
    public void start(TransportHandler receiver) {
        if (handler != null) {
            throw new IllegalStateException("transport has already been started");
        }
        handler = receiver;
    }

    void tell(TransportEvent event) {
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
            tell(new TransportEvent.ListenerOpened(address));
            callback.onSuccess(listening);
        });
    }

    @Override
    public void serve(boolean enabled) {
        if (serving != enabled) {
            serving = enabled;
            identification = null;
            connections.introduceAgain();
        }
    }

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {
        announced = externalAddresses.stream().sorted().toList();
        identification = null;
        connections.introduceAgain();
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
        SimOperation<KadResponse> call = new SimOperation<>(peer, timeout, callback);
        reach(to, call, other -> ask(other, request, call));
        return call;
    }

    private void ask(SimPeer other, KadRequest request, SimOperation<KadResponse> call) {
        long latency = links.latency(peer, other);
        SimTransport asked = other.transport();
        links.deliver(
                peer,
                other,
                latency,
                TraceHash.of(request),
                () -> asked.serve(this, request, latency, new Answer(call)));
    }

    @Override
    public Cancellable send(PeerInfo to, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        SimOperation<Void> call = new SimOperation<>(peer, timeout, callback);
        reach(to, call, other -> {
            long latency = links.latency(peer, other);
            SimTransport asked = other.transport();
            links.deliver(
                    peer,
                    other,
                    latency,
                    TraceHash.of(request),
                    () -> asked.serve(this, request, latency, new Acceptance(call)));
        });
        return call;
    }

    /** Takes what became of a request, back where it was sent. */
    private interface Reply {

        default void answered(KadResponse response) {}

        default void accepted() {}

        void failed(Kind kind, String reason);
    }

    private record Answer(SimOperation<KadResponse> call) implements Reply {
        @Override
        public void answered(KadResponse response) {
            call.succeed(response);
        }

        @Override
        public void failed(Kind kind, String reason) {
            call.fail(kind, reason);
        }
    }

    private record Acceptance(SimOperation<Void> call) implements Reply {
        @Override
        @SuppressWarnings("NullAway") // the one value of Void
        public void accepted() {
            call.succeed(null);
        }

        @Override
        public void failed(Kind kind, String reason) {
            call.fail(kind, reason);
        }
    }

    private void serve(SimTransport from, KadRequest request, long latency, Reply reply) {
        if (closed || from.closed) {
            return;
        }
        connections.meet(from);
        if (!serving) {
            back(from, latency, () -> reply.failed(Kind.UNSUPPORTED, "peer is a client"));
            return;
        }
        links.asked(from.peer, peer, request);
        if (request instanceof KadRequest.AddProvider) {
            back(from, latency, reply::accepted);
        }
        InboundRequest inbound = new InboundRequest(from.peer.id(), from.peer.address(), request);
        Responder responder = new Response(from, request, latency, reply);
        peer.conduct().serve(peer, inbound, responder, () -> {
            TransportHandler receiver = handler;
            if (receiver != null && !closed) {
                receiver.onRequest(inbound, responder);
            }
        });
    }

    /** Sends the end of an exchange back to {@code to}. */
    private void back(SimTransport to, long latency, Runnable arrival) {
        back(to, latency, 0, arrival);
    }

    private void back(SimTransport to, long latency, int digest, Runnable arrival) {
        links.deliver(peer, to.peer, latency, digest, () -> {
            if (!to.closed) {
                to.connections.meet(this);
                arrival.run();
            }
        });
    }

    /** Ends one request, once. */
    private final class Response implements Responder {

        private final SimTransport to;
        private final KadRequest request;
        private final long latency;
        private final Reply reply;
        private boolean ended;

        Response(SimTransport to, KadRequest request, long latency, Reply reply) {
            this.to = to;
            this.request = request;
            this.latency = latency;
            this.reply = reply;
        }

        @Override
        public void respond(KadResponse response) {
            if (end()) {
                links.answered(peer, to.peer, request, response);
                back(to, latency, TraceHash.of(response), () -> reply.answered(response));
            }
        }

        @Override
        public void finish() {
            end();
        }

        @Override
        public void reset() {
            if (end()) {
                back(to, latency, () -> reply.failed(Kind.RESET, "peer refused the request"));
            }
        }

        private boolean end() {
            boolean first = !ended && !closed;
            ended = true;
            return first;
        }
    }

    /** Hands the peer to {@code use}: at once where there is a connection, or none is needed; else when a dial has succeeded. */
    private void reach(PeerInfo to, SimOperation<?> call, Consumer<SimPeer> use) {
        SimPeer other = links.find(to.id());
        if (closed) {
            call.fail(Kind.CLOSED, "transport is closed");
        } else if (other != null && connections.use(to.id())) {
            use.accept(other);
        } else if (to.addresses().isEmpty()) {
            call.fail(Kind.UNREACHABLE, "no known address");
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
        SimOperation<ConnectionInfo> call = new SimOperation<>(peer, timeout, callback);
        reach(
                to,
                call,
                other -> roundTrip(
                        other,
                        () -> connections
                                .find(to.id())
                                .ifPresentOrElse(call::succeed, () -> call.fail(Kind.CLOSED, "connection is closed"))));
        return call;
    }

    @Override
    public Cancellable identify(PeerInfo to, Duration timeout, Callback<PeerIdentification> callback) {
        SimOperation<PeerIdentification> call = new SimOperation<>(peer, timeout, callback);
        reach(
                to,
                call,
                other -> roundTrip(other, () -> call.succeed(other.transport().identification())));
        return call;
    }

    @Override
    public Cancellable ping(PeerInfo to, Duration timeout, Callback<Duration> callback) {
        SimOperation<Duration> call = new SimOperation<>(peer, timeout, callback);
        reach(to, call, other -> {
            long sent = links.nanos();
            roundTrip(other, () -> call.succeed(Duration.ofNanos(links.nanos() - sent)));
        });
        return call;
    }

    private void roundTrip(SimPeer other, Runnable afterwards) {
        long latency = links.latency(peer, other);
        SimTransport there = other.transport();
        links.deliver(peer, other, latency, 0, () -> {
            if (!there.closed && !closed) {
                there.connections.meet(this);
                there.back(this, latency, afterwards);
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
            connections.vanish();
            end();
        }
    }

    private void end() {
        closed = true;
        List.copyOf(calls).forEach(call -> call.fail(Kind.CLOSED, "transport is closed"));
    }
}
