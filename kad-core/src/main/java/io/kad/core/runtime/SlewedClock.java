package io.kad.core.runtime;

import io.kad.api.text.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clock by which entries of other peers expire and times of publication are made and judged: the wall clock, as long as it does not jump.
 *
 * <p>If the wall clock jumps, because it was wrong or is wrong now, this clock goes on as before, so that no entry expires before its time.
 * Then it approaches the wall clock by half a second per second: entries that are renewed as usual stay, and after twice the length of the
 * jump both clocks agree again. They agree at once if the wall clock jumps back to where it came from.
 *
 * <p>A machine that was suspended looks the same: its wall clock went on, and its monotonic clock stood still. Entries that it holds for
 * others then outlive their time, by the length of the suspension at most. An expiry that the user set is kept to by the wall clock alone,
 * see {@link SlewedClockRecordStore}.
 *
 * <p>A restart takes the wall clock as it is then. Thread-safe.
 */
public final class SlewedClock implements InstantSource {

    /**
     * Greatest step of the wall clock that is followed at once. If too low, small corrections of the wall clock count as jumps; if too high,
     * entries with short lifetimes expire too early. Default: 10 min, as far as the clocks of two peers may differ.
     */
    static final Duration MAX_STEP = Duration.ofMinutes(10);
    /** Nanoseconds after which this clock is one nanosecond nearer to the wall clock. */
    private static final int APPROACH = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SlewedClock.class);
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** Limit of a step, so that sums of nanoseconds can't overflow: about 145 years. */
    private static final long MAX_JUMP_MILLIS = Long.MAX_VALUE / NANOS_PER_MILLI / 2;
    /** Unit of the difference of both clocks, so that times that are converted twice in a row are the same. */
    private static final long UNIT_NANOS = 1_000_000_000;

    private final LongSupplier nanoTime;
    private final InstantSource wallClock;
    private long lastNanos;
    private long lastWallMillis;
    /** By how much the wall clock is ahead of this clock, in nanoseconds; negative if it is behind. */
    private long aheadNanos;
    /** Sum of the jumps that this clock has not followed to the end. */
    private long jumpedMillis;

    /** Creates a clock that agrees with {@code wallClock}. */
    public SlewedClock(LongSupplier nanoTime, InstantSource wallClock) {
        this.nanoTime = nanoTime;
        this.wallClock = wallClock;
        this.lastNanos = nanoTime.getAsLong();
        this.lastWallMillis = wallClock.millis();
    }

    @Override
    public synchronized Instant instant() {
        Instant wall = wallClock.instant();
        return wall.minusNanos(ahead(wall.toEpochMilli()));
    }

    /** Returns the earlier one of this clock and the wall clock, for a store whose expiries are partly of either. */
    public synchronized Instant earlierOfBoth() {
        Instant wall = wallClock.instant();
        return wall.minusNanos(Math.max(0, ahead(wall.toEpochMilli())));
    }

    /** Returns the wall-clock time. */
    Instant wall() {
        return wallClock.instant();
    }

    /** Returns the time of this clock that corresponds to {@code wall}, a time of the wall clock as it is now. */
    public Instant steady(Instant wall) {
        return moved(wall, ahead().negated());
    }

    /** Returns {@code time} moved by {@code shift}, or the same if it is at the end of all times. */
    static Instant moved(Instant time, Duration shift) {
        boolean isMovable =
                shift.isNegative() ? time.isAfter(Instant.MIN.minus(shift)) : time.isBefore(Instant.MAX.minus(shift));
        return isMovable ? time.plus(shift) : time;
    }

    /** Returns by how much the wall clock is ahead of this clock, zero unless it has jumped; negative if it is behind. */
    synchronized Duration ahead() {
        return Duration.ofNanos(ahead(wallClock.millis()));
    }

    private long ahead(long wallMillis) {
        long nanos = nanoTime.getAsLong();
        long elapsed = Math.max(0, nanos - lastNanos);
        long stepMillis = clamp(wallMillis - lastWallMillis - elapsed / NANOS_PER_MILLI);
        lastNanos = nanos;
        lastWallMillis = wallMillis;
        if (aheadNanos != 0) {
            long approach = elapsed / APPROACH;
            aheadNanos = aheadNanos > 0 ? Math.max(0, aheadNanos - approach) : Math.min(0, aheadNanos + approach);
        }
        if (Math.abs(stepMillis) > MAX_STEP.toMillis()) {
            LOG.warn(
                    "wall clock jumped {} by {}; lifetimes of records go on as before, and follow it slowly",
                    stepMillis > 0 ? "forward" : "back",
                    DurationText.of(Duration.ofMillis(Math.abs(stepMillis)).truncatedTo(ChronoUnit.SECONDS)));
            jumpedMillis = clamp(jumpedMillis + stepMillis);
            boolean isUndone = Math.abs(jumpedMillis) <= MAX_STEP.toMillis();
            aheadNanos = isUndone ? 0 : clamp(aheadNanos / NANOS_PER_MILLI + stepMillis) * NANOS_PER_MILLI;
        }
        if (aheadNanos == 0) {
            jumpedMillis = 0;
        }
        return aheadNanos / UNIT_NANOS * UNIT_NANOS;
    }

    private static long clamp(long millis) {
        return Math.max(-MAX_JUMP_MILLIS, Math.min(MAX_JUMP_MILLIS, millis));
    }
}
