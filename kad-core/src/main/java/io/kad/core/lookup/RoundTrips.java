package io.kad.core.lookup;

import java.util.Arrays;

/**
 * How long requests usually take, as measured: the median of the latest {@value #WINDOW} round trips.
 *
 * <p>A median, because a few slow peers must not make everybody patient, nor a few near ones everybody impatient. One of these
 * serves all lookups of a peer. Confined to one thread at a time.
 */
public final class RoundTrips {

    /** How many round trips are remembered. */
    public static final int WINDOW = 64;
    /** What each of them is taken for before there are so many: half a second. */
    public static final long INITIAL_NANOS = 500_000_000;
    /** The least that a request is given before it is overdue: 50 ms, which a pause of a busy machine may take. */
    public static final long MIN_OVERDUE_NANOS = 50_000_000;
    /** The most that a request is given before it is overdue: 5 s. */
    public static final long MAX_OVERDUE_NANOS = 5_000_000_000L;
    /** The least that an overdue request is still waited for when there is nothing else to do: 2 s after it was sent. */
    public static final long MIN_HOPELESS_NANOS = 2_000_000_000;

    private static final int OVERDUE_FACTOR = 2;
    private static final int HOPELESS_FACTOR = 4;

    private final long[] latest = new long[WINDOW];
    private final long[] sorted = new long[WINDOW];
    private int oldest;

    /** Knows nothing yet, and is patient until half of the window is measured. */
    public RoundTrips() {
        Arrays.fill(latest, INITIAL_NANOS);
        Arrays.fill(sorted, INITIAL_NANOS);
    }

    /** Takes in that a request was answered after {@code nanos}. */
    public void record(long nanos) {
        int position = Arrays.binarySearch(sorted, latest[oldest]);
        latest[oldest] = nanos;
        oldest = (oldest + 1) % WINDOW;
        while (position > 0 && sorted[position - 1] > nanos) {
            sorted[position] = sorted[position - 1];
            position--;
        }
        while (position < WINDOW - 1 && sorted[position + 1] < nanos) {
            sorted[position] = sorted[position + 1];
            position++;
        }
        sorted[position] = nanos;
    }

    /** Returns the usual round trip in nanoseconds. */
    public long usualNanos() {
        return sorted[WINDOW / 2];
    }

    /** Returns how long after it was sent a request is overdue, in nanoseconds: twice the usual round trip, within limits. */
    public long overdueNanos() {
        long usual = Math.min(usualNanos(), MAX_OVERDUE_NANOS);
        return Math.max(MIN_OVERDUE_NANOS, Math.min(usual * OVERDUE_FACTOR, MAX_OVERDUE_NANOS));
    }

    /**
     * Returns how long after it was sent a request is no longer waited for at all, in nanoseconds: four times what makes it
     * overdue, at least {@link #MIN_HOPELESS_NANOS}.
     */
    public long hopelessNanos() {
        return Math.max(MIN_HOPELESS_NANOS, overdueNanos() * HOPELESS_FACTOR);
    }
}
