package io.kad.core.job;

import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Schedule of the bootstraps of a peer to which nobody responds: from 1 s on, with a back-off that doubles and is random by a quarter, until a server
 * is heard.
 *
 * <p>The first one is due once requests to {@link #MIN_FAILED_PEERS} peers of the routing table, or to all of them if there are fewer, have failed
 * since the last response, and that is {@link #LATELY} ago. A connection that closes is no failure. Off if {@link KademliaConfig#BOOTSTRAP_THROTTLE}
 * is. Confined to one thread at a time. Times are monotonic nanoseconds.
 */
public final class BootstrapRetries {

    /** Delay of the first retry: 1 s. If too low, a peer that starts burdens the network; if too high, it joins late. Source: kad's choice. */
    public static final Duration MIN_DELAY = Duration.ofSeconds(1);
    /** Limit of the delay: 1 min. If too low, a peer without a network is busy; if too high, it joins late once it has one. Source: kad's choice. */
    public static final Duration MAX_DELAY = Duration.ofMinutes(1);
    /**
     * Time since the last response after which a peer looks for others again: 10 s. If too low, a few dead peers at the end of a lookup cause a
     * bootstrap; if too high, a peer is alone for longer. Source: kad's choice, the default request timeout.
     */
    public static final Duration LATELY = Duration.ofSeconds(10);
    /** Number of peers of the routing table that fail, without a response between. If too low, dead peers cause bootstraps. Source: kad's choice. */
    static final int MIN_FAILED_PEERS = 3;
    /** Part of a delay that is random, up and down, so that peers that started together do not retry together. Source: kad's choice. */
    static final double JITTER = 0.25;

    private final boolean enabled;
    private final RandomGenerator random;
    private final Set<PeerId> failedSinceResponse = new HashSet<>();

    private boolean responded;
    private long lastResponseNanos;
    private long dueNanos = Long.MAX_VALUE;
    private int retries;

    /**
     * Creates the schedule of a peer that has queried nobody.
     *
     * @param random source of the jitter
     */
    public BootstrapRetries(KademliaConfig config, RandomGenerator random) {
        this.enabled = config.get(KademliaConfig.BOOTSTRAP_THROTTLE).isPresent();
        this.random = random;
    }

    /** Called when a server has responded or identified itself; returns whether this ends retries, so that a bootstrap should follow. */
    public boolean serverHeard(long nowNanos) {
        boolean endsRetries = retries > 0;
        responded = true;
        lastResponseNanos = nowNanos;
        failedSinceResponse.clear();
        dueNanos = Long.MAX_VALUE;
        retries = 0;
        return endsRetries;
    }

    /**
     * Called when a request to a peer of the routing table, or to a bootstrap peer, has failed.
     *
     * @param sentNanos time at which it was sent
     * @param tableSize number of peers in the routing table
     */
    public void requestFailed(PeerId peer, long sentNanos, long nowNanos, int tableSize) {
        boolean overtaken = responded && sentNanos < lastResponseNanos;
        if (!enabled || overtaken || dueNanos != Long.MAX_VALUE) {
            return;
        }
        failedSinceResponse.add(peer);
        if (failedSinceResponse.size() >= Math.min(MIN_FAILED_PEERS, tableSize)) {
            long soonest = nowNanos + jittered(MIN_DELAY.toNanos());
            dueNanos = responded ? Math.max(soonest, lastResponseNanos + LATELY.toNanos()) : soonest;
            failedSinceResponse.clear();
        }
    }

    /** Returns whether a retry is due, and if so, schedules the next one; the caller must then look for peers. */
    public boolean takeDue(long nowNanos) {
        if (dueNanos > nowNanos) {
            return false;
        }
        retries++;
        int doublings = Math.min(retries, Long.SIZE - Long.numberOfLeadingZeros(MAX_DELAY.toSeconds()));
        dueNanos = nowNanos + jittered(Math.min(MIN_DELAY.toNanos() << doublings, MAX_DELAY.toNanos()));
        return true;
    }

    /** Returns the time at which {@link #takeDue} must be called; {@link Long#MAX_VALUE} for no deadline. */
    public long nextDeadlineNanos() {
        return dueNanos;
    }

    private long jittered(long nanos) {
        return (long) (nanos * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    }
}
