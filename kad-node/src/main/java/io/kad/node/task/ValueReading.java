package io.kad.node.task;

import io.kad.api.id.Bytes;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.ErrorCode;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** Reading of a value, which may wait for a file such as a pipe; the pool of the thread has another one run meanwhile. */
final class ValueReading implements ForkJoinPool.ManagedBlocker {

    private final String text;
    private final Optional<InputStream> standardInput;
    private @Nullable Bytes value;

    private ValueReading(String text, Optional<InputStream> standardInput) {
        this.text = text;
        this.standardInput = standardInput;
    }

    /** Returns the value that {@code text} stands for, as {@link ArgumentParser#value} does. */
    static Bytes read(String text, Optional<InputStream> standardInput) throws TaskFailure {
        ValueReading reading = new ValueReading(text, standardInput);
        try {
            ForkJoinPool.managedBlock(reading);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Bytes read = reading.value;
        if (read == null) {
            throw new TaskFailure(ErrorCode.INTERNAL, "interrupted");
        }
        return read;
    }

    @Override
    public boolean block() {
        value = ArgumentParser.value(text, standardInput);
        return true;
    }

    @Override
    public boolean isReleasable() {
        return value != null;
    }
}
