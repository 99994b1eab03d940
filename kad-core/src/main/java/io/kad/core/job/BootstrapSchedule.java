package io.kad.core.job;

import io.kad.api.KademliaConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * When a peer refreshes its routing table by itself: a while after new peers entered a small table, and now and then.
 *
 * <p>While a bootstrap runs, whoever began it, none is due. Confined to one thread at a time. Times are monotonic nanoseconds.
 * Specified by the bootstrap section of the libp2p kad-dht specification; the rule for small tables is rust's.
 */
public final class BootstrapSchedule {

    /** A table with this many entries no longer asks for a bootstrap when a peer enters it. rust: 20. */
    public static final int SMALL_TABLE = 20;

    private final Optional<Duration> interval;
    private final Optional<Duration> delay;

    private boolean begun;
    private int running;
    private long intervalEnds = Long.MAX_VALUE;
    private long delayEnds = Long.MAX_VALUE;

    public BootstrapSchedule(KademliaConfig config) {
        this.interval = config.get(KademliaConfig.BOOTSTRAP_INTERVAL);
        this.delay = config.get(KademliaConfig.BOOTSTRAP_THROTTLE);
    }

    /** Begins the first interval; of no effect when repeated. */
    public void begin(long nowNanos) {
        if (!begun) {
            begun = true;
            restartInterval(nowNanos);
        }
    }

    /**
     * Notes that a new peer entered the routing table. Further peers put the bootstrap off until the table is quiet.
     *
     * @param tableSize the number of entries, this peer included
     */
    public void peerEntered(long nowNanos, int tableSize) {
        if (tableSize < SMALL_TABLE && delay.isPresent()) {
            delayEnds = nowNanos + delay.get().toNanos();
        }
    }

    /** Notes that this peer, which is connected to nobody, has a new way to the network. */
    public void peersMayBeReached(long nowNanos) {
        delay.ifPresent(length -> delayEnds = nowNanos + length.toNanos());
    }

    /** Notes that a bootstrap started. */
    public void started(long nowNanos) {
        running++;
        delayEnds = Long.MAX_VALUE;
        restartInterval(nowNanos);
    }

    /** Notes that a bootstrap ended. */
    public void ended() {
        running--;
    }

    /** Returns whether a bootstrap is to be started now; asked once for each, as the answer puts the next one off. */
    public boolean isDue(long nowNanos) {
        if (nextDeadlineNanos() > nowNanos) {
            return false;
        }
        delayEnds = Long.MAX_VALUE;
        restartInterval(nowNanos);
        return true;
    }

    /** Returns when {@link #isDue} is to be asked; {@link Long#MAX_VALUE} for not before something happens. */
    public long nextDeadlineNanos() {
        return running > 0 ? Long.MAX_VALUE : Math.min(intervalEnds, delayEnds);
    }

    private void restartInterval(long nowNanos) {
        intervalEnds = interval.map(length -> nowNanos + length.toNanos()).orElse(Long.MAX_VALUE);
    }
}
