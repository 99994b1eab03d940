package io.kad.api.record;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Validation rules of one namespace of record keys: decide which values are valid, and which of several is the best.
 *
 * <p>{@link #validate} and {@link #select} must be pure: the same arguments give the same result on every peer, and neither does I/O. They
 * are called on any thread, concurrently, and must be quick: a validator whose calls take longer than 100 ms is logged. Validators are
 * found by {@link java.util.ServiceLoader}, bound in Guice or passed to the builder; two for one namespace are an error.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#entry-validation">kad-dht, entry validation</a>
 */
public interface RecordValidator {

    /** Returns the namespace of this validator, without slashes: {@code "app"} for keys such as {@code /app/x}. */
    String namespace();

    /**
     * Returns the reason for which {@code value} is invalid under {@code key}, in one line for people; empty if it is valid.
     *
     * @param now the wall-clock time, for values that contain an expiry
     */
    Optional<String> validate(RecordKey key, Bytes value, Instant now);

    /**
     * Returns the index of the best of {@code values}.
     *
     * @param values at least one value, all of them valid
     * @param now the wall-clock time, for values that contain an expiry
     * @return an index from 0 to {@code values.size() - 1}
     */
    int select(RecordKey key, List<Bytes> values, Instant now);
}
