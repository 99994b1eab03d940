package io.kad.core.runtime;

import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Now;
import io.kad.core.engine.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the engine: hands it what happened, one event at a time, carries out what it decides once it has decided, and wakes it at its
 * deadlines. Thread-safe.
 */
public final class EngineDriver {

    /** Events that may wait before commands of users, and what a peer can send without end, are refused. */
    public static final int MAX_WAITING_EVENTS = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(EngineDriver.class);

    /** A deadline that passes and does not move would keep a thread busy for an engine that is broken. */
    private static final long PAUSE_AFTER_FAULT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final StateMachine<EngineEvent> engine;
    private final Environment environment;
    private final Mailbox mailbox;
    private final DeadlineTimer timer;
    private final ActionExecutor actions;
    /** The actions of one advance; carried out after it, so that nothing of what they start runs inside the engine. */
    private final List<EngineAction> decided = new ArrayList<>();

    private final FaultListener onFault;
    private volatile boolean closed;

    /** Takes an event at which the engine failed, which is a defect. */
    public interface FaultListener {

        /** Takes it. */
        void failed(EngineEvent event, RuntimeException fault);
    }

    /**
     * Makes the driver of {@code engine}; what is posted waits until it {@linkplain #begin begins}.
     *
     * @param actions makes what carries out actions, and gives their outcomes to its argument
     */
    public EngineDriver(
            StateMachine<EngineEvent> engine,
            Environment environment,
            Function<Consumer<EngineEvent>, ActionExecutor> actions,
            FaultListener onFault) {
        this.engine = engine;
        this.environment = environment;
        this.mailbox = new Mailbox(environment.engineExecutor());
        this.timer = new DeadlineTimer(environment.timer(), () -> post(new EngineEvent.DeadlineReached()));
        this.actions = actions.apply(this::post);
        this.onFault = onFault;
    }

    public ActionExecutor actions() {
        return actions;
    }

    /** Hands the engine its first events, on the calling thread, so that their effects are visible when this returns. */
    public void begin(List<EngineEvent> first) {
        mailbox.open(() -> first.forEach(this::advance));
    }

    /** Hands {@code event} to the engine, in its turn. */
    public void post(EngineEvent event) {
        if (!closed) {
            mailbox.post(() -> advance(event));
        }
    }

    /** Hands {@code event} to the engine unless too much waits already; returns whether it did. */
    public boolean offer(EngineEvent event) {
        return offer(event, () -> {});
    }

    /** Does the same, and after the engine's decisions are carried out runs {@code afterwards}. */
    public boolean offer(EngineEvent event, Runnable afterwards) {
        return mailbox.post(
                () -> {
                    advance(event);
                    afterwards.run();
                },
                MAX_WAITING_EVENTS);
    }

    private void advance(EngineEvent event) {
        if (closed) {
            return;
        }
        actions.forget(event);
        long nanos = environment.nanoTime().getAsLong();
        long earliestAlarm = nanos;
        try {
            engine.advance(new Now(nanos, environment.wallClock().instant()), event, decided::add);
        } catch (RuntimeException fault) {
            LOG.error("the engine failed at {}", event, fault);
            earliestAlarm = nanos + PAUSE_AFTER_FAULT_NANOS;
            onFault.failed(event, fault);
        }
        decided.forEach(this::carryOut);
        decided.clear();
        timer.set(Math.max(earliestAlarm, engine.nextDeadlineNanos()), nanos);
    }

    private void carryOut(EngineAction action) {
        try {
            action.accept(actions);
        } catch (RuntimeException fault) {
            LOG.error("{} could not be carried out", action, fault);
        }
    }

    /** Lets nothing reach the engine any more, and wakes it no more. */
    public void close() {
        closed = true;
        timer.close();
    }
}
