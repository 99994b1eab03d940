package io.kad.api.record;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rules of one key namespace: which values are valid, and which of several is the best.
 *
 * <p>Both functions are pure: the same arguments give the same answer on every peer, without input or output. They are
 * called on any thread, several at once, and must be quick: a validator whose calls take longer than 100 ms is logged. Validators are found by {@link java.util.ServiceLoader}, bound in Guice or given
 * to the builder; two for one namespace are an error.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#entry-validation">kad-dht, entry validation</a>
 */
public interface RecordValidator {

    /** Returns the namespace that this validator rules, without slashes: {@code "app"} for keys such as {@code /app/x}. */
    String namespace();

    /**
     * Returns why {@code value} is not valid under {@code key}, in one line for people, or empty when it is valid.
     *
     * @param now the wall-clock time, for values that expire by themselves
     */
    Optional<String> validate(RecordKey key, Bytes value, Instant now);

    /**
     * Returns the index of the best of {@code values}.
     *
     * @param values at least one value, each of them valid
     */
    int select(RecordKey key, List<Bytes> values, Instant now);
}
