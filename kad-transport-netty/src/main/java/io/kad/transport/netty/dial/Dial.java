package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.operation.Operation;
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
 * Dial of one peer. Tries its addresses in order, each one started before the previous has failed; the first connection
 * wins.
 *
 * <p>Confined to one event loop.
 */
final class Dial {

    /** Connector to one address; its connections are authenticated as the expected peer. */
    @FunctionalInterface
    interface Connector {

        /**
         * Starts an attempt on the event loop {@code executor}, and reports its result to {@code attempt}. Returns the
         * action that cancels it.
         */
        Runnable connect(EventExecutor executor, PeerId peer, Multiaddr address, Attempt attempt);
    }

    private final PeerId peer;
    private final EventExecutor executor;
    private final Connector connector;
    private final BiConsumer<Multiaddr, TransportFailure> onAddressFailed;
    private final Promise<PeerConnection> result;
    private final Promise<Void> started;
    private final Queue<Multiaddr> untried = new ArrayDeque<>();
    private final Set<Multiaddr> seen = new HashSet<>();
    private final Set<Attempt> running = new LinkedHashSet<>();
    private TransportFailure lastFailure = new TransportFailure(Kind.UNREACHABLE, "no known address");
    private boolean anyFailed;

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
        this.started = executor.newPromise();
    }

    /** Called when this dial no longer waits for other ones. */
    void start() {
        started.trySuccess(null);
    }

    /** Delays {@code operation} while this dial waits for other ones. */
    void delayUntilStart(Operation<?> operation) {
        if (!started.isDone()) {
            operation.delay();
            started.addListener(done -> operation.resume());
        }
    }

    EventExecutor executor() {
        return executor;
    }

    Promise<PeerConnection> result() {
        return result;
    }

    /** Adds addresses, up to {@link TransportLimits#MAX_DIALLED_ADDRESSES}; duplicates are ignored. */
    void addAddresses(Collection<Multiaddr> addresses) {
        for (Multiaddr address : addresses) {
            if (seen.size() < TransportLimits.MAX_DIALLED_ADDRESSES && seen.add(address)) {
                untried.add(address);
            }
        }
    }

    /**
     * Starts the next attempt if the parallelism allows it. Fails the dial if no address is left and none is in flight.
     */
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

    /** Completes the dial with a connection, either its own or one that the remote peer opened. */
    void succeed(PeerConnection connection) {
        if (result.trySuccess(connection)) {
            cancelAttempts();
        }
    }

    /** Fails the dial and cancels its attempts. */
    void fail(TransportFailure failure) {
        if (result.tryFailure(new DialException(failure))) {
            cancelAttempts();
        }
    }

    private void cancelAttempts() {
        Set<Attempt> cancelled = new LinkedHashSet<>(running);
        running.clear();
        cancelled.forEach(Attempt::cancel);
    }

    /** Keeps the failure to report: a refusal only if each address refused, because any other may be due to the local network. */
    private void addFailure(TransportFailure failure) {
        if (!anyFailed || failure.kind() != Kind.REFUSED) {
            lastFailure = failure;
        }
        anyFailed = true;
    }

    /** Attempt to connect to one address. */
    final class Attempt {

        private final Multiaddr address;
        private @Nullable Runnable cancellation;

        private Attempt(Multiaddr address) {
            this.address = address;
        }

        private void start() {
            cancellation = connector.connect(executor, peer, address, this);
        }

        private void cancel() {
            Runnable action = cancellation;
            if (action != null) {
                action.run();
            }
        }

        /** Returns whether the attempt is still in flight. */
        boolean isPending() {
            return running.contains(this);
        }

        /** Completes the attempt, and with it the dial. */
        void succeed(PeerConnection connection) {
            running.remove(this);
            Dial.this.succeed(connection);
        }

        /** Fails the attempt; the dial continues with the next address. */
        void fail(TransportFailure failure) {
            if (running.remove(this)) {
                addFailure(failure);
                onAddressFailed.accept(address, failure);
                startNextAttempt();
            }
        }
    }
}
