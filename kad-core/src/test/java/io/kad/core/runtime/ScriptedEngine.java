package io.kad.core.runtime;

import io.kad.core.engine.ActionSink;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Now;
import io.kad.core.engine.StateMachine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** A machine that keeps what it is told and does what a test says. */
public final class ScriptedEngine implements StateMachine<EngineEvent> {

    public final List<EngineEvent> events = new ArrayList<>();
    final List<Now> times = new ArrayList<>();
    public long deadlineNanos = Long.MAX_VALUE;
    private final Map<Class<?>, BiConsumer<EngineEvent, ActionSink>> answers = new HashMap<>();
    private boolean advancing;

    /** Answers events of {@code type} like this from now on. */
    public <E extends EngineEvent> ScriptedEngine on(Class<E> type, BiConsumer<E, ActionSink> answer) {
        answers.put(type, (event, out) -> answer.accept(type.cast(event), out));
        return this;
    }

    public boolean isAdvancing() {
        return advancing;
    }

    public <E extends EngineEvent> List<E> told(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void advance(Now now, EngineEvent event, ActionSink out) {
        events.add(event);
        times.add(now);
        advancing = true;
        try {
            answers.getOrDefault(event.getClass(), (told, sink) -> {}).accept(event, out);
        } finally {
            advancing = false;
        }
        if (deadlineNanos <= now.nanos()) {
            deadlineNanos = Long.MAX_VALUE;
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }
}
