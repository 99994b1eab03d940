package io.kad.api.record;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Time at which the publisher of a record put it, in whole milliseconds. Immutable.
 *
 * <p>Without a validator, of several records under one key the one that was published last is the best. A stated time is later than every
 * estimated one.
 *
 * @param time the wall-clock instant; rounded down to milliseconds
 * @param estimated true if the receiver estimated it, because the record came without it: other implementations do not send it
 */
public record PublicationTime(Instant time, boolean estimated) implements Comparable<PublicationTime> {

    /** Checks and rounds the time. */
    public PublicationTime {
        requireNonNull(time, "time");
        time = time.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Returns a time that the publisher stated. */
    public static PublicationTime stated(Instant time) {
        return new PublicationTime(time, false);
    }

    /** Returns a time that a receiver estimated. */
    public static PublicationTime estimated(Instant time) {
        return new PublicationTime(time, true);
    }

    /** Compares by time; every stated time is greater than every estimated one. */
    @Override
    public int compareTo(PublicationTime other) {
        return estimated == other.estimated ? time.compareTo(other.time) : Boolean.compare(other.estimated, estimated);
    }
}
