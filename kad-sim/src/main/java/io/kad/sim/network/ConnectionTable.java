package io.kad.sim.network;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Local ends of the connections of one peer, and its pending dials. The two ends of a connection may disagree while a message is in
 * flight. Confined to the thread of the network.
 */
public final class ConnectionTable {

    /** Time after which a dial is cancelled; the operations that wait for it fail by their timeouts. */
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(5);

    static final String REFUSED = "connection refused";

    private final SimTransport owner;
    private final SimLinks links;
    /** Connections by remote peer, least recently used first. */
    private Map<PeerId, SimConnection> open = Map.of();

    private Map<PeerId, PendingDial> dials = Map.of();

    /** Caller of a dial. Called once, or never if the dial has no result. */
    interface DialCallback {
        void onConnected(SimTransport remote);

        void onRefused(TransportFailure failure);
    }

    /** Dial in flight and the callbacks that wait for it. */
    private static final class PendingDial {
        private final List<DialCallback> callbacks = new ArrayList<>();
    }

    ConnectionTable(SimTransport owner, SimLinks links) {
        this.owner = owner;
        this.links = links;
    }

    /**
     * Marks the connection to {@code peer} as used, and returns its remote end, null without a connection. The remote end may be closed: the
     * local end of a connection to a crashed peer does not find out before the keep-alive, not even if the peer has restarted since.
     */
    @Nullable
    SimTransport use(PeerId peer) {
        SimConnection connection = open.get(peer);
        if (connection == null) {
            return null;
        }
        if (!connection.isOpen()) {
            remove(connection);
            return null;
        }
        connection.use(links.nanos());
        return connection.otherEnd(owner);
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

    /** Calls {@code callback} when a dial of {@code peer} has succeeded or was refused; concurrent calls share one dial. */
    void dial(SimPeer peer, DialCallback callback) {
        if (dials.isEmpty()) {
            dials = new LinkedHashMap<>();
        }
        PendingDial pending = dials.get(peer.id());
        if (pending != null) {
            pending.callbacks.add(callback);
            return;
        }
        PendingDial dial = new PendingDial();
        dial.callbacks.add(callback);
        dials.put(peer.id(), dial);
        Cancellable timer = owner.peer().schedule(DIAL_TIMEOUT.toNanos(), () -> dials.remove(peer.id(), dial));
        long latency = links.latency(owner.peer(), peer);
        links.deliver(owner.peer(), peer, latency, TraceHash.DIAL, () -> {
            SimTransport remote = peer.transport();
            if (remote.isClosed()) {
                remote.refuse(owner, latency, () -> refuseDial(peer, dial, timer));
            } else {
                long furtherNanos = latency * 2L * (links.conditions().dialRoundTrips() - 1);
                peer.schedule(furtherNanos, () -> acceptDial(remote, latency, dial, timer));
            }
        });
    }

    private void acceptDial(SimTransport remote, long latency, PendingDial dial, Cancellable timer) {
        if (!remote.isClosed() && !owner.isClosed()) {
            remote.connectionTable().ensureConnection(owner);
            links.deliver(remote.peer(), owner.peer(), latency, TraceHash.DIAL, () -> {
                timer.cancel();
                completeDial(remote, dial);
            });
        }
    }

    private void completeDial(SimTransport remote, PendingDial dial) {
        if (!owner.isClosed() && dials.remove(remote.peer().id(), dial)) {
            ensureConnection(remote);
            dial.callbacks.forEach(callback -> callback.onConnected(remote));
        }
    }

    private void refuseDial(SimPeer peer, PendingDial dial, Cancellable timer) {
        timer.cancel();
        if (dials.remove(peer.id(), dial)) {
            TransportFailure failure = new TransportFailure(Kind.REFUSED, REFUSED);
            owner.emit(new TransportEvent.DialFailed(peer.id(), peer.address(), failure));
            dial.callbacks.forEach(callback -> callback.onRefused(failure));
        }
    }

    /** Called when a message of {@code remote} arrives: adds the local end of the connection if it is missing and the remote end is there. */
    void ensureConnection(SimTransport remote) {
        if (!links.conditions().connections()
                || remote.isClosed()
                || use(remote.peer().id()) == remote) {
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
        identify(remote, connection);
        if (open.size() > links.maxConnections()) {
            close(open.keySet().iterator().next());
        }
    }

    /** Asks the remote end of a new connection for its identification, which arrives after a round trip. */
    private void identify(SimTransport remote, SimConnection connection) {
        long latency = links.latency(owner.peer(), remote.peer());
        links.deliver(owner.peer(), remote.peer(), latency, TraceHash.IDENTIFY, () -> {
            if (connection.isOpen() && !remote.isClosed()) {
                PeerIdentification identification = remote.identification();
                links.deliver(remote.peer(), owner.peer(), latency, TraceHash.IDENTIFY, () -> {
                    if (connection.isOpen() && !owner.isClosed()) {
                        owner.emit(new TransportEvent.PeerIdentified(identification, connection.infoFor(owner)));
                    }
                });
            }
        });
    }

    private SimConnection connect(SimTransport dialler) {
        SimConnection connection = new SimConnection(links.nextConnection(), dialler, owner, links.nanos());
        scheduleIdleCheck(connection, links.idleTimeout().toNanos());
        return connection;
    }

    private void scheduleIdleCheck(SimConnection connection, long nanos) {
        owner.peer().schedule(nanos, () -> {
            long idleNanos = links.idleTimeout().toNanos();
            long remaining = connection.usedNanos() + idleNanos - links.nanos();
            if (connection.isOpen() && remaining > 0) {
                scheduleIdleCheck(connection, remaining);
            } else if (connection.isOpen() && isBusy(connection)) {
                scheduleIdleCheck(connection, idleNanos);
            } else if (connection.isOpen()) {
                connection.close();
                remove(connection);
                connection.otherEnd(owner).connectionTable().remove(connection);
            }
        });
    }

    /** Returns whether a request on {@code connection} has no result yet. */
    private boolean isBusy(SimConnection connection) {
        SimTransport remote = connection.otherEnd(owner);
        return owner.hasOperationsOver(remote) || remote.hasOperationsOver(owner);
    }

    private void remove(SimConnection connection) {
        SimTransport remote = connection.otherEnd(owner);
        if (!open.isEmpty() && open.remove(remote.peer().id(), connection)) {
            owner.emit(new TransportEvent.ConnectionClosed(connection.infoFor(owner), 0));
            owner.failOperationsOver(remote);
        }
    }

    /** Called when a reset of the connection to {@code remote} arrives. */
    void onReset(SimTransport remote) {
        SimConnection connection = open.get(remote.peer().id());
        if (connection != null && connection.otherEnd(owner) == remote) {
            connection.close();
            remove(connection);
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
