package io.kad.api.record;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Value under a key of the DHT, with its publisher and expiry. Immutable.
 *
 * @param key the record key
 * @param value the value, opaque to the DHT; may be empty
 * @param publisher the peer that put the record; on the wire only in field 666 of rust-libp2p, so empty in records from other peers
 * @param expires the wall-clock instant from which the record is no longer served; empty for never
 * @param timeReceived the time at which the peer that returned this copy had received it; empty for a record that was never stored
 * @param published the time of publication, which orders the records of a key without a validator; set by a put, so empty in a new record
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#value-storage-and-retrieval">kad-dht, value storage and
 *     retrieval</a>
 */
@SuppressWarnings("JavaLangClash") // the name of the specification; java.lang.Record is not used here
public record Record(
        RecordKey key,
        Bytes value,
        Optional<PeerId> publisher,
        Optional<Instant> expires,
        Optional<Instant> timeReceived,
        Optional<PublicationTime> published) {

    /** Longest time to live that the wire format can state: 2^32 - 1 seconds, about 136 years. */
    public static final Duration MAX_TTL = Duration.ofSeconds(0xffff_ffffL);

    public Record {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        requireNonNull(publisher, "publisher");
        requireNonNull(expires, "expires");
        requireNonNull(timeReceived, "timeReceived");
        requireNonNull(published, "published");
    }

    /** Creates a record without a time of publication. */
    public Record(
            RecordKey key,
            Bytes value,
            Optional<PeerId> publisher,
            Optional<Instant> expires,
            Optional<Instant> timeReceived) {
        this(key, value, publisher, expires, timeReceived, Optional.empty());
    }

    /** Returns a record without publisher, expiry, time of receipt or time of publication. */
    public static Record of(RecordKey key, Bytes value) {
        return new Record(key, value, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns whether this record must no longer be served at {@code now}. */
    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    /** Returns this record with {@code publisher} as its publisher. */
    public Record withPublisher(PeerId publisher) {
        return new Record(key, value, Optional.of(publisher), expires, timeReceived, published);
    }

    /**
     * Returns this record with an expiry {@code ttl} after {@code now}.
     *
     * @param ttl time to live, greater than 0 and at most {@link #MAX_TTL}; the wire carries whole seconds, and at least one
     * @param now the wall-clock time, such as {@code Instant.now()}, or the virtual time of a simulation
     * @throws IllegalArgumentException if {@code ttl} is out of range
     */
    public Record withTtl(Duration ttl, Instant now) {
        if (ttl.isZero() || ttl.isNegative()) {
            throw new IllegalArgumentException("ttl must be greater than 0, got " + ttl.toSeconds() + " s");
        }
        if (ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException(
                    "ttl must be at most " + MAX_TTL.toSeconds() + " s, got " + ttl.toSeconds() + " s");
        }
        return withExpires(Optional.of(now.plus(ttl)));
    }

    /** Returns this record with the given expiry; empty for never. */
    public Record withExpires(Optional<Instant> expires) {
        return new Record(key, value, publisher, expires, timeReceived, published);
    }

    /** Returns this record with {@code received} as its time of receipt. */
    public Record withTimeReceived(Instant received) {
        return withTimeReceived(Optional.of(received));
    }

    /** Returns this record with the given time of receipt; empty for a record that was never stored. */
    public Record withTimeReceived(Optional<Instant> received) {
        return new Record(key, value, publisher, expires, received, published);
    }

    /** Returns this record with the given time of publication; empty for an unknown one. */
    public Record withPublished(Optional<PublicationTime> time) {
        return new Record(key, value, publisher, expires, timeReceived, time);
    }
}
