package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One dial to a peer: its addresses are tried one after the other, the next before the one before has failed, and the first
 * connection wins.
 *
 * <p>Belongs to one event loop.
 */
final class Dial {

    /** Connects to one address, and yields a connection that proved to be the peer's. */
    @FunctionalInterface
    interface Connector {

        /** Starts an attempt on the event loop {@code executor}, whose end {@code attempt} is told; returns what gives it up. */
        Runnable connect(EventExecutor executor, PeerId peer, Multiaddr address, Attempt attempt);
    }

    private final PeerId peer;
    private final EventExecutor executor;
    private final Connector connector;
    private final BiConsumer<Multiaddr, TransportFailure> onAddressFailed;
    private final Promise<PeerConnection> result;
    private final Queue<Multiaddr> untried = new ArrayDeque<>();
    private final Set<Multiaddr> known = new HashSet<>();
    private final Set<Attempt> running = new LinkedHashSet<>();
    private TransportFailure lastFailure = new TransportFailure(Kind.UNREACHABLE, "no address is known");

    Dial(
            PeerId peer,
            EventExecutor executor,
            Connector connector,
            BiConsumer<Multiaddr, TransportFailure> onAddressFailed) {
        this.peer = peer;
        this.executor = executor;
        this.connector = connector;
        this.onAddressFailed = onAddressFailed;
        this.result = executor.newPromise();
    }

    EventExecutor executor() {
        return executor;
    }

    Promise<PeerConnection> result() {
        return result;
    }

    /** Adds addresses to those that are tried, up to the limit, and goes on. */
    void addAddresses(Collection<Multiaddr> addresses) {
        for (Multiaddr address : addresses) {
            if (known.size() < TransportLimits.MAX_DIALLED_ADDRESSES && known.add(address)) {
                untried.add(address);
            }
        }
    }

    /** Starts the next attempt if there is room, and ends the dial if there is nothing left to hope for. */
    void startNextAttempt() {
        if (result.isDone()) {
            return;
        }
        if (untried.isEmpty()) {
            if (running.isEmpty()) {
                result.tryFailure(new DialException(lastFailure));
            }
            return;
        }
        if (running.size() < TransportLimits.MAX_PARALLEL_ATTEMPTS) {
            Attempt attempt = new Attempt(untried.remove());
            running.add(attempt);
            attempt.start();
            if (!untried.isEmpty()) {
                executor.schedule(
                        this::startNextAttempt, TransportLimits.ATTEMPT_DELAY.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Ends the dial with a connection that came about, here or by the peer's own dial. */
    void succeed(PeerConnection connection) {
        if (result.trySuccess(connection)) {
            giveUpAttempts();
        }
    }

    /** Ends the dial in failure. */
    void fail(TransportFailure failure) {
        if (result.tryFailure(new DialException(failure))) {
            giveUpAttempts();
        }
    }

    private void giveUpAttempts() {
        Set<Attempt> losers = new LinkedHashSet<>(running);
        running.clear();
        losers.forEach(Attempt::giveUp);
    }

    /** The try of one address. */
    final class Attempt {

        private final Multiaddr address;
        private @Nullable Runnable abort;

        private Attempt(Multiaddr address) {
            this.address = address;
        }

        private void start() {
            abort = connector.connect(executor, peer, address, this);
        }

        private void giveUp() {
            Runnable action = abort;
            if (action != null) {
                action.run();
            }
        }

        /** Returns whether the attempt is of use still. */
        boolean isPending() {
            return running.contains(this);
        }

        /** Takes the connection. */
        void succeed(PeerConnection connection) {
            running.remove(this);
            Dial.this.succeed(connection);
        }

        /** Takes note that the address is of no use. */
        void fail(TransportFailure failure) {
            if (running.remove(this)) {
                lastFailure = failure;
                onAddressFailed.accept(address, failure);
                startNextAttempt();
            }
        }
    }
}
