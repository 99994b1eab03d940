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

/** The ends of connections at one peer, and its dials. The two ends may disagree for as long as a message takes. */
public final class ConnectionTable {

    /** How long a dial is waited for. */
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(5);

    private final SimTransport owner;
    private final SimLinks links;
    /** The one that was not used for longest first. */
    private Map<PeerId, SimConnection> open = Map.of();

    private Map<PeerId, PendingDial> dials = Map.of();

    /** A dial under way and who waits for it. */
    private static final class PendingDial {
        private final List<Consumer<SimPeer>> callbacks = new ArrayList<>();
    }

    ConnectionTable(SimTransport owner, SimLinks links) {
        this.owner = owner;
        this.links = links;
    }

    /** Uses the connection to {@code peer}, and returns whether there is one. */
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

    /** Returns whether the peer at the other end has begun anew since, and so knows nothing of the connection. */
    private boolean isStale(SimConnection connection) {
        SimTransport other = connection.otherEnd(owner);
        return other.isClosed() && other.peer().isUp();
    }

    Optional<ConnectionInfo> find(PeerId peer) {
        return Optional.ofNullable(open.get(peer)).map(connection -> connection.infoFor(owner));
    }

    List<ConnectionInfo> all() {
        return open.values().stream()
                .map(connection -> connection.infoFor(owner))
                .toList();
    }

    public int size() {
        return open.size();
    }

    /** Opens a connection to {@code other}, or waits for the dial that does already; then calls {@code use}. */
    void dial(SimPeer other, Consumer<SimPeer> use) {
        if (dials.isEmpty()) {
            dials = new LinkedHashMap<>();
        }
        PendingDial known = dials.get(other.id());
        if (known != null) {
            known.callbacks.add(use);
            return;
        }
        PendingDial dial = new PendingDial();
        dial.callbacks.add(use);
        dials.put(other.id(), dial);
        var timer = owner.peer().schedule(DIAL_TIMEOUT.toNanos(), () -> dials.remove(other.id(), dial));
        long latency = links.latency(owner.peer(), other);
        SimTransport there = other.transport();
        long before = latency * (2L * links.conditions().dialRoundTrips() - 1);
        links.deliver(owner.peer(), other, before, 1, () -> {
            if (!there.isClosed() && !owner.isClosed()) {
                there.connectionTable().ensureConnection(owner);
                links.deliver(other, owner.peer(), latency, 1, () -> {
                    timer.cancel();
                    completeDial(there, dial);
                });
            }
        });
    }

    private void completeDial(SimTransport there, PendingDial dial) {
        if (!owner.isClosed() && dials.remove(there.peer().id(), dial)) {
            ensureConnection(there);
            dial.callbacks.forEach(use -> use.accept(there.peer()));
        }
    }

    /** Takes that a message of {@code other} has arrived, and so that there is a connection. */
    void ensureConnection(SimTransport other) {
        if (!links.conditions().connections() || use(other.peer().id())) {
            return;
        }
        SimConnection remoteEnd = other.connectionTable().open.get(owner.peer().id());
        boolean shared = remoteEnd != null && remoteEnd.isOpen() && remoteEnd.otherEnd(other) == owner;
        SimConnection connection = remoteEnd != null && shared ? remoteEnd : connect(other);
        if (open.isEmpty()) {
            open = new LinkedHashMap<>(16, 0.75f, true);
        }
        SimConnection previous = open.put(other.peer().id(), connection);
        if (previous != null) {
            owner.emit(new TransportEvent.ConnectionClosed(previous.infoFor(owner), 0));
        }
        ConnectionInfo seen = connection.infoFor(owner);
        owner.emit(new TransportEvent.ConnectionOpened(seen));
        owner.emit(new TransportEvent.PeerIdentified(other.identification(), seen));
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
            long left = connection.usedNanos() + links.idleTimeout().toNanos() - links.nanos();
            if (connection.isOpen() && left > 0) {
                scheduleIdleCheck(connection, left);
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

    /** Closes the connection to {@code peer}, if there is one; the other end learns of it by a message. */
    void close(PeerId peer) {
        @Nullable SimConnection connection = open.get(peer);
        if (connection != null) {
            connection.close();
            remove(connection);
            SimTransport other = connection.otherEnd(owner);
            links.deliver(
                    owner.peer(),
                    other.peer(),
                    links.latency(owner.peer(), other.peer()),
                    2,
                    () -> other.connectionTable().remove(connection));
        }
    }

    void closeAll() {
        List.copyOf(open.keySet()).forEach(this::close);
    }

    /** Lets the other ends find out for themselves that nobody is there. */
    void crash() {
        long nanos = links.conditions().keepAlive().toNanos();
        for (SimConnection connection : open.values()) {
            SimTransport other = connection.otherEnd(owner);
            other.peer().schedule(nanos, () -> {
                connection.close();
                other.connectionTable().remove(connection);
            });
        }
        open = Map.of();
    }

    /** Tells every connected peer anew what this one is. */
    void sendIdentification() {
        for (SimConnection connection : open.values()) {
            SimTransport other = connection.otherEnd(owner);
            links.deliver(owner.peer(), other.peer(), links.latency(owner.peer(), other.peer()), 3, () -> {
                if (connection.isOpen() && !other.isClosed()) {
                    other.emit(new TransportEvent.PeerIdentified(owner.identification(), connection.infoFor(other)));
                }
            });
        }
    }
}
