package io.kad.core.lookup;

/**
 * Times that a lookup waits for one request, counted from its sending, in nanoseconds; each is at most the next. The request timeout
 * ends a request by itself.
 *
 * @param softNanos soft timeout: the request is late and releases its slot
 * @param presumedDeadNanos time after which the peer is presumed dead, and the scope of the lookup grows in its place
 * @param maxWaitNanos max wait while requests often have no response: the lookup no longer waits
 * @param extendedMaxWaitNanos max wait while hardly any request has no response. Both max waits are {@link Long#MAX_VALUE} if only the request
 *     timeout ends the wait
 */
public record WaitTimes(long softNanos, long presumedDeadNanos, long maxWaitNanos, long extendedMaxWaitNanos) {

    private static final double MIN_SOFT_FACTOR = 1.5;
    private static final double MAX_SOFT_FACTOR = 2;
    private static final double PRESUMED_DEAD_FACTOR = 1.1;
    private static final double MAX_WAIT_MEDIAN_FACTOR = 5;
    private static final double MAX_WAIT_LARGEST_FACTOR = 2;
    private static final double EXTENDED_MAX_WAIT_FACTOR = 4;

    /**
     * Computes the wait times.
     *
     * @param median median RTT
     * @param presumedDeadRtt RTT beyond which a peer is more likely dead than slow
     * @param largest largest RTT; negative if too few were measured for a max wait
     */
    static WaitTimes of(long median, long presumedDeadRtt, long largest, ResponseTimes.Floors floors) {
        long likely = scale(PRESUMED_DEAD_FACTOR, presumedDeadRtt);
        long soft = Math.max(
                floors.softNanos(),
                Math.max(scale(MIN_SOFT_FACTOR, median), Math.min(scale(MAX_SOFT_FACTOR, median), likely)));
        long presumedDead = Math.max(soft, likely);
        if (largest < 0) {
            return new WaitTimes(soft, presumedDead, Long.MAX_VALUE, Long.MAX_VALUE);
        }
        long maxWait = Math.max(
                Math.max(floors.maxWaitNanos(), presumedDead),
                Math.max(scale(MAX_WAIT_MEDIAN_FACTOR, median), scale(MAX_WAIT_LARGEST_FACTOR, largest)));
        return new WaitTimes(soft, presumedDead, maxWait, Math.max(maxWait, scale(EXTENDED_MAX_WAIT_FACTOR, largest)));
    }

    private static long scale(double factor, long nanos) {
        return (long) (factor * nanos);
    }
}
