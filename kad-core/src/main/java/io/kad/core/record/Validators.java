package io.kad.core.record;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Validators of all key namespaces. Immutable and thread-safe.
 *
 * <p>If a validator throws or returns an index out of range, only the present decision is affected: the value counts as invalid, or the
 * first value as the best.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#entry-validation">kad-dht, entry validation</a>
 */
public final class Validators {

    private final Map<String, ContainedValidator> byNamespace;

    /** Hears of each failure of a validator. Called on any thread, concurrently; must not throw. */
    @FunctionalInterface
    public interface FailureListener {

        /**
         * Called when a validator has failed.
         *
         * @param plugin the validator
         * @param method the method that failed
         * @param message what failed, in one line that names the class
         */
        void onFailure(RecordValidator plugin, String method, String message, Throwable failure);
    }

    /**
     * Creates a set of validators whose failures nobody hears of.
     *
     * @see #Validators(Collection, FailureListener)
     */
    public Validators(Collection<? extends RecordValidator> validators) {
        this(validators, (plugin, method, message, failure) -> {});
    }

    /**
     * Creates a set of validators that accepts any value under keys of other namespaces.
     *
     * @throws IllegalArgumentException if two validators have the same namespace; the message names both classes
     */
    public Validators(Collection<? extends RecordValidator> validators, FailureListener listener) {
        this(contain(validators, listener));
    }

    private static Map<String, ContainedValidator> contain(
            Collection<? extends RecordValidator> validators, FailureListener listener) {
        Map<String, ContainedValidator> collected = new HashMap<>();
        for (RecordValidator validator : validators) {
            ContainedValidator other =
                    collected.putIfAbsent(validator.namespace(), new ContainedValidator(validator, listener));
            if (other != null) {
                throw new IllegalArgumentException(conflict(
                        validator.namespace(),
                        other.plugin().getClass().getName(),
                        validator.getClass().getName()));
            }
        }
        return collected;
    }

    /** Returns the message for two validators of one namespace. */
    public static String conflict(String namespace, String validator, String other) {
        return "more than one record validator for the namespace '" + namespace + "': " + validator + ", " + other;
    }

    private Validators(Map<String, ContainedValidator> byNamespace) {
        this.byNamespace = Map.copyOf(byNamespace);
    }

    /** Returns these validators, each replaced by the result of {@code wrapper}; messages still name the class of the wrapped validator. */
    public Validators through(UnaryOperator<RecordValidator> wrapper) {
        Map<String, ContainedValidator> wrapped = new HashMap<>();
        byNamespace.forEach((namespace, validator) -> wrapped.put(namespace, validator.through(wrapper)));
        return new Validators(wrapped);
    }

    /**
     * Returns the reason why {@code record} is invalid at {@code now}, in one line; empty if it is valid. Invalid records must not be
     * stored or used.
     */
    public Optional<String> reasonInvalid(Record record, Instant now) {
        Optional<String> problem = reasonInvalid(record.key());
        if (problem.isPresent()) {
            return problem;
        }
        if (record.isExpired(now)) {
            return Optional.of("record has expired");
        }
        return validatorOf(record.key()).flatMap(validator -> validator.validate(record.key(), record.value(), now));
    }

    /** Returns the reason why no record can have {@code key}, in one line; empty if the key is valid. */
    public static Optional<String> reasonInvalid(RecordKey key) {
        return key.bytes().isEmpty() ? Optional.of("key must not be empty") : Optional.empty();
    }

    /**
     * Returns the index of the best of {@code values}, by the validator of the namespace of {@code key}; 0 without a validator.
     *
     * @param values at least one value, each of them valid
     */
    int best(RecordKey key, List<Bytes> values, Instant now) {
        return values.size() == 1
                ? 0
                : validatorOf(key)
                        .map(validator -> validator.select(key, values, now))
                        .orElse(0);
    }

    /** Returns whether there is a validator for the namespace of {@code key}. */
    boolean hasValidator(RecordKey key) {
        return validatorOf(key).isPresent();
    }

    private Optional<ContainedValidator> validatorOf(RecordKey key) {
        return byNamespace.isEmpty() ? Optional.empty() : key.namespace().map(byNamespace::get);
    }
}
