package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.operation.Operation;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dial of one peer. Tries its addresses in the order of {@link DialOrder}, each one started a moment after the previous, or at once when that has failed; the first
 * connection wins (RFC 8305).
 *
 * <p>Confined to one event loop.
 */
final class Dial {

    private static final Logger LOG = LoggerFactory.getLogger(Dial.class);
    private static final TransportFailure NO_ADDRESS = new TransportFailure(Kind.UNREACHABLE, "no known address");

    private final PeerId peer;
    private final EventExecutor executor;
    private final DialContext context;
    private final Promise<PeerConnection> result;
    private final Promise<Void> started;
    private final TargetQueue untried = new TargetQueue();
    private final Set<DialTarget> seen = new HashSet<>();
    private final Set<DialAttempt> attempts = new LinkedHashSet<>();
    /** Operations that wait for the result. */
    private final Set<Operation<?>> operations = new LinkedHashSet<>();
    /** Targets of each address that have not failed. */
    private final Map<Multiaddr, Integer> targetsLeft = new HashMap<>();

    private @Nullable Future<?> nextAttempt;
    private @Nullable Future<?> timer;
    private @Nullable TransportFailure lastFailure;
    /** Failure of addresses that no operation allowed to dial. Reported only if there is no other failure, as it is a limit of one lookup. */
    private @Nullable TransportFailure notAllowed;
    /** Reported only if there is neither: nothing is known of the address at present. */
    private @Nullable TransportFailure leftAlone;

    private boolean attemptFailed;

    Dial(PeerId peer, EventExecutor executor, DialContext context) {
        this.peer = peer;
        this.executor = executor;
        this.context = context;
        this.result = executor.newPromise();
        this.started = executor.newPromise();
    }

    /** Returns the failure of an address that is left alone because it failed before. */
    static TransportFailure backedOff(DialTarget target) {
        return new TransportFailure(
                Kind.UNREACHABLE, target + ": not dialled, because it failed a short time ago; retry later");
    }

    EventExecutor executor() {
        return executor;
    }

    Promise<PeerConnection> result() {
        return result;
    }

    /** Runs {@code action} on the event loop, never within this call; drops it if the transport was closed. */
    void runLater(Runnable action) {
        try {
            executor.execute(action);
        } catch (RejectedExecutionException e) {
            LOG.debug("ignored a call after the event loops terminated: {}", e.getMessage());
        }
    }

    /** Adds targets and starts the next attempt; {@code operation} is delayed while this dial waits for other ones. */
    void join(Collection<DialTarget> targets, Operation<?> operation) {
        operations.add(operation);
        boolean isNew = false;
        for (DialTarget target : targets) {
            isNew |= add(target, false);
        }
        if (isNew) {
            proceed();
        }
        if (!result.isDone()) {
            DialContext.queueUntil(started, operation);
        }
    }

    /** Called when {@code operation} has ended. */
    void leave(Operation<?> operation) {
        operations.remove(operation);
    }

    /** Returns whether an operation that waits allows an attempt at {@code target}. */
    boolean isAllowed(DialTarget target) {
        return operations.stream().anyMatch(operation -> operation.tryDial(target.address()));
    }

    private boolean add(DialTarget target, boolean first) {
        boolean added = seen.size() < TransportLimits.MAX_DIAL_TARGETS && seen.add(target);
        if (added) {
            targetsLeft.merge(target.address(), 1, Integer::sum);
            if (first) {
                untried.addFirst(target);
            } else {
                untried.add(target);
            }
        }
        return added;
    }

    /** Starts the next attempt, unless the one before was just started. Fails the dial if there is no other one. */
    private void proceed() {
        if (nextAttempt == null) {
            startNext();
        }
    }

    private void startNext() {
        nextAttempt = null;
        DialTarget next =
                result.isDone() || attempts.size() >= TransportLimits.MAX_PARALLEL_ATTEMPTS ? null : takeNext();
        if (next != null) {
            DialAttempt attempt = new DialAttempt(this, context, peer, next);
            attempts.add(attempt);
            nextAttempt = executor.schedule(
                    this::startNext, DialOrder.delayAfter(next).toMillis(), TimeUnit.MILLISECONDS);
            attempt.begin();
        } else if (attempts.isEmpty()) {
            fail(Stream.of(lastFailure, notAllowed, leftAlone)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(NO_ADDRESS));
        }
    }

    /** Returns the next target that is not left alone at present; null if there is none. */
    private @Nullable DialTarget takeNext() {
        for (DialTarget next = untried.poll(); next != null; next = untried.poll()) {
            if (next.trusted() || !context.backOff().contains(next.backOffKey(), peer)) {
                return next;
            }
            addNotMade(backedOff(next));
        }
        return null;
    }

    /** Called when an attempt has a slot: this dial no longer waits for other ones, and its time begins. */
    void onAttemptStarted() {
        if (started.trySuccess(null)) {
            timer = executor.schedule(this::timeOut, context.timeout().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void timeOut() {
        String message = "no connection within " + DurationText.of(context.timeout());
        context.counters().countAndLog(LimitId.DIAL_TIMEOUT, "ended the dial of " + peer + ": " + message);
        TransportFailure kept = lastFailure;
        fail(
                kept != null && kept.kind() == Kind.OVERLOADED
                        ? kept
                        : new TransportFailure(Kind.UNREACHABLE, message, Optional.of(DialFailure.NO_RESPONSE)));
    }

    /** Called when an attempt has resolved a name. */
    void resolved(DialAttempt attempt, List<DialTarget> targets) {
        attempts.remove(attempt);
        Multiaddr address = attempt.target().address();
        TransportFailure failure = new TransportFailure(
                Kind.UNREACHABLE, address + ": the host name has no address", Optional.of(DialFailure.NAME_NOT_FOUND));
        DialRules.Snapshot rules = context.rules().snapshot();
        List<DialTarget> allowed = new ArrayList<>();
        for (DialTarget target : targets) {
            var refusal = rules.refusal(target);
            if (refusal.isPresent()) {
                failure = Dialer.refused(context, target, refusal.get());
            } else if (allowed.size() < attempt.target().maxResolved()) {
                allowed.add(target);
            }
        }
        boolean added = false;
        for (int index = allowed.size() - 1; index >= 0; index--) { // each becomes the first
            added |= add(allowed.get(index), true);
        }
        if (added) {
            targetsLeft.merge(address, -1, Integer::sum); // the name itself; its addresses count from now on
        } else {
            targetFailed(address, failure);
        }
        restart();
    }

    /** Called when an attempt was not made. */
    void refused(DialAttempt attempt, TransportFailure failure) {
        attempts.remove(attempt);
        addNotMade(failure);
        restart();
    }

    /** Called when no call allows an attempt; a call that joins later may. */
    void notAllowed(DialAttempt attempt) {
        attempts.remove(attempt);
        seen.remove(attempt.target());
        targetsLeft.merge(attempt.target().address(), -1, Integer::sum);
        notAllowed = new TransportFailure(
                Kind.OVERLOADED,
                attempt.target()
                        + ": not dialled, because the lookup has already caused as many dials as max-lookup-dials allows");
        restart();
    }

    /** Called when an attempt has failed. */
    void failed(DialAttempt attempt, TransportFailure failure) {
        if (attempts.remove(attempt)) {
            targetFailed(attempt.target().address(), failure);
            restart();
        }
    }

    /** Counts a target as done; reports its address if none of its targets is left. */
    private void targetFailed(Multiaddr address, TransportFailure failure) {
        addFailure(failure);
        boolean last = targetsLeft.merge(address, -1, Integer::sum) == 0;
        boolean ours = failure.kind() == Kind.OVERLOADED || failure.kind() == Kind.GATED;
        if (last && !ours) { // otherwise it is no fault of the address
            context.addressFailed(peer, address, failure);
        }
    }

    /**
     * Keeps the failure to report: an overload of the local peer, as it says nothing about the remote one; a refusal only if each address
     * refused, because any other may be due to the local network.
     */
    private void addFailure(TransportFailure failure) {
        TransportFailure kept = lastFailure;
        boolean overloaded = kept != null && kept.kind() == Kind.OVERLOADED;
        if (!overloaded && (!attemptFailed || failure.kind() != Kind.REFUSED)) {
            lastFailure = failure;
            attemptFailed = true;
        }
    }

    /** Keeps the failure of an attempt that was not made; rather an overload of the local peer, as the peer may be there and a retry find it. */
    private void addNotMade(TransportFailure failure) {
        if (failure.kind() == Kind.OVERLOADED) {
            lastFailure = failure;
        } else {
            leftAlone = failure;
        }
    }

    /** Starts the next attempt at once. */
    private void restart() {
        cancel(nextAttempt);
        startNext();
    }

    /** Completes the dial with a connection, either its own or one that the remote peer opened. */
    void succeed(PeerConnection connection) {
        if (result.trySuccess(connection)) {
            end();
        }
    }

    /** Fails the dial and cancels its attempts. */
    void fail(TransportFailure failure) {
        if (result.tryFailure(new DialException(failure))) {
            end();
        }
    }

    private void end() {
        untried.clear();
        cancel(nextAttempt);
        cancel(timer);
        Set<DialAttempt> cancelled = new LinkedHashSet<>(attempts);
        attempts.clear();
        cancelled.forEach(DialAttempt::cancel);
        started.trySuccess(null);
    }

    private static void cancel(@Nullable Future<?> scheduled) {
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
