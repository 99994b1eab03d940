package io.kad.node.task;

import io.kad.api.text.DurationText;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Deadline of a command. Thread-safe. */
public final class Deadline {

    /** Time of a command that states none, 60 s: as much as a lookup has ({@code query-timeout}). */
    public static final Duration DEFAULT = Duration.ofSeconds(60);

    /** Longest time that nanoseconds can be counted over without an overflow, with a margin. */
    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    /** Longer than a busy machine stands still; the deadline cancels the operation, so that it costs nothing. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Duration timeout;
    private final long endNanos;
    private final CompletableFuture<TaskFailure> ended = new CompletableFuture<>();

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

    /** Ends the command now, as cancelled: what {@link #bound} waits for is cancelled, and what it is given later too. Has no effect after the end. */
    public void cancel() {
        end(new TaskFailure(ErrorCode.INTERNAL, "cancelled"));
    }

    /** Ends the command now as {@link #cancel} does; it fails with {@code reason}. */
    public void end(TaskFailure reason) {
        ended.complete(reason);
    }

    /** Returns the timeout of a transport operation that this deadline bounds: a little more, so that the deadline ends it and words the failure. */
    public Duration operationTimeout() {
        return remaining().plus(MARGIN);
    }

    /** Waits for {@code future}, until the deadline at most; then cancels it, and with it its operation. */
    public <T> T await(CompletableFuture<T> future) throws TaskFailure {
        return await(future, timedOut());
    }

    private String timedOut() {
        return "timed out after " + DurationText.of(timeout) + "; use --timeout to allow more";
    }

    /**
     * Returns a future that has the result of {@code future}, or fails with a {@link TaskFailure}, at the deadline at the latest or when {@link
     * #cancel} is called. Then {@code future} is cancelled, and with it its operation.
     */
    public <T> CompletableFuture<T> bound(CompletableFuture<T> future) {
        CompletableFuture<T> waiting = future.copy();
        var unused = ended.thenAccept(waiting::completeExceptionally);
        return waiting.orTimeout(remaining().toNanos(), TimeUnit.NANOSECONDS).handle((value, failure) -> {
            future.cancel(false);
            if (failure != null) {
                Throwable cause = TaskContext.causeOf(failure);
                throw cause instanceof UsageException refused
                        ? refused
                        : new CompletionException(failure(cause, timedOut()));
            }
            return value;
        });
    }

    /** Waits for {@code future}, until the deadline at most, and then cancels it; {@code timedOut} is the message when it has passed. */
    public <T> T await(CompletableFuture<T> future, String timedOut) throws TaskFailure {
        try {
            return future.get(remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UsageException refused) {
                throw refused;
            }
            throw failure(failed.getCause(), timedOut);
        } catch (TimeoutException | CancellationException ended) {
            throw failure(ended, timedOut);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TaskFailure(ErrorCode.INTERNAL, "interrupted");
        } finally {
            future.cancel(false);
        }
    }

    private static TaskFailure failure(@Nullable Throwable cause, String timedOut) {
        if (cause instanceof TimeoutException) {
            return new TaskFailure(ErrorCode.TIMEOUT, timedOut);
        } else if (cause instanceof TaskFailure known) {
            return known;
        }
        return cause instanceof CancellationException
                ? new TaskFailure(ErrorCode.INTERNAL, "cancelled")
                : TaskFailure.of(cause);
    }
}
