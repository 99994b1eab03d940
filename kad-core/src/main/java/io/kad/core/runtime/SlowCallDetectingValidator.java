package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Validator that measures the calls of another one, because others wait for their threads, and names it in its failures. A record at
 * which the other one fails is invalid.
 */
record SlowCallDetectingValidator(RecordValidator validator, SlowCallDetector detector) implements RecordValidator {

    @Override
    public String namespace() {
        return validator.namespace();
    }

    private String name() {
        return "validator " + validator.getClass().getName();
    }

    @Override
    public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
        long start = detector.begin();
        try {
            Optional<String> problem = validator.validate(key, value, now);
            return problem == null ? Optional.of(name() + " returned null") : problem;
        } catch (Throwable e) {
            return Optional.of(name() + " failed: " + e);
        } finally {
            detector.end("validate", start);
        }
    }

    @Override
    public int select(RecordKey key, List<Bytes> values, Instant now) {
        long start = detector.begin();
        try {
            return validator.select(key, values, now);
        } catch (Throwable e) {
            throw new IllegalStateException(name() + " failed: " + e, e);
        } finally {
            detector.end("select", start);
        }
    }
}
