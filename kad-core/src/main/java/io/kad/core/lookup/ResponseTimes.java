package io.kad.core.lookup;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Latest RTTs and outcomes of one kind of request, and the {@link WaitTimes} of a lookup that follow from them.
 *
 * <p>Two windows of {@value #WINDOW}: the RTTs of requests with a response, and the outcomes of requests, silent or not. A request is
 * silent if it has had neither a response nor a prompt failure by the max wait. One instance for each kind of request, with and without a
 * dial, serves all lookups of a peer. Confined to
 * one thread at a time.
 */
public final class ResponseTimes {

    /** Largest number of RTTs, and of outcomes. */
    public static final int WINDOW = 256;
    /** Initial value of the first {@value #INITIAL_SAMPLES} RTTs: half a second. */
    public static final long INITIAL_RTT_NANOS = 500_000_000;

    static final int INITIAL_SAMPLES = 16;
    /** Outcomes that the share of silent requests is computed of, even if there were fewer. */
    static final int MIN_OUTCOMES = 32;
    /** RTTs before which there is no max wait, because the largest of a few says little about the slowest peer. */
    static final int MIN_SAMPLES_FOR_MAX_WAIT = 64;
    /** Silent requests up to which the network counts as healthy. */
    static final int MAX_FEW_SILENT = 2;

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

    /** By position in the window; empty until the first silence. */
    private boolean[] silent = {};

    private int outcomes;
    private int nextOutcome;
    private int silentOutcomes;

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

    /** Records the response of a request that was recorded as silent before. */
    public void addLateResponse(long rttNanos) {
        retractSilence();
        addSample(rttNanos);
    }

    /** Records a request that failed without silence of its peer: it refused, for example. */
    public void addPromptFailure() {
        addOutcome(false);
    }

    /** Records a request that is silent. */
    public void addSilence() {
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

    private void addOutcome(boolean isSilent) {
        if (isSilent && silent.length == 0) {
            silent = new boolean[WINDOW];
        }
        if (silent.length > 0) {
            silentOutcomes += (isSilent ? 1 : 0) - (silent[nextOutcome] ? 1 : 0);
            silent[nextOutcome] = isSilent;
        }
        nextOutcome = (nextOutcome + 1) % WINDOW;
        outcomes = Math.min(outcomes + 1, WINDOW);
        waitTimes = null;
    }

    /** Takes back the latest silence in the window, which need not be that of the same request. */
    private void retractSilence() {
        for (int age = 1; age <= outcomes && silentOutcomes > 0; age++) {
            int position = (nextOutcome + WINDOW - age) % WINDOW;
            if (silent[position]) {
                silent[position] = false;
                silentOutcomes--;
                return;
            }
        }
    }

    /** Returns whether hardly any request was silent lately, so that a silent peer is more likely slow than dead. */
    public boolean hasFewSilentRequests() {
        return silentOutcomes <= MAX_FEW_SILENT;
    }

    /** Returns the number of silent requests among the latest. */
    public int silentRequests() {
        return silentOutcomes;
    }

    /** Returns the share of silent requests, 0 to 1. */
    double silentShare() {
        return silentOutcomes / (double) Math.max(MIN_OUTCOMES, outcomes);
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
     * Returns the RTT beyond which a silent peer is more likely dead than slow. With d the share of silent requests, it is the x
     * that a live peer exceeds as often as a dead one is queried: (1 - d) P(RTT > x) = d.
     */
    private long presumedDeadRttNanos() {
        double dead = silentShare();
        return quantileNanos(dead >= .5 ? 0 : 1 - dead / (1 - dead));
    }
}
