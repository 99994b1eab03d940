package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A validator that finds everything valid, but takes its time. */
public final class StallingValidator implements RecordValidator {

    long nanos;
    final List<String> calls = new ArrayList<>();
    Runnable onCall = () -> {};
    private final ManualEnvironment world;

    public StallingValidator(ManualEnvironment world) {
        this.world = world;
    }

    @Override
    public String namespace() {
        return "stalling";
    }

    @Override
    public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
        calls.add("validate " + value.utf8().orElseThrow());
        onCall.run();
        world.stall(nanos);
        return Optional.empty();
    }

    @Override
    public int select(RecordKey key, List<Bytes> values, Instant now) {
        calls.add("select "
                + values.stream().map(value -> value.utf8().orElseThrow()).toList());
        onCall.run();
        world.stall(nanos);
        return 0;
    }
}
