package io.kad.core.plugin;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of plug-ins that are running now, by thread. A call that two looks find took at least the time between them, also if it never
 * returns. So a call costs no reading of a clock, no timer and no allocation. Thread-safe.
 */
public final class RunningCalls {

    /** Time between two looks, from the end of one to the begin of the next. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Limit of the frames of the stack that a warning has. */
    private static final int MAX_FRAMES = 6;

    private static final Logger LOG = LoggerFactory.getLogger(RunningCalls.class);

    private final Map<Thread, ThreadCalls> threads = new ConcurrentHashMap<>();
    private final Set<Class<?>> reported = ConcurrentHashMap.newKeySet();

    /** The calls of one thread. It alone begins and ends them. */
    private static final class ThreadCalls {

        private final ArrayDeque<Class<?>> plugins = new ArrayDeque<>();
        /** The plug-in of the innermost call; null while none is running. */
        private volatile @Nullable Class<?> plugin;
        /** Number of changes, by which one call is told from the next. */
        private volatile long changes;

        /** The number of changes at the last look, if a call was running then; otherwise -1. */
        private long changesAtLastLook = -1;

        void begin(Class<?> called) {
            plugins.push(called);
            change();
        }

        void end() {
            plugins.pop();
            change();
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        private void change() {
            plugin = plugins.peek();
            changes++;
        }

        /** Returns the plug-in whose call was running at the last look too; null if there is none. */
        @Nullable
        Class<?> look() {
            long now = changes;
            Class<?> running = plugin;
            boolean goesOn = running != null && changesAtLastLook == now;
            changesAtLastLook = running == null ? -1 : now;
            return goesOn ? running : null;
        }
    }

    /** Called when this thread begins a call of {@code plugin}. */
    public void begin(Class<?> plugin) {
        Thread thread = Thread.currentThread();
        ThreadCalls calls = threads.get(thread);
        if (calls == null) {
            calls = new ThreadCalls();
            threads.put(thread, calls);
        }
        calls.begin(plugin);
    }

    /** Called when this thread ends the call that it has begun last. */
    public void end() {
        ThreadCalls calls = threads.get(Thread.currentThread());
        if (calls != null) {
            calls.end();
        }
    }

    /** Logs one warning for each plug-in with a call that was running at the last look too. */
    public synchronized void look() {
        threads.keySet().removeIf(thread -> !thread.isAlive());
        threads.forEach((thread, calls) -> {
            Class<?> plugin = calls.look();
            if (plugin != null && reported.add(plugin)) {
                LOG.warn(
                        "a call of {} has not returned for {} ms or more and blocks other work on thread {}; it is at {}",
                        plugin.getName(),
                        INTERVAL.toMillis(),
                        thread.getName(),
                        stackOf(thread));
            }
        });
    }

    /** Returns the number of threads whose calls are remembered. */
    public int threads() {
        return threads.size();
    }

    private static String stackOf(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .limit(MAX_FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(", called by "));
    }
}
