package io.kad.node.task;

import io.kad.api.id.Bytes;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.ErrorCode;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Reading of values. A file such as a pipe may never end, and its reading cannot be interrupted: each is read in a thread of its own, for which
 * nobody waits longer than the command has time. Thread-safe.
 */
public final class ValueReading {

    /** Most values that are read concurrently. If too low, commands are refused; if too high, pipes into which nobody writes take all threads. */
    private static final int MAX_RUNNING = 256;

    private static final Semaphore SLOTS = new Semaphore(MAX_RUNNING);

    private ValueReading() {}

    /**
     * Starts to read the value that {@code text} stands for, as {@link ArgumentParser#value} does.
     *
     * @return the value; fails with a {@link io.kad.node.option.UsageException} if it cannot be read. Cancelling it has no effect on the reading.
     * @throws TaskFailure if too many values are being read
     */
    public static CompletableFuture<Bytes> start(String text, Optional<InputStream> standardInput) throws TaskFailure {
        boolean mayWait = text.startsWith("@") || (text.equals("-") && standardInput.isPresent());
        if (!mayWait) {
            return CompletableFuture.completedFuture(ArgumentParser.value(text, standardInput));
        }
        if (!SLOTS.tryAcquire()) {
            throw new TaskFailure(
                    ErrorCode.OVERLOADED,
                    MAX_RUNNING + " values are being read; check that their files end, such as pipes without a writer");
        }
        CompletableFuture<Bytes> value = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(text, standardInput, value), "kad-read");
        reader.setDaemon(true);
        try {
            reader.start();
        } catch (Throwable noThread) {
            SLOTS.release();
            throw noThread;
        }
        return value;
    }

    private static void read(String text, Optional<InputStream> standardInput, CompletableFuture<Bytes> value) {
        try {
            value.complete(ArgumentParser.value(text, standardInput));
        } catch (Throwable failure) {
            value.completeExceptionally(failure);
        } finally {
            SLOTS.release();
        }
    }
}
