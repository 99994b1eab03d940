package io.kad.core.runtime;

import io.kad.api.KadException;
import io.kad.api.id.KadKey;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Now;
import io.kad.core.engine.StateMachine;
import io.kad.core.routing.RoutingSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Driver of the engine: advances it with one event at a time, then executes its actions, and advances it at its deadlines. Thread-safe. */
public final class EngineDriver {

    /**
     * Limit of the waiting events for {@link #offer}: beyond it, commands of users are refused and events that remote peers can cause
     * without bound are dropped.
     */
    public static final int MAX_WAITING_EVENTS = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(EngineDriver.class);

    /** Pause before the next advance if the deadline is in the past after one, which is a defect: without the pause it would keep a thread busy. */
    private static final long PAST_DEADLINE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Number of actions of one advance above which their list is trimmed afterwards: otherwise a large advance would leave a large list for good. */
    private static final int MAX_ROOM = 64;

    private final StateMachine<EngineEvent> engine;
    private final Environment environment;
    private final Mailbox mailbox;
    private final DeadlineTimer timer;
    private final ActionExecutor actionExecutor;
    /** Changes of state of one advance, which are executed before its other actions. */
    private final List<EngineAction> stateChanges = new ArrayList<>();
    /** Other actions of one advance. Like the changes of state, they are executed when the engine has returned, so that no callback runs inside it. */
    private final List<EngineAction> otherActions = new ArrayList<>();

    private final ReceivedRecords received = new ReceivedRecords();
    private final EngineClock clock;
    /** Time by which the engine must be called, even without an event; {@link Long#MAX_VALUE} for none. */
    private long deadlineNanos = Long.MAX_VALUE;

    private volatile boolean closed;

    /**
     * Creates the driver of {@code engine}; posted events wait until {@link #begin}.
     *
     * @param executorFor creates the executor of the actions; its argument is {@link #post}, which takes their results
     */
    public EngineDriver(
            StateMachine<EngineEvent> engine,
            Environment environment,
            Function<Consumer<EngineEvent>, ActionExecutor> executorFor) {
        this.engine = engine;
        this.environment = environment;
        this.clock = new EngineClock(environment.nanoTime());
        this.mailbox = new Mailbox(environment.engineExecutor());
        this.timer = new DeadlineTimer(environment.timer(), () -> post(new EngineEvent.DeadlineReached()));
        this.actionExecutor = executorFor.apply(this::post);
    }

    public ActionExecutor actionExecutor() {
        return actionExecutor;
    }

    /** Returns the latest routing snapshot that the engine emitted. May be called from any thread. */
    public RoutingSnapshot routingSnapshot() {
        return actionExecutor.routingSnapshot();
    }

    /**
     * Advances the engine with its first events, on the calling thread, so that their effects are visible when this returns. Called once.
     */
    public void begin(List<EngineEvent> first) {
        mailbox.open(() -> first.forEach(this::advance));
    }

    /** Posts {@code event} to the engine; it is processed after all earlier ones. Ignored after {@link #close}. */
    public void post(EngineEvent event) {
        if (!closed) {
            mailbox.post(() -> advance(event));
        }
    }

    /**
     * Posts {@code event} to the engine; returns false if {@link #MAX_WAITING_EVENTS} events are waiting, so that it is not posted. Ignored
     * after {@link #close}.
     */
    public boolean offer(EngineEvent event) {
        return offer(event, failure -> {});
    }

    /**
     * Does the same as {@link #offer(EngineEvent)}, and calls {@code afterwards} once the actions for {@code event} are executed, unless this
     * driver is closed.
     *
     * @param afterwards receives the failure of the event; empty if it was processed
     */
    public boolean offer(EngineEvent event, Consumer<Optional<KadException>> afterwards) {
        return closed
                || mailbox.post(
                        () -> {
                            if (!closed) {
                                afterwards.accept(process(event));
                            }
                        },
                        MAX_WAITING_EVENTS);
    }

    /**
     * Tells the engine that a remote peer has stored the record of {@code key} here: before its next event, and without one once a batch of such keys
     * waits. If the engine is overloaded the batch is dropped, and its records are replicated once more than needed.
     */
    public void recordReceived(KadKey key) {
        List<KadKey> batch = received.add(key);
        if (!batch.isEmpty() && !offer(new EngineEvent.RecordsReceived(batch))) {
            LOG.debug("engine overloaded: {} records will be replicated once more than needed", batch.size());
        }
    }

    /** Runs {@code task} once the effects of all events that were posted before are visible. Ignored after {@link #close}. */
    public void runAfterPendingEvents(Runnable task) {
        if (!closed) {
            mailbox.post(() -> {
                if (!closed) {
                    task.run();
                }
            });
        }
    }

    private void advance(EngineEvent event) {
        if (!closed) {
            var unused = process(event);
        }
    }

    /** Advances the engine with the keys of received records, if there are any, and then with {@code event}. Returns the failure of the latter. */
    private Optional<KadException> process(EngineEvent event) {
        List<KadKey> keys = received.take();
        if (!keys.isEmpty()) {
            var unused = processOne(new EngineEvent.RecordsReceived(keys));
        }
        return processOne(event);
    }

    /** Advances the engine and executes its actions. Returns the failure if the engine threw, which is a defect. */
    private Optional<KadException> processOne(EngineEvent event) {
        actionExecutor.removeIfCompleted(event);
        long nanos = clock.nowWithoutPauses(deadlineNanos);
        Optional<KadException> failure = Optional.empty();
        try {
            engine.advance(new Now(nanos, environment.wallClock().instant()), event, this::collect);
        } catch (Throwable fault) {
            LOG.error("engine failed to process {}", event, fault);
            failure = Optional.of(new KadException.InternalFailure("the engine failed: " + fault, fault));
        }
        KadException notChanged = executeAll(stateChanges);
        if (notChanged != null && failure.isEmpty() && event instanceof EngineEvent.TransportChangeCommand) {
            failure = Optional.of(notChanged);
        }
        var unused = executeAll(otherActions);
        long next = engine.nextDeadlineNanos();
        deadlineNanos = next > nanos ? next : nanos + PAST_DEADLINE_PAUSE_NANOS;
        timer.set(deadlineNanos, nanos);
        return failure;
    }

    private void collect(EngineAction action) {
        (action instanceof EngineAction.StateChange ? stateChanges : otherActions).add(action);
    }

    /** Executes and removes {@code collected}; returns the first failure of a change of the transport. */
    private @Nullable KadException executeAll(List<EngineAction> collected) {
        KadException first = null;
        for (EngineAction action : collected) {
            try {
                action.accept(actionExecutor);
            } catch (Throwable fault) {
                LOG.error("failed to execute {}", action, fault);
                first = first == null && action instanceof EngineAction.TransportChange ? failureOf(fault) : first;
            }
        }
        boolean large = collected.size() > MAX_ROOM;
        collected.clear();
        if (large && collected instanceof ArrayList<EngineAction> list) {
            list.trimToSize();
        }
        return first;
    }

    private static KadException failureOf(Throwable fault) {
        return fault instanceof KadException failure
                ? failure
                : new KadException.InternalFailure("cannot execute an action: " + fault, fault);
    }

    /** Stops the engine: later and waiting events are ignored. */
    public void close() {
        closed = true;
        timer.close();
    }
}
