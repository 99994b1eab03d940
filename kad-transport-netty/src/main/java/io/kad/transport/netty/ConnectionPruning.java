package io.kad.transport.netty;

import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.ConnectionRegistry;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.connection.PruningRules;
import io.kad.transport.netty.connection.PruningRules.Candidate;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.RemoteSource;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Closes connections to make room for others. Thread-safe. */
final class ConnectionPruning {

    /** Shortest time between two searches for an inbound connection to close that found none, so that floods cost little. */
    private static final long SEARCH_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ConnectionRegistry registry;
    private final ConnectionLimiter limiter;
    private final LimitCounters counters;
    private final TransportHandler handler;
    private final PruningRules rules;
    private final AtomicLong nextSearchNanos = new AtomicLong(System.nanoTime());

    ConnectionPruning(
            ConnectionRegistry registry,
            ConnectionLimiter limiter,
            PerConnectionLimits limits,
            TransportHandler handler) {
        this.registry = registry;
        this.limiter = limiter;
        this.counters = limits.counters();
        this.handler = handler;
        this.rules = new PruningRules(limits.gracePeriod());
    }

    /** Closes idle connections of a direction if there are many. */
    void closeIdle(Direction direction) {
        int excess = limiter.excess(direction);
        if (excess > 0) {
            for (PeerConnection idle : rules.idle(candidates(), direction, excess)) {
                close(idle, LimitId.CONNECTION_HIGH_WATER, "closed the idle connection to " + idle);
            }
        }
    }

    /**
     * Closes one connection of the direction {@code directionToPrune} for {@code newcomer}, which is of {@code direction}; returns false if none may be closed.
     * If the directions differ, the place was lent, and whoever has it gives it back.
     */
    boolean makeRoom(Direction directionToPrune, Direction direction, Channel newcomer) {
        if (directionToPrune != direction) {
            return closeFirst(
                    "closed a connection for one of the other direction, to ",
                    () -> rules.leastOf(candidates(), directionToPrune));
        }
        long next = nextSearchNanos.get();
        if (direction == Direction.INBOUND && System.nanoTime() - next < 0) {
            return false;
        }
        String group = RemoteSource.of(RemoteSocket.of(newcomer)).pruningGroup();
        boolean closed = closeFirst(
                "closed the least useful connection, to ", () -> rules.leastUseful(candidates(), direction, group));
        if (!closed && direction == Direction.INBOUND) {
            nextSearchNanos.set(System.nanoTime() + SEARCH_INTERVAL_NANOS);
        }
        return closed;
    }

    /** Closes the connection that {@code search} returns, or, if another event loop has closed that one, the next; returns false if there is none. */
    private boolean closeFirst(String effect, Supplier<Optional<PeerConnection>> search) {
        Optional<PeerConnection> found = search.get();
        while (found.isPresent()) {
            if (close(found.get(), LimitId.CONNECTIONS, effect + found.get())) {
                return true;
            }
            found = search.get();
        }
        return false;
    }

    private List<Candidate<PeerConnection>> candidates() {
        return registry.all().stream()
                .filter(connection -> connection.isOpen() && limiter.isCounted(connection.channel()))
                .map(connection -> connection.pruningCandidate(handler.isProtected(connection.peer())))
                .toList();
    }

    /** Closes a connection; returns whether it counted until now. */
    private boolean close(PeerConnection connection, LimitId limit, String effect) {
        boolean removed = limiter.remove(connection.channel());
        if (removed) {
            counters.countAndLog(limit, effect);
            connection.close();
        }
        return removed;
    }
}
