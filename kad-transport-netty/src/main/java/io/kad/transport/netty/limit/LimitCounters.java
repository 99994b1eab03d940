package io.kad.transport.netty.limit;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counters of the limits that remote peers have reached. A limit that bites is logged in one line, at most once a minute, because remote peers
 * can reach it any number of times: as a warning, or at debug level if honest peers reach it in a healthy network. Thread-safe.
 */
public final class LimitCounters {

    private static final Logger LOG = LoggerFactory.getLogger(LimitCounters.class);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<LimitId, Entry> entries = new EnumMap<>(LimitId.class);
    private final LongSupplier nanoTime;

    /** Counters of one limit. */
    private static final class Entry {
        final LongAdder count = new LongAdder();
        final AtomicLong nextLogNanos;

        Entry(long nowNanos) {
            nextLogNanos = new AtomicLong(nowNanos);
        }
    }

    /** Creates counters at zero. */
    public LimitCounters() {
        this(System::nanoTime);
    }

    LimitCounters(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (LimitId limit : LimitId.values()) {
            entries.put(limit, new Entry(nanoTime.getAsLong()));
        }
    }

    /**
     * Counts one bite of {@code limit}, and logs it if none was logged in the last minute.
     *
     * @param effect what happened to whom, as a clause without a subject, for the log
     */
    public void countAndLog(LimitId limit, String effect) {
        Entry entry = entry(limit);
        entry.count.increment();
        long now = nanoTime.getAsLong();
        long next = entry.nextLogNanos.get();
        if (now - next >= 0 && entry.nextLogNanos.compareAndSet(next, now + LOG_INTERVAL_NANOS)) {
            LOG.atLevel(limit.isRoutine() ? Level.DEBUG : Level.WARN)
                    .log("limit reached ({}): {}; {} times so far", limit.option(), effect, entry.count.sum());
        }
    }

    /** Returns the number of times that {@code limit} was reached. */
    public long get(LimitId limit) {
        return entry(limit).count.sum();
    }

    /** Returns all counters by name. */
    public Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        entries.forEach((limit, entry) -> all.put(limit.counter(), entry.count.sum()));
        return all;
    }

    private Entry entry(LimitId limit) {
        Entry entry = entries.get(limit);
        if (entry == null) {
            throw new IllegalStateException("no counter of " + limit);
        }
        return entry;
    }
}
