package io.kad.transport.netty.dial;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure.Kind;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Times for which addresses are left alone after they failed: 1 s, doubled with each failure, up to a limit. An address at which nobody
 * answered is left alone whoever is said to be there; one at which another peer answered only for the peer that was not there.
 *
 * <p>A failure while no connection was open may be the fault of the local network: it is forgotten when a connection opens. The {@value
 * #MAX_ENTRIES} addresses that failed last are remembered. Thread-safe.
 */
final class DialBackOff {

    /** Limit of remembered addresses. */
    static final int MAX_ENTRIES = 4096;
    /** Time after the first failure. Source: kad's choice, as for silent peers in lookups. */
    static final Duration FIRST = Duration.ofSeconds(1);

    private static final int MAX_DOUBLINGS = 30;

    private final long maxNanos;
    private final LongSupplier nanoTime;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    /** Place of a target ({@link DialTarget#failureKey}), and the peer that was not there if another one answered. */
    private record Key(Object failureKey, @Nullable PeerId absent) {}

    private record Entry(int failures, long endNanos, boolean offline) {}

    DialBackOff(Duration max, LongSupplier nanoTime) {
        this.maxNanos = max.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Returns whether {@code failureKey} is left alone at present, if {@code peer} is to be dialled. */
    synchronized boolean contains(Object failureKey, PeerId peer) {
        return isRunning(new Key(failureKey, null)) || isRunning(new Key(failureKey, peer));
    }

    private boolean isRunning(Key key) {
        Entry entry = entries.get(key);
        return entry != null && entry.endNanos() - nanoTime.getAsLong() > 0;
    }

    /**
     * Called when {@code peer} could not be reached at {@code failureKey}.
     *
     * @param offline whether no connection is open
     */
    synchronized void failed(Object failureKey, PeerId peer, Kind kind, boolean offline) {
        Key key = new Key(failureKey, kind == Kind.WRONG_PEER ? peer : null);
        Entry before = entries.remove(key);
        int failures = before == null ? 0 : before.failures();
        long backOff = Math.min(maxNanos, FIRST.toNanos() << Math.min(failures, MAX_DOUBLINGS));
        entries.put(key, new Entry(failures + 1, nanoTime.getAsLong() + backOff, offline));
        if (entries.size() > MAX_ENTRIES) {
            Iterator<Key> oldest = entries.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Called when {@code peer} has answered at {@code failureKey}, or was heard from that host and states the address. */
    synchronized void remove(Object failureKey, PeerId peer) {
        entries.remove(new Key(failureKey, null));
        entries.remove(new Key(failureKey, peer));
    }

    /** Called when a connection has opened after there was none: failures of that time were no fault of their addresses. */
    synchronized void online() {
        entries.values().removeIf(Entry::offline);
    }
}
