package io.kad.sim.network;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Local ends of the connections of one peer. The two ends of a connection may disagree while a message is in
 * flight. Confined to the thread of the network.
 */
public final class ConnectionTable {

    private final SimTransport owner;
    private final SimLinks links;
    /** The connection in use to each remote peer, least recently used first. */
    private Map<PeerId, SimConnection> open = Map.of();
    /** Further connections to a remote peer, oldest first; the next one is used when the one in use closes. */
    private final Map<PeerId, List<SimConnection>> further = new HashMap<>(0);

    ConnectionTable(SimTransport owner, SimLinks links) {
        this.owner = owner;
        this.links = links;
    }

    /**
     * Marks the connection to {@code peer} as used, and returns it, null without a connection. The remote end may be closed: the local end of a
     * connection to a crashed peer does not find out before the keep-alive, not even if the peer has restarted since.
     */
    @Nullable
    SimConnection use(PeerId peer) {
        SimConnection connection = open.get(peer);
        if (connection == null) {
            return null;
        }
        if (!connection.isOpen()) {
            remove(connection);
            return use(peer);
        }
        connection.use(links.nanos());
        return connection;
    }

    /** Returns the connection to {@code peer}, open or not; empty if the table has none. */
    Optional<ConnectionInfo> find(PeerId peer) {
        return Optional.ofNullable(open.get(peer)).map(connection -> connection.infoFor(owner));
    }

    /** Returns all connections. */
    List<ConnectionInfo> all() {
        return Stream.concat(open.values().stream(), further.values().stream().flatMap(List::stream))
                .map(connection -> connection.infoFor(owner))
                .toList();
    }

    /** Returns the connections to {@code peer}, the one in use first. */
    List<SimConnection> to(PeerId peer) {
        SimConnection used = open.get(peer);
        List<SimConnection> all = new ArrayList<>();
        if (used != null) {
            all.add(used);
        }
        all.addAll(further.getOrDefault(peer, List.of()));
        return all;
    }

    /** Returns the number of connected peers. */
    public int size() {
        return open.size();
    }

    /**
     * Called when a dial of {@code dialler} arrives: returns a new connection, also beside one that is there if peers may open two at once; else
     * the one that is there. Null if it has closed again.
     */
    @Nullable
    SimConnection accept(SimTransport dialler, Multiaddr address) {
        if (!links.conditions().reachability().simultaneousOpen()) {
            return ensureConnection(dialler, address);
        }
        SimConnection connection = connect(dialler, address);
        add(connection);
        return connection;
    }

    /** Called when a dial of {@code remote} has succeeded: adds the local end of the connection, and returns the one to use. */
    @Nullable
    SimConnection dialled(SimTransport remote, @Nullable SimConnection accepted) {
        if (!links.conditions().reachability().simultaneousOpen()) {
            return ensureConnection(remote);
        }
        if (accepted != null && accepted.isOpen() && !to(remote.peer().id()).contains(accepted)) {
            add(accepted);
        }
        return use(remote.peer().id());
    }

    /** Called when a message of {@code remote} arrives: see {@link #ensureConnection(SimTransport, Multiaddr)}. */
    @Nullable
    SimConnection ensureConnection(SimTransport remote) {
        return ensureConnection(remote, owner.peer().address());
    }

    /**
     * Adds the local end of the connection to {@code remote} if it is missing and the remote end is there.
     *
     * @param address the address at which this peer was dialled, for a connection that is new
     * @return the connection; null if the network has none or the remote end is closed
     */
    private @Nullable SimConnection ensureConnection(SimTransport remote, Multiaddr address) {
        if (!links.conditions().connections() || remote.isClosed()) {
            return null;
        }
        SimConnection used = use(remote.peer().id());
        if (used != null && used.otherEnd(owner) == remote) {
            return used;
        }
        SimConnection remoteEnd = remote.connectionTable().open.get(owner.peer().id());
        boolean usable = remoteEnd != null && remoteEnd.isOpen() && remoteEnd.otherEnd(remote) == owner;
        SimConnection connection = remoteEnd != null && usable ? remoteEnd : connect(remote, address);
        if (used != null) {
            open.remove(remote.peer().id());
            int remaining = further.getOrDefault(remote.peer().id(), List.of()).size();
            owner.emit(new TransportEvent.ConnectionClosed(used.infoFor(owner), remaining));
        }
        add(connection);
        return connection;
    }

    private void add(SimConnection connection) {
        if (open.isEmpty()) {
            open = new LinkedHashMap<>(16, 0.75f, true);
        }
        SimTransport remote = connection.otherEnd(owner);
        if (open.putIfAbsent(remote.peer().id(), connection) != null) {
            further.computeIfAbsent(remote.peer().id(), peer -> new ArrayList<>())
                    .add(connection);
        }
        owner.emit(new TransportEvent.ConnectionOpened(connection.infoFor(owner)));
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

    private SimConnection connect(SimTransport dialler, Multiaddr address) {
        SimConnection connection = new SimConnection(links.nextConnection(), dialler, owner, address, links.nanos());
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
        return owner.hasOperationsOver(connection) || connection.otherEnd(owner).hasOperationsOver(connection);
    }

    private void remove(SimConnection connection) {
        PeerId peer = connection.otherEnd(owner).peer().id();
        List<SimConnection> others = further.getOrDefault(peer, List.of());
        boolean used = !open.isEmpty() && open.remove(peer, connection);
        if (!used && (others.isEmpty() || !others.remove(connection))) {
            return;
        }
        if (used && !others.isEmpty()) {
            open.put(peer, others.remove(0));
        }
        if (others.isEmpty()) {
            further.remove(peer);
        }
        int remaining = to(peer).size();
        owner.emit(new TransportEvent.ConnectionClosed(connection.infoFor(owner), remaining));
        owner.loseOperationsOver(connection);
    }

    /** Called when a reset of the connections to {@code remote} arrives. */
    void onReset(SimTransport remote) {
        for (SimConnection connection : to(remote.peer().id())) {
            if (connection.otherEnd(owner) == remote) {
                connection.close();
                remove(connection);
            }
        }
    }

    /** Closes the connections to {@code peer}, if there are any; the remote ends close when a message arrives. */
    void close(PeerId peer) {
        for (SimConnection connection : to(peer)) {
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

    /**
     * Loses the connection in use to {@code peer}: what is in flight on it does not arrive, and both ends find out at once. An operation on it
     * is repeated once, on another connection of the two or on a new one.
     */
    public void lose(PeerId peer) {
        SimConnection connection = open.get(peer);
        if (connection != null) {
            connection.lose();
            remove(connection);
            connection.otherEnd(owner).connectionTable().remove(connection);
        }
    }

    /** Closes all connections; the remote ends close when a message arrives. */
    void closeAll() {
        List.copyOf(open.keySet()).forEach(this::close);
    }

    /** Drops all connections without a message; the remote ends close by keep-alive. */
    void crash() {
        List.copyOf(open.keySet()).forEach(peer -> to(peer).forEach(this::remoteEndClosesByKeepAlive));
        open = Map.of();
        further.clear();
    }

    /** Closes all connections without a message; the remote ends close by keep-alive. */
    void unplug() {
        for (PeerId peer : List.copyOf(open.keySet())) {
            for (SimConnection connection : to(peer)) {
                remoteEndClosesByKeepAlive(connection);
                connection.close();
                remove(connection);
            }
        }
    }

    private void remoteEndClosesByKeepAlive(SimConnection connection) {
        SimTransport remote = connection.otherEnd(owner);
        remote.peer().schedule(links.conditions().keepAlive().toNanos(), () -> {
            connection.close();
            remote.connectionTable().remove(connection);
        });
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
