package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Validator that measures the calls of another one, because others wait for their threads. */
record SlowCallDetectingValidator(RecordValidator validator, SlowCallDetector detector) implements RecordValidator {

    @Override
    public String namespace() {
        return validator.namespace();
    }

    @Override
    public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
        long start = detector.begin();
        try {
            return validator.validate(key, value, now);
        } finally {
            detector.end("validate", start);
        }
    }

    @Override
    public int select(RecordKey key, List<Bytes> values, Instant now) {
        long start = detector.begin();
        try {
            return validator.select(key, values, now);
        } finally {
            detector.end("select", start);
        }
    }
}
