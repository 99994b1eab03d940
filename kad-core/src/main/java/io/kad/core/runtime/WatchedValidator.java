package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Validator that measures the calls of another one, because they run on threads that must not wait. */
record WatchedValidator(RecordValidator validator, CallWatch watch) implements RecordValidator {

    @Override
    public String namespace() {
        return validator.namespace();
    }

    @Override
    public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
        long start = watch.begin();
        try {
            return validator.validate(key, value, now);
        } finally {
            watch.end("validate", start);
        }
    }

    @Override
    public int select(RecordKey key, List<Bytes> values, Instant now) {
        long start = watch.begin();
        try {
            return validator.select(key, values, now);
        } finally {
            watch.end("select", start);
        }
    }
}
