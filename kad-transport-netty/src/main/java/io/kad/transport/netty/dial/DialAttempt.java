package io.kad.transport.netty.dial;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Attempt of a dial to reach its peer at one target, from the wait for a slot to its result. For a name the result are further targets.
 *
 * <p>Confined to the event loop of the dial, except its calls by {@link DialSlots}.
 */
final class DialAttempt implements DialSlots.Listener {

    private final Dial dial;
    private final DialContext context;
    private final PeerId peer;
    private final DialTarget target;
    private DialSlots.@Nullable Slot slot;
    private @Nullable Runnable cancellation;
    private @Nullable Future<?> lateTimer;
    private @Nullable Future<List<DialTarget>> resolving;
    private boolean beginning;
    private boolean counted;
    private boolean late;
    private volatile boolean ended;

    DialAttempt(Dial dial, DialContext context, PeerId peer, DialTarget target) {
        this.dial = dial;
        this.context = context;
        this.peer = peer;
        this.target = target;
    }

    DialTarget target() {
        return target;
    }

    /** Requests a slot, and starts once it is granted. */
    void begin() {
        beginning = true;
        DialSlots.Slot requested = context.slots().request(target, this);
        beginning = false;
        slot = requested;
        if (ended) {
            requested.release();
        }
    }

    @Override
    public void onGranted() {
        if (dial.executor().inEventLoop() && beginning) {
            start();
        } else {
            dial.runLater(this::start);
        }
    }

    @Override
    public void onEvicted() {
        dial.runLater(() -> {
            if (!ended) {
                context.counters().countAndLog(LimitId.DIALS, "ended the late attempt at " + target);
                fail(new TransportFailure(Kind.UNREACHABLE, target + ": no answer, and other dials waited"));
            }
        });
    }

    private void start() {
        if (ended) {
            return;
        }
        dial.onAttemptStarted();
        TransportFailure refusal = refusal();
        if (refusal != null) {
            end();
            dial.refused(this, refusal);
            return;
        }
        Optional<String> gated = context.gate().refuseDial(peer, target.dialAddress());
        if (gated.isPresent()) {
            takeBackFailure();
            end();
            context.counters().countAndLog(LimitId.CONNECTION_GATE, "did not dial " + target + ": " + gated.get());
            dial.refused(this, new TransportFailure(Kind.GATED, target + ": " + gated.get()));
            return;
        }
        if (!target.trusted() && !dial.isAllowed(target)) {
            takeBackFailure();
            end();
            context.counters().countAndLog(LimitId.LOOKUP_DIALS, "did not dial " + target);
            dial.notAllowed(this);
            return;
        }
        lateTimer = dial.executor()
                .schedule(this::becomeLate, TransportLimits.ATTEMPT_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        if (target instanceof SocketTarget socket && !socket.isName()) {
            cancellation = context.connector().connect(dial.executor(), peer, socket, this);
        } else {
            resolve();
        }
    }

    /** Returns why this attempt is not made after it has waited, because of failures meanwhile. */
    private @Nullable TransportFailure refusal() {
        if (target.trusted()) {
            return null;
        }
        if (context.backOff().contains(target.backOffKey(), peer)) {
            return Dial.backedOff(target);
        }
        counted = context.failedDials().tryAdd(target);
        if (!counted) {
            context.counters().countAndLog(LimitId.FAILED_DIALS_PER_HOST, "did not dial " + target);
            return new TransportFailure(
                    Kind.OVERLOADED, target + ": too many dials to this host or address failed; retry later");
        }
        return null;
    }

    private void becomeLate() {
        late = true;
        DialSlots.Slot held = slot;
        if (held != null) {
            held.becomeLate();
        }
    }

    private void resolve() {
        Future<List<DialTarget>> lookup = context.resolver().resolve(dial.executor(), peer, target);
        resolving = lookup;
        lookup.addListener(resolved -> dial.runLater(() -> onResolved(lookup)));
    }

    private void onResolved(Future<List<DialTarget>> lookup) {
        if (!lookup.isSuccess()) {
            fail(new TransportFailure(
                    Kind.UNREACHABLE,
                    target + ": cannot resolve the name: " + lookup.cause().getMessage(),
                    Optional.of(DialFailure.NAME_NOT_FOUND)));
        } else if (!ended) {
            takeBackFailure();
            if (!hasLookupThatCounts()) {
                context.failedDials().succeeded(target);
            }
            end();
            dial.resolved(this, lookup.getNow());
        }
    }

    /** Returns whether the attempt is still in flight. May be called from any thread. */
    boolean isPending() {
        return !ended;
    }

    /** Completes the attempt, and with it the dial. Whether the address is good is known later. */
    void succeed(PeerConnection connection) {
        if (!ended) {
            takeBackFailure();
            end();
            if (target instanceof SocketTarget socket) {
                AddressProbation.begin(context, peer, socket, connection);
            }
        }
        dial.succeed(connection);
    }

    /** Fails the attempt; the dial continues with the next target. */
    void fail(TransportFailure failure) {
        if (!ended) {
            if (failure.kind() == Kind.OVERLOADED || failure.kind() == Kind.GATED) { // the will of the local peer
                takeBackFailure();
            } else {
                startBackOff(failure.kind());
            }
            stop();
            dial.failed(this, failure);
        }
    }

    /** Ends the attempt without a result. That says nothing about the address, unless it was late: then nobody has answered in time. */
    void cancel() {
        if (!ended) {
            if (late) {
                startBackOff(Kind.UNREACHABLE);
            } else {
                takeBackFailure();
            }
            stop();
        }
    }

    /** Leaves the address alone for a while; the failure of its host is already counted. */
    private void startBackOff(Kind kind) {
        context.backOff()
                .failed(target.backOffKey(), peer, kind, context.isOffline().getAsBoolean());
    }

    private void takeBackFailure() {
        if (counted && !hasLookupThatCounts()) {
            context.failedDials().takeBack(target);
        }
    }

    private boolean hasLookupThatCounts() {
        return resolving != null && target.countsEachLookup();
    }

    private void stop() {
        end();
        Runnable action = cancellation;
        if (action != null) {
            action.run();
        }
    }

    /** Frees the slot; if a name is being resolved, once that has ended, which may be later if it cannot be cancelled. */
    private void end() {
        ended = true;
        Future<?> timer = lateTimer;
        if (timer != null) {
            timer.cancel(false);
        }
        DialSlots.Slot held = slot;
        Future<?> lookup = resolving;
        if (held != null && lookup != null) {
            lookup.cancel(false);
            lookup.addListener(done -> held.release());
        } else if (held != null) {
            held.release();
        }
    }
}
