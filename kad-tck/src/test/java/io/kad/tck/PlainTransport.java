package io.kad.tck;

import io.kad.api.Identity;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.api.spi.transport.TransportHandler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/** A transport that is right and simple: objects behind the lock of their network. Subclasses break one rule. */
class PlainTransport implements Transport {

    private static final int MAX_IN_FLIGHT = 100;

    final PlainNetwork network;
    final Identity identity;
    final Set<Operation<?>> operations = new LinkedHashSet<>();
    private final Map<PeerId, Link> links = new HashMap<>();
    private final Map<PeerId, List<Operation<?>>> dials = new HashMap<>();
    private final Set<Operation<?>> inFlight = new HashSet<>();
    private final Queue<Runnable> delayed = new ArrayDeque<>();
    private final List<Multiaddr> listening = new ArrayList<>();
    private TransportHandler handler;
    private boolean serving;
    private boolean closed;

    PlainTransport(PlainNetwork network, Identity identity) {
        this.network = network;
        this.identity = identity;
    }

    /** A connection. */
    private record Link(long id, PlainTransport dialler, PlainTransport listener) {
        PlainTransport otherThan(PlainTransport one) {
            return one == dialler ? listener : dialler;
        }
    }

    /** Something asked for, with what to do once there is a connection. */
    class Operation<T> implements Cancellable {
        private final Callback<T> callback;
        private final Consumer<Link> connected;
        private Link link;
        private boolean delayed;
        private int timers;

        Operation(Callback<T> callback, Consumer<Operation<T>> connected) {
            this.callback = callback;
            this.connected = link -> connected.accept(this);
            operations.add(this);
        }

        void start(Link link) {
            this.link = link;
            connected.accept(link);
        }

        PlainTransport other() {
            return link.otherThan(PlainTransport.this);
        }

        void succeed(T result) {
            network.later(() -> {
                if (operations.remove(this)) {
                    callback.onSuccess(result);
                    ended(this);
                }
            });
        }

        void fail(Kind kind, String message) {
            network.later(() -> {
                if (operations.remove(this)) {
                    callback.onFailure(new TransportFailure(kind, message));
                    ended(this);
                }
            });
        }

        @Override
        public void cancel() {
            fail(Kind.CANCELLED, "cancelled");
        }
    }

    @Override
    public void start(TransportHandler handler) {
        this.handler = handler;
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        synchronized (network) {
            Operation<List<Multiaddr>> operation = new Operation<>(callback, ignored -> {});
            boolean free = address.toString().endsWith("/tcp/0");
            if (closed) {
                operation.fail(Kind.CLOSED, "closed");
            } else if (!free) {
                operation.fail(Kind.BAD_ADDRESS, "taken, or not of this network");
            } else {
                Multiaddr bound = network.freeAddress();
                network.listeners.put(bound, this);
                listening.add(bound);
                operation.succeed(List.of(bound));
            }
        }
    }

    @Override
    public void serve(boolean enabled) {
        synchronized (network) {
            serving = enabled;
            for (Link link : links.values()) {
                PlainTransport other = link.otherThan(this);
                network.later(() -> other.identified(link));
            }
        }
    }

    private void identified(Link link) {
        tell(new TransportEvent.PeerIdentified(link.otherThan(this).identification(), info(link)));
    }

    PeerIdentification identification() {
        Set<String> protocols = isServing() ? Set.of(TransportTck.PROTOCOL) : Set.of();
        return new PeerIdentification(
                identity.peerId(), "plain", "", protocols, List.copyOf(listening), Optional.empty());
    }

    boolean isServing() {
        return serving;
    }

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {}

    @Override
    public List<Multiaddr> listenAddresses() {
        synchronized (network) {
            return List.copyOf(listening);
        }
    }

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        if (request instanceof KadRequest.AddProvider) {
            throw new IllegalArgumentException("it has no answer");
        }
        return run(
                peer,
                timeout,
                callback,
                operation -> sendOrDelay(operation, timeout, () -> {
                    PlainTransport other = operation.other();
                    if (!other.isServing()) {
                        operation.fail(Kind.UNSUPPORTED, "a client");
                        return;
                    }
                    other.deliver(this, request, new Responder() {
                        @Override
                        public void respond(KadResponse response) {
                            if (fits(request, response)) {
                                operation.succeed(response);
                            } else {
                                operation.fail(Kind.INVALID, "another kind");
                            }
                        }

                        @Override
                        public void completeWithoutResponse() {
                            operation.fail(Kind.RESET, "no answer");
                        }

                        @Override
                        public void reset() {
                            operation.fail(Kind.RESET, "reset");
                        }
                    });
                }));
    }

    /** Sends a request, or delays it until fewer are in flight. */
    void sendOrDelay(Operation<?> operation, Duration timeout, Runnable send) {
        if (inFlight.size() < MAX_IN_FLIGHT) {
            inFlight.add(operation);
            send.run();
            return;
        }
        delay(operation);
        delayed.add(() -> {
            if (operations.contains(operation)) {
                operation.delayed = false;
                operation.callback.onDequeued();
                startTimer(operation, timeout);
                inFlight.add(operation);
                send.run();
            }
        });
    }

    void delay(Operation<?> operation) {
        operation.delayed = true;
        operation.callback.onQueued();
    }

    private void ended(Operation<?> operation) {
        inFlight.remove(operation);
        while (inFlight.size() < MAX_IN_FLIGHT && !delayed.isEmpty()) {
            delayed.remove().run();
        }
    }

    private void startTimer(Operation<?> operation, Duration timeout) {
        operation.timers++;
        int number = operation.timers;
        network.later(timeout.toMillis(), () -> {
            if (number == operation.timers) {
                timedOut(operation);
            }
        });
    }

    boolean fits(KadRequest request, KadResponse response) {
        return request.getClass().getSimpleName().equals(response.getClass().getSimpleName());
    }

    @Override
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return run(peer, timeout, callback, operation -> {
            if (operation.other().isServing()) {
                operation.other().deliver(this, request, finishing(operation));
                accepted(operation);
            } else {
                refused(operation);
            }
        });
    }

    void accepted(Operation<Void> operation) {
        operation.succeed(null);
    }

    void refused(Operation<Void> operation) {
        operation.fail(Kind.UNSUPPORTED, "a client");
    }

    void finished(Operation<Void> operation) {}

    private Responder finishing(Operation<Void> operation) {
        return new Responder() {
            @Override
            public void respond(KadResponse response) {}

            @Override
            public void completeWithoutResponse() {
                finished(operation);
            }

            @Override
            public void reset() {}
        };
    }

    private void deliver(PlainTransport from, KadRequest request, Responder responder) {
        network.later(() -> handler.onRequest(
                new InboundRequest(from.identity.peerId(), Multiaddr.parse("/ip4/127.0.0.1/tcp/1"), request),
                responder));
    }

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return run(peer, timeout, callback, operation -> operation.succeed(info(operation.link)));
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return run(
                peer,
                timeout,
                callback,
                operation -> operation.succeed(operation.other().identification()));
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return run(peer, timeout, callback, operation -> operation.succeed(Duration.ofNanos(1)));
    }

    private <T> Cancellable run(
            PeerInfo peer, Duration timeout, Callback<T> callback, Consumer<Operation<T>> connected) {
        synchronized (network) {
            Operation<T> operation = new Operation<>(callback, connected);
            startTimer(operation, timeout);
            network.later(() -> begin(peer, operation));
            return operation;
        }
    }

    void timedOut(Operation<?> operation) {
        operation.fail(operation.delayed ? neverSent() : Kind.TIMEOUT, "time is over");
    }

    Kind neverSent() {
        return Kind.OVERLOADED;
    }

    private void begin(PeerInfo peer, Operation<?> operation) {
        Link link = links.get(peer.id());
        List<Operation<?>> dial = dials.get(peer.id());
        if (closed) {
            operation.fail(Kind.CLOSED, "closed");
        } else if (link != null && mayUse(link.dialler() == this)) {
            operation.start(link);
        } else if (sharesDials() && dial != null && dial.stream().anyMatch(operations::contains)) {
            dial.add(operation);
        } else {
            List<Operation<?>> waiting = new ArrayList<>(List.of(operation));
            dials.put(peer.id(), waiting);
            network.later(() -> dial(peer, waiting));
        }
    }

    boolean mayUse(boolean dialledByUs) {
        return true;
    }

    boolean sharesDials() {
        return true;
    }

    Kind refusal() {
        return Kind.REFUSED;
    }

    private void dial(PeerInfo peer, List<Operation<?>> waiting) {
        Kind failure = peer.addresses().isEmpty() ? Kind.UNREACHABLE : refusal();
        for (Multiaddr address : peer.addresses()) {
            PlainTransport listener = network.listeners.get(address);
            if (network.silent.containsKey(address)) {
                network.silent.get(address).connect();
                return;
            }
            if (listener != null && listener.identity.peerId().equals(peer.id())) {
                dials.remove(peer.id());
                Link link = new Link(network.nextConnection(), this, listener);
                open(link);
                listener.open(link);
                waiting.forEach(operation -> operation.start(link));
                return;
            }
            failure = listener == null ? failure : Kind.WRONG_PEER;
        }
        dials.remove(peer.id());
        for (Operation<?> operation : waiting) {
            operation.fail(failure, "could not connect");
        }
    }

    private void open(Link link) {
        links.put(link.otherThan(this).identity.peerId(), link);
        tell(new TransportEvent.ConnectionOpened(info(link)));
        identified(link);
    }

    private ConnectionInfo info(Link link) {
        return new ConnectionInfo(
                link.id(),
                link.otherThan(this).identity.peerId(),
                Multiaddr.parse("/ip4/127.0.0.1/tcp/1"),
                link.dialler() == this ? Direction.OUTBOUND : Direction.INBOUND,
                "none",
                "none",
                "none",
                0);
    }

    void tell(TransportEvent event) {
        network.later(() -> handler.onEvent(event));
    }

    @Override
    public void disconnect(PeerId peer) {
        synchronized (network) {
            Link link = links.get(peer);
            if (link != null) {
                link.otherThan(this).lose(link, Kind.RESET);
                lose(link, disconnected());
            }
        }
    }

    Kind disconnected() {
        return Kind.CANCELLED;
    }

    private void lose(Link link, Kind kind) {
        links.remove(link.otherThan(this).identity.peerId(), link);
        tell(new TransportEvent.ConnectionClosed(info(link), 0));
        for (Operation<?> operation : operations) {
            if (link.equals(operation.link)) {
                operation.fail(kind, "the connection is gone");
            }
        }
    }

    @Override
    public List<ConnectionInfo> connections() {
        synchronized (network) {
            return links.values().stream().map(this::info).toList();
        }
    }

    @Override
    public void close() {
        synchronized (network) {
            closed = true;
            List.copyOf(links.keySet()).forEach(this::disconnect);
            listening.forEach(network.listeners::remove);
            listening.clear();
            endOperations();
        }
    }

    void endOperations() {
        for (Operation<?> operation : operations) {
            operation.fail(Kind.CLOSED, "closed");
        }
    }
}
