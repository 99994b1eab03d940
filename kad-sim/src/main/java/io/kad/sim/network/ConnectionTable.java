package io.kad.sim.network;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.TransportEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Local ends of the connections of one peer, and its pending dials. The two ends of a connection may disagree while a message is in
 * flight. Confined to the thread of the network.
 */
public final class ConnectionTable {

    /** Time after which a dial is cancelled; the operations that wait for it fail by their timeouts. */
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(5);

    private final SimTransport owner;
    private final SimLinks links;
    /** Connections by remote peer, least recently used first. */
    private Map<PeerId, SimConnection> open = Map.of();

    private Map<PeerId, PendingDial> dials = Map.of();

    /** Dial in flight and the callbacks that wait for it. */
    private static final class PendingDial {
        private final List<Consumer<SimPeer>> callbacks = new ArrayList<>();
    }

    ConnectionTable(SimTransport owner, SimLinks links) {
        this.owner = owner;
        this.links = links;
    }

    /** Marks the connection to {@code peer} as used, and returns whether there is one. */
    boolean use(PeerId peer) {
        SimConnection connection = open.get(peer);
        if (connection == null) {
            return false;
        }
        if (!connection.isOpen() || isStale(connection)) {
            remove(connection);
            return false;
        }
        connection.use(links.nanos());
        return true;
    }

    /** Returns whether the remote peer has restarted since, so that its transport has no such connection. */
    private boolean isStale(SimConnection connection) {
        SimTransport remote = connection.otherEnd(owner);
        return remote.isClosed() && remote.peer().isUp();
    }

    /** Returns the connection to {@code peer}, open or not; empty if the table has none. */
    Optional<ConnectionInfo> find(PeerId peer) {
        return Optional.ofNullable(open.get(peer)).map(connection -> connection.infoFor(owner));
    }

    /** Returns all connections, least recently used first. */
    List<ConnectionInfo> all() {
        return open.values().stream()
                .map(connection -> connection.infoFor(owner))
                .toList();
    }

    /** Returns the number of connections. */
    public int size() {
        return open.size();
    }

    /** Calls {@code onConnected} when a dial of {@code peer} has succeeded; concurrent calls share one dial. */
    void dial(SimPeer peer, Consumer<SimPeer> onConnected) {
        if (dials.isEmpty()) {
            dials = new LinkedHashMap<>();
        }
        PendingDial pending = dials.get(peer.id());
        if (pending != null) {
            pending.callbacks.add(onConnected);
            return;
        }
        PendingDial dial = new PendingDial();
        dial.callbacks.add(onConnected);
        dials.put(peer.id(), dial);
        var timer = owner.peer().schedule(DIAL_TIMEOUT.toNanos(), () -> dials.remove(peer.id(), dial));
        long latency = links.latency(owner.peer(), peer);
        SimTransport remote = peer.transport();
        long handshakeNanos = latency * (2L * links.conditions().dialRoundTrips() - 1);
        links.deliver(owner.peer(), peer, handshakeNanos, TraceHash.DIAL, () -> {
            if (!remote.isClosed() && !owner.isClosed()) {
                remote.connectionTable().ensureConnection(owner);
                links.deliver(peer, owner.peer(), latency, TraceHash.DIAL, () -> {
                    timer.cancel();
                    completeDial(remote, dial);
                });
            }
        });
    }

    private void completeDial(SimTransport remote, PendingDial dial) {
        if (!owner.isClosed() && dials.remove(remote.peer().id(), dial)) {
            ensureConnection(remote);
            dial.callbacks.forEach(callback -> callback.accept(remote.peer()));
        }
    }

    /** Called when a message of {@code remote} arrives: adds the local end of the connection if it is missing. */
    void ensureConnection(SimTransport remote) {
        if (!links.conditions().connections() || use(remote.peer().id())) {
            return;
        }
        SimConnection remoteEnd = remote.connectionTable().open.get(owner.peer().id());
        boolean usable = remoteEnd != null && remoteEnd.isOpen() && remoteEnd.otherEnd(remote) == owner;
        SimConnection connection = remoteEnd != null && usable ? remoteEnd : connect(remote);
        if (open.isEmpty()) {
            open = new LinkedHashMap<>(16, 0.75f, true);
        }
        SimConnection previous = open.put(remote.peer().id(), connection);
        if (previous != null) {
            owner.emit(new TransportEvent.ConnectionClosed(previous.infoFor(owner), 0));
        }
        ConnectionInfo info = connection.infoFor(owner);
        owner.emit(new TransportEvent.ConnectionOpened(info));
        owner.emit(new TransportEvent.PeerIdentified(remote.identification(), info));
        if (open.size() > links.maxConnections()) {
            close(open.keySet().iterator().next());
        }
    }

    private SimConnection connect(SimTransport dialler) {
        SimConnection connection = new SimConnection(links.nextConnection(), dialler, owner, links.nanos());
        scheduleIdleCheck(connection, links.idleTimeout().toNanos());
        return connection;
    }

    private void scheduleIdleCheck(SimConnection connection, long nanos) {
        owner.peer().schedule(nanos, () -> {
            long remaining = connection.usedNanos() + links.idleTimeout().toNanos() - links.nanos();
            if (connection.isOpen() && remaining > 0) {
                scheduleIdleCheck(connection, remaining);
            } else if (connection.isOpen()) {
                connection.close();
                remove(connection);
                connection.otherEnd(owner).connectionTable().remove(connection);
            }
        });
    }

    private void remove(SimConnection connection) {
        PeerId peer = connection.otherEnd(owner).peer().id();
        if (!open.isEmpty() && open.remove(peer, connection)) {
            owner.emit(new TransportEvent.ConnectionClosed(connection.infoFor(owner), 0));
        }
    }

    /** Closes the connection to {@code peer}, if there is one; the remote end closes when a message arrives. */
    void close(PeerId peer) {
        @Nullable SimConnection connection = open.get(peer);
        if (connection != null) {
            connection.close();
            remove(connection);
            SimTransport remote = connection.otherEnd(owner);
            links.deliver(
                    owner.peer(),
                    remote.peer(),
                    links.latency(owner.peer(), remote.peer()),
                    TraceHash.CLOSE,
                    () -> remote.connectionTable().remove(connection));
        }
    }

    /** Closes all connections; the remote ends close when a message arrives. */
    void closeAll() {
        List.copyOf(open.keySet()).forEach(this::close);
    }

    /** Drops all connections without a message; the remote ends close by keep-alive. */
    void crash() {
        long nanos = links.conditions().keepAlive().toNanos();
        for (SimConnection connection : open.values()) {
            SimTransport remote = connection.otherEnd(owner);
            remote.peer().schedule(nanos, () -> {
                connection.close();
                remote.connectionTable().remove(connection);
            });
        }
        open = Map.of();
    }

    /** Sends the identification of this peer to every connected peer. */
    void sendIdentification() {
        for (SimConnection connection : open.values()) {
            SimTransport remote = connection.otherEnd(owner);
            long latency = links.latency(owner.peer(), remote.peer());
            links.deliver(owner.peer(), remote.peer(), latency, TraceHash.IDENTIFY, () -> {
                if (connection.isOpen() && !remote.isClosed()) {
                    remote.emit(new TransportEvent.PeerIdentified(owner.identification(), connection.infoFor(remote)));
                }
            });
        }
    }
}
