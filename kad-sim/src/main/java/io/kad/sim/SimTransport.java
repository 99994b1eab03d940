package io.kad.sim;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.Callback;
import io.kad.api.spi.Cancellable;
import io.kad.api.spi.ConnectionInfo;
import io.kad.api.spi.ConnectionInfo.Direction;
import io.kad.api.spi.InboundRequest;
import io.kad.api.spi.PeerIdentification;
import io.kad.api.spi.Responder;
import io.kad.api.spi.Transport;
import io.kad.api.spi.TransportEvent;
import io.kad.api.spi.TransportFailure;
import io.kad.api.spi.TransportFailure.Kind;
import io.kad.api.spi.TransportHandler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The transport of one simulated peer: messages take their time, and reach whoever is alive. */
final class SimTransport implements Transport {

    private final PeerId self;
    private final String protocol;
    private final SimLinks links;
    private final Map<PeerId, ConnectionInfo> connections = new LinkedHashMap<>();
    private final Set<Multiaddr> listening = new LinkedHashSet<>();
    private @Nullable TransportHandler handler;
    private boolean serving;
    private boolean closed;

    SimTransport(PeerId self, String protocol, SimLinks links) {
        this.self = self;
        this.protocol = protocol;
        this.links = links;
    }

    PeerId self() {
        return self;
    }

    boolean isAlive() {
        return !closed;
    }

    @Override
    public void start(TransportHandler receiver) {
        if (handler != null) {
            throw new IllegalStateException("the transport is started already");
        }
        handler = receiver;
        links.join(this);
    }

    private void tell(TransportEvent event) {
        TransportHandler receiver = handler;
        if (receiver != null && !closed) {
            receiver.onEvent(event);
        }
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        links.later(0, () -> {
            listening.add(address);
            tell(new TransportEvent.ListenerOpened(address));
            callback.onSuccess(List.of(address));
        });
    }

    @Override
    public void serve(boolean enabled) {
        if (serving != enabled) {
            serving = enabled;
            connections
                    .keySet()
                    .forEach(peer -> links.find(peer)
                            .ifPresent(other -> links.deliver(self, peer, () -> other.identified(this))));
        }
    }

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {
        listening.addAll(externalAddresses);
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return List.copyOf(listening);
    }

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        SimCall<KadResponse> call = new SimCall<>(links, timeout, callback);
        connected(peer, call, other -> links.deliver(self, peer.id(), () -> other.serve(self, request, call)));
        return call;
    }

    @Override
    @SuppressWarnings("NullAway") // the one value of Void
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        SimCall<Void> call = new SimCall<>(links, timeout, callback);
        connected(
                peer,
                call,
                other -> links.deliver(self, peer.id(), () -> {
                    SimCall<KadResponse> noAnswer = new SimCall<>(links, timeout, new Nobody());
                    other.serve(self, request, noAnswer);
                    links.deliver(peer.id(), self, () -> call.succeed(null));
                }));
        return call;
    }

    private void serve(PeerId from, KadRequest request, SimCall<KadResponse> call) {
        TransportHandler receiver = handler;
        if (closed || receiver == null) {
            return;
        }
        if (!serving) {
            links.deliver(self, from, () -> call.fail(Kind.UNSUPPORTED, "the peer is a client"));
            return;
        }
        receiver.onRequest(new InboundRequest(from, links.addressOf(from), request), new Responder() {
            @Override
            public void respond(KadResponse response) {
                links.deliver(self, from, () -> call.succeed(response));
            }

            @Override
            public void finish() {}

            @Override
            public void reset() {
                links.deliver(self, from, () -> call.fail(Kind.RESET, "the peer refuses"));
            }
        });
    }

    /** Hands the peer at the other end of a connection to {@code use}, after one round trip if there was none. */
    private void connected(PeerInfo peer, SimCall<?> call, Consumer<SimTransport> use) {
        Optional<SimTransport> other = links.find(peer.id());
        if (closed) {
            call.fail(Kind.CLOSED, "the transport is closed");
        } else if (connections.containsKey(peer.id()) && other.isPresent()) {
            use.accept(other.get());
        } else if (peer.addresses().isEmpty()) {
            call.fail(Kind.UNREACHABLE, "no address is known");
        } else {
            // A dial to a peer that is gone ends by the timeout of whoever waits for it
            other.ifPresent(alive -> links.deliver(self, peer.id(), () -> {
                alive.opened(this, Direction.INBOUND);
                links.deliver(peer.id(), self, () -> {
                    opened(alive, Direction.OUTBOUND);
                    use.accept(alive);
                });
            }));
        }
    }

    private void opened(SimTransport other, Direction direction) {
        if (closed || connections.containsKey(other.self)) {
            return;
        }
        ConnectionInfo connection = new ConnectionInfo(
                links.nextConnection(), other.self, links.addressOf(other.self), direction, "none", "none", 0);
        connections.put(other.self, connection);
        tell(new TransportEvent.ConnectionOpened(connection));
        identified(other);
    }

    private void identified(SimTransport other) {
        ConnectionInfo connection = connections.get(other.self);
        if (connection != null) {
            tell(new TransportEvent.PeerIdentified(other.identification(), connection));
        }
    }

    private PeerIdentification identification() {
        return new PeerIdentification(
                self, "sim", "sim", serving ? Set.of(protocol) : Set.of(), listenAddresses(), Optional.empty());
    }

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        SimCall<ConnectionInfo> call = new SimCall<>(links, timeout, callback);
        connected(peer, call, other -> {
            ConnectionInfo connection = connections.get(peer.id());
            if (connection == null) {
                call.fail(Kind.CLOSED, "the connection is closed");
            } else {
                call.succeed(connection);
            }
        });
        return call;
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        SimCall<PeerIdentification> call = new SimCall<>(links, timeout, callback);
        connected(peer, call, other -> call.succeed(other.identification()));
        return call;
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        SimCall<Duration> call = new SimCall<>(links, timeout, callback);
        connected(peer, call, other -> {
            long sent = links.nanos();
            links.deliver(
                    self,
                    peer.id(),
                    () -> links.deliver(peer.id(), self, () -> call.succeed(Duration.ofNanos(links.nanos() - sent))));
        });
        return call;
    }

    @Override
    public void disconnect(PeerId peer) {
        ConnectionInfo connection = connections.remove(peer);
        if (connection != null) {
            tell(new TransportEvent.ConnectionClosed(connection, 0));
            links.find(peer).ifPresent(other -> other.disconnect(self));
        }
    }

    @Override
    public List<ConnectionInfo> connections() {
        return List.copyOf(connections.values());
    }

    @Override
    public void close() {
        if (!closed) {
            List.copyOf(connections.keySet()).forEach(this::disconnect);
            closed = true;
            links.leave(this);
        }
    }

    /** Takes the end of a message that has no answer. */
    private static final class Nobody implements Callback<KadResponse> {

        @Override
        public void onSuccess(KadResponse result) {}

        @Override
        public void onFailure(TransportFailure failure) {}
    }
}
