package io.kad.core.record;

import io.kad.api.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a record that was received is kept: the farther from its key, the shorter.
 *
 * <p>Each peer beyond the k closest that lies between this peer and the key halves the time to live, so that records seep away
 * from where nobody looks for them (Kademlia paper, section 4.1). The sender can shorten that, never lengthen it.
 *
 * @param ttl how long a record lives at the k closest peers; empty to keep each as long as its sender says
 * @param k how many peers a record is stored at
 */
public record ExpiryPolicy(Optional<Duration> ttl, int k) {

    /**
     * Returns when a record received {@code now} expires, empty for never; not after {@code now} if it must not be kept at all.
     *
     * @param sent the expiry that came with it
     * @param peersCloser how many peers lie between this one and the key
     */
    Optional<Instant> expires(Optional<Instant> sent, int peersCloser, Instant now) {
        if (ttl.isEmpty()) {
            return sent;
        }
        Instant latest = now.plus(halved(ttl.get(), Math.max(0, peersCloser - k)));
        return Optional.of(sent.filter(latest::isAfter).orElse(latest));
    }

    /** Whole seconds once it is halved at all, as rust counts them, so that it comes to nothing in the end. */
    private static Duration halved(Duration duration, int times) {
        if (times == 0) {
            return duration;
        }
        return Duration.ofSeconds(times < Long.SIZE ? duration.toSeconds() >> times : 0);
    }

    /** Returns {@code received} as it is to be kept. */
    public Record apply(Record received, int peersCloser, Instant now) {
        return received.withExpires(expires(received.expires(), peersCloser, now))
                .withTimeReceived(now);
    }
}
