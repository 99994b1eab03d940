package io.kad.node.task;

import io.kad.api.text.DurationText;
import io.kad.node.output.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Deadline of a command. Thread-safe. */
public final class Deadline {

    /** Time of a command that states none, 60 s: as much as a lookup has ({@code query-timeout}). */
    public static final Duration DEFAULT = Duration.ofSeconds(60);

    /** Longest time that nanoseconds can be counted over without an overflow, with a margin. */
    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final Duration timeout;
    private final long endNanos;

    private Deadline(Duration timeout, long endNanos) {
        this.timeout = timeout;
        this.endNanos = endNanos;
    }

    /** Returns the deadline of a command that starts now and has {@code timeout}. */
    public static Deadline after(Duration timeout) {
        Duration counted = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
        return new Deadline(timeout, System.nanoTime() + counted.toNanos());
    }

    /** Returns the whole time that the command has. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns the time that is left; never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** Returns the timeout of a transport operation that this deadline bounds: a little more, so that the deadline ends it and words the failure. */
    public Duration operationTimeout() {
        return remaining().plus(MARGIN);
    }

    /** Waits for {@code future}, until the deadline at most; then cancels it, and with it its operation. */
    public <T> T await(CompletableFuture<T> future) throws TaskFailure {
        return await(future, "timed out after " + DurationText.of(timeout) + "; use --timeout to allow more");
    }

    /** Waits for {@code future}, until the deadline at most, and then cancels it; {@code timedOut} is the message when it has passed. */
    public <T> T await(CompletableFuture<T> future, String timedOut) throws TaskFailure {
        try {
            return future.get(remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw TaskFailure.of(failed.getCause());
        } catch (TimeoutException late) {
            throw new TaskFailure(ErrorCode.TIMEOUT, timedOut);
        } catch (CancellationException cancelled) {
            throw new TaskFailure(ErrorCode.INTERNAL, "cancelled");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TaskFailure(ErrorCode.INTERNAL, "interrupted");
        } finally {
            future.cancel(false);
        }
    }
}
