package io.kad.core.engine;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Takes the value that is last in byte order for the best. */
public record Newest(String namespace) implements RecordValidator {

    public static final Bytes INVALID = Bytes.utf8("invalid");

    @Override
    public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
        return value.equals(INVALID) ? Optional.of("it says so itself") : Optional.empty();
    }

    @Override
    public int select(RecordKey key, List<Bytes> values, Instant now) {
        return IntStream.range(0, values.size())
                .reduce((left, right) -> values.get(left).compareTo(values.get(right)) >= 0 ? left : right)
                .orElseThrow();
    }
}
