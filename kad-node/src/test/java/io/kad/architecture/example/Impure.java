package io.kad.architecture.example;

import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** Breaks the rule for state machines once in each method. */
public final class Impure {
    long nanos() {
        return System.nanoTime();
    }

    Instant now() {
        return Instant.now();
    }

    LongSupplier methodReference() {
        return System::currentTimeMillis;
    }

    Random unseeded() {
        return new Random();
    }

    void shuffled(List<String> names) {
        Collections.shuffle(names);
    }

    int draw() {
        return ThreadLocalRandom.current().nextInt();
    }

    Thread thread(Runnable task) {
        return new Thread(task);
    }

    CompletableFuture<String> future() {
        return new CompletableFuture<>();
    }

    long clock(Clock clock) {
        return clock.millis();
    }
}
