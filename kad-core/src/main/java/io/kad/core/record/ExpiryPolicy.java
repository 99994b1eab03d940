package io.kad.core.record;

import io.kad.api.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Rule for the expiry of received records: the farther this peer is from the key, the sooner a record expires. Immutable and thread-safe.
 *
 * <p>The time to live is halved for each peer between this peer and the key, except for the first k of them. So records vanish from peers
 * at which no lookup ends (Kademlia paper, section 4.1). The sender can shorten the time to live, never extend it.
 *
 * @param ttl time to live at the k closest peers; empty to keep each record until the expiry that its sender gave
 * @param k number of peers at which a record is stored, at least 1
 */
public record ExpiryPolicy(Optional<Duration> ttl, int k) {

    /**
     * Returns the expiry of a record received at {@code now}, empty for never; not after {@code now} if the record must not be stored.
     *
     * @param sent the expiry that its sender gave
     * @param peersCloser number of peers between this peer and the key
     */
    Optional<Instant> expires(Optional<Instant> sent, int peersCloser, Instant now) {
        if (ttl.isEmpty()) {
            return sent;
        }
        Instant latest = now.plus(halved(ttl.get(), Math.max(0, peersCloser - k)));
        return Optional.of(sent.filter(latest::isAfter).orElse(latest));
    }

    /** Halves in whole seconds, as rust-libp2p does, so that the result becomes zero in the end. */
    private static Duration halved(Duration duration, int times) {
        if (times == 0) {
            return duration;
        }
        return Duration.ofSeconds(times < Long.SIZE ? duration.toSeconds() >> times : 0);
    }

    /** Returns {@code received} with the expiry and the time of receipt to store. */
    public Record apply(Record received, int peersCloser, Instant now) {
        return received.withExpires(expires(received.expires(), peersCloser, now))
                .withTimeReceived(now);
    }
}
