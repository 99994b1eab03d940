package io.kad.core.lookup;

import java.util.Arrays;

/**
 * Window of the latest {@value #WINDOW} RTT samples, with the soft timeout and the max wait that follow from their median.
 *
 * <p>A median, so that a few slow or fast peers do not change the timeouts of all others. One window serves all lookups of a peer.
 * Confined to one thread at a time.
 */
public final class RoundTrips {

    /** Samples in the window. */
    public static final int WINDOW = 64;
    /** Initial value of each sample: half a second. */
    public static final long INITIAL_NANOS = 500_000_000;
    /** Lower bound of the soft timeout: 50 ms, as a busy machine may pause for that long. */
    public static final long MIN_OVERDUE_NANOS = 50_000_000;
    /** Upper bound of the soft timeout: 5 s. */
    public static final long MAX_OVERDUE_NANOS = 5_000_000_000L;
    /** Lower bound of the max wait: 2 s. */
    public static final long MIN_HOPELESS_NANOS = 2_000_000_000;

    private static final int OVERDUE_FACTOR = 2;
    private static final int HOPELESS_FACTOR = 4;

    private final long[] latest = new long[WINDOW];
    private final long[] sorted = new long[WINDOW];
    private int oldest;

    /** Creates a window of initial values, which hold the median until half of the window is measured. */
    public RoundTrips() {
        Arrays.fill(latest, INITIAL_NANOS);
        Arrays.fill(sorted, INITIAL_NANOS);
    }

    /** Records an RTT in nanoseconds. */
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

    /** Returns the median RTT in nanoseconds. */
    public long usualNanos() {
        return sorted[WINDOW / 2];
    }

    /** Returns the soft timeout in nanoseconds: twice the median RTT, within its bounds. */
    public long overdueNanos() {
        long usual = Math.min(usualNanos(), MAX_OVERDUE_NANOS);
        return Math.max(MIN_OVERDUE_NANOS, Math.min(usual * OVERDUE_FACTOR, MAX_OVERDUE_NANOS));
    }

    /**
     * Returns the max wait in nanoseconds, counted from the sending of the request: four times the soft timeout, at least {@link
     * #MIN_HOPELESS_NANOS}.
     */
    public long hopelessNanos() {
        return Math.max(MIN_HOPELESS_NANOS, overdueNanos() * HOPELESS_FACTOR);
    }
}
