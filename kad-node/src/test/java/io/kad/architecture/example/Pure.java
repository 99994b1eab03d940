package io.kad.architecture.example;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Computes from its arguments alone. */
public final class Pure {
    private final AtomicReference<Instant> last = new AtomicReference<>(Instant.EPOCH);

    /** What was handed in, plus a second. */
    public Instant later(Instant now) {
        Instant later = now.plusNanos(TimeUnit.SECONDS.toNanos(1));
        last.set(later);
        return later;
    }

    /** An order that the seed decides. */
    public void shuffle(List<String> names, long seed) {
        Collections.shuffle(names, new Random(seed));
    }
}
