package io.kad.core.job;

import io.kad.api.KademliaConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * Schedule of the automatic bootstraps of a peer: after each interval, and some time after a peer was inserted into a small routing table.
 *
 * <p>No bootstrap is due while one runs, including one that the user started. Confined to one thread at a time. Times are monotonic
 * nanoseconds. Specified by the bootstrap section of the libp2p kad-dht specification; the rule for small tables is the one of rust-libp2p.
 */
public final class BootstrapSchedule {

    /** Table size from which the insertion of a peer schedules no bootstrap. Default: 20 (rust-libp2p). */
    public static final int SMALL_TABLE = 20;

    private final Optional<Duration> interval;
    private final Optional<Duration> delay;

    private boolean intervalStarted;
    private int running;
    private long intervalEndNanos = Long.MAX_VALUE;
    private long delayEndNanos = Long.MAX_VALUE;

    public BootstrapSchedule(KademliaConfig config) {
        this.interval = config.get(KademliaConfig.BOOTSTRAP_INTERVAL);
        this.delay = config.get(KademliaConfig.BOOTSTRAP_THROTTLE);
    }

    /** Starts the first interval; later calls have no effect. */
    public void begin(long nowNanos) {
        if (!intervalStarted) {
            intervalStarted = true;
            restartInterval(nowNanos);
        }
    }

    /**
     * Called when a peer was inserted into the routing table. Each insertion postpones the bootstrap by the delay.
     *
     * @param tableSize number of entries, including the new one
     */
    public void peerInserted(long nowNanos, int tableSize) {
        if (tableSize < SMALL_TABLE && delay.isPresent()) {
            delayEndNanos = nowNanos + delay.get().toNanos();
        }
    }

    /**
     * Called when other peers may be reached again: a listener was opened while nobody is connected, an outage has ended, or {@link
     * BootstrapRetries} have. Schedules a bootstrap after the delay.
     */
    public void networkMayBeBack(long nowNanos) {
        delay.ifPresent(length -> delayEndNanos = nowNanos + length.toNanos());
    }

    /** Called when a bootstrap starts, by this schedule or by the user. */
    public void started(long nowNanos) {
        running++;
        delayEndNanos = Long.MAX_VALUE;
        restartInterval(nowNanos);
    }

    /** Called when a bootstrap ends, successful or not. */
    public void ended() {
        running--;
    }

    /** Returns whether a bootstrap runs. */
    public boolean isRunning() {
        return running > 0;
    }

    /** Returns whether a bootstrap is due, and if so, schedules the next one; the caller must then start a bootstrap. */
    public boolean takeDue(long nowNanos) {
        if (nextDeadlineNanos() > nowNanos) {
            return false;
        }
        delayEndNanos = Long.MAX_VALUE;
        restartInterval(nowNanos);
        return true;
    }

    /** Returns the time at which {@link #takeDue} must be called; {@link Long#MAX_VALUE} for no deadline. */
    public long nextDeadlineNanos() {
        return running > 0 ? Long.MAX_VALUE : Math.min(intervalEndNanos, delayEndNanos);
    }

    private void restartInterval(long nowNanos) {
        intervalEndNanos = interval.map(length -> nowNanos + length.toNanos()).orElse(Long.MAX_VALUE);
    }
}
