package io.kad.core.lookup;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Latest RTTs and outcomes of one kind of request, and the {@link WaitTimes} of a lookup that follow from them.
 *
 * <p>Two windows of {@value #WINDOW}: the RTTs of requests with a response, and the outcomes of requests, with or without a response. A request is
 * without a response if it has had neither a response nor a prompt failure by its max wait. One instance for each kind of request, with and without a
 * dial, serves all lookups of a peer. Confined to
 * one thread at a time.
 */
public final class ResponseTimes {

    /** Largest number of RTTs, and of outcomes. */
    public static final int WINDOW = 256;
    /** Initial value of the first {@value #INITIAL_SAMPLES} RTTs: half a second. */
    public static final long INITIAL_RTT_NANOS = 500_000_000;

    static final int INITIAL_SAMPLES = 16;
    /** Outcomes that the share of requests without a response is computed of, even if there were fewer. */
    static final int MIN_OUTCOMES = 32;
    /** RTTs before which there is no max wait, because the largest of a few says little about the slowest peer. */
    static final int MIN_SAMPLES_FOR_MAX_WAIT = 64;
    /** Requests without a response up to which the network counts as healthy. */
    static final int MAX_FEW_WITHOUT_RESPONSE = 2;

    /** Shared by all windows without samples, and never written. */
    private static final long[] INITIAL_RTTS = new long[INITIAL_SAMPLES];

    static {
        Arrays.fill(INITIAL_RTTS, INITIAL_RTT_NANOS);
    }

    private final Floors floors;
    /** Both arrays grow with the samples: most peers of a large simulation measure nothing. */
    private long[] latest = INITIAL_RTTS;

    private long[] sorted = INITIAL_RTTS;
    private int samples = INITIAL_SAMPLES;
    private int nextSample;
    private int measured;

    /** By position in the window; empty until the first request without a response. */
    private boolean[] withoutResponse = {};

    private int outcomes;
    private int nextOutcome;
    private int outcomesWithoutResponse;

    private @Nullable WaitTimes waitTimes;

    /**
     * Lower bounds of the wait times.
     *
     * @param softNanos lower bound of the soft timeout, in nanoseconds
     * @param maxWaitNanos lower bound of the max wait, in nanoseconds
     */
    public record Floors(long softNanos, long maxWaitNanos) {}

    /** Creates windows without outcomes, and with initial RTTs that the first samples replace. */
    public ResponseTimes(Floors floors) {
        this.floors = requireNonNull(floors, "floors");
    }

    /** Records a response after {@code rttNanos}, at least 0. */
    public void addResponse(long rttNanos) {
        addOutcome(false);
        addSample(rttNanos);
    }

    /** Records the response of a request that was recorded as without one before. */
    public void addLateResponse(long rttNanos) {
        retractNoResponse();
        addSample(rttNanos);
    }

    /** Records a prompt failure: the peer refused, for example. */
    public void addPromptFailure() {
        addOutcome(false);
    }

    /** Records a request that has no response at its max wait. */
    public void addNoResponse() {
        addOutcome(true);
    }

    private void addSample(long rttNanos) {
        ensureWritable();
        measured = Math.min(measured + 1, WINDOW);
        if (nextSample == samples && samples < WINDOW) {
            insert(samples++, rttNanos);
        } else {
            nextSample %= samples;
            insert(Arrays.binarySearch(sorted, 0, samples, latest[nextSample]), rttNanos);
        }
        latest[nextSample++] = rttNanos;
        waitTimes = null;
    }

    private void ensureWritable() {
        if (measured == 0) {
            latest = INITIAL_RTTS.clone();
            sorted = INITIAL_RTTS.clone();
        } else if (nextSample == latest.length && latest.length < WINDOW) {
            latest = Arrays.copyOf(latest, 2 * latest.length);
            sorted = Arrays.copyOf(sorted, 2 * sorted.length);
        }
    }

    /** Puts {@code rttNanos} into the sorted RTTs in place of that at {@code position}. */
    private void insert(int position, long rttNanos) {
        int free = position;
        while (free > 0 && sorted[free - 1] > rttNanos) {
            sorted[free] = sorted[free - 1];
            free--;
        }
        while (free < samples - 1 && sorted[free + 1] < rttNanos) {
            sorted[free] = sorted[free + 1];
            free++;
        }
        sorted[free] = rttNanos;
    }

    private void addOutcome(boolean hasNoResponse) {
        if (hasNoResponse && withoutResponse.length == 0) {
            withoutResponse = new boolean[WINDOW];
        }
        if (withoutResponse.length > 0) {
            outcomesWithoutResponse += (hasNoResponse ? 1 : 0) - (withoutResponse[nextOutcome] ? 1 : 0);
            withoutResponse[nextOutcome] = hasNoResponse;
        }
        nextOutcome = (nextOutcome + 1) % WINDOW;
        outcomes = Math.min(outcomes + 1, WINDOW);
        waitTimes = null;
    }

    /** Takes back the latest request without a response in the window, which need not be the same one. */
    private void retractNoResponse() {
        for (int age = 1; age <= outcomes && outcomesWithoutResponse > 0; age++) {
            int position = (nextOutcome + WINDOW - age) % WINDOW;
            if (withoutResponse[position]) {
                withoutResponse[position] = false;
                outcomesWithoutResponse--;
                return;
            }
        }
    }

    /** Returns whether hardly any request had no response lately, so that a peer without one is more likely slow than dead. */
    public boolean isNetworkHealthy() {
        return outcomesWithoutResponse <= MAX_FEW_WITHOUT_RESPONSE;
    }

    /** Returns the number of requests without a response among the latest. */
    public int requestsWithoutResponse() {
        return outcomesWithoutResponse;
    }

    /** Returns the share of requests without a response, 0 to 1. */
    double noResponseShare() {
        return outcomesWithoutResponse / (double) Math.max(MIN_OUTCOMES, outcomes);
    }

    /** Returns the RTT that a share of {@code quantile}, 0 to 1, of the RTTs are shorter than; in nanoseconds. */
    long quantileNanos(double quantile) {
        return sorted[Math.min(samples - 1, (int) (quantile * samples))];
    }

    /** Returns the wait times of a request that is sent now. */
    public WaitTimes waitTimes() {
        WaitTimes current = waitTimes;
        if (current == null) {
            boolean measuredEnough = measured >= MIN_SAMPLES_FOR_MAX_WAIT;
            current = WaitTimes.of(
                    quantileNanos(.5), presumedDeadRttNanos(), measuredEnough ? quantileNanos(1) : -1, floors);
            waitTimes = current;
        }
        return current;
    }

    /**
     * Returns the RTT beyond which a peer is more likely dead than slow. With d the share of requests without a response, it is the x
     * that a live peer exceeds as often as a dead one is queried: (1 - d) P(RTT > x) = d.
     */
    private long presumedDeadRttNanos() {
        double dead = noResponseShare();
        return quantileNanos(dead >= .5 ? 0 : 1 - dead / (1 - dead));
    }
}
