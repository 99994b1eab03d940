package io.kad.node.sim;

import io.kad.api.text.DurationText;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;

/** Time that a simulation may take. The thread of one that takes longer is interrupted; other threads must {@link #check}. */
final class TimeLimit {

    /** No limit. */
    static final TimeLimit NONE = new TimeLimit(Duration.ZERO);

    /** Time that a simulation has to notice its end, before the program ends without it. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Duration timeout;
    private volatile boolean over;

    private TimeLimit(Duration timeout) {
        this.timeout = timeout;
    }

    /** Returns a limit of {@code timeout}, which begins with {@link #run}. */
    static TimeLimit of(Duration timeout) {
        return new TimeLimit(timeout);
    }

    /**
     * Fails if the time is over.
     *
     * @throws CancellationException if it is
     */
    void check() {
        if (over) {
            throw new CancellationException("the time of the simulation is over");
        }
    }

    /** Runs {@code body} and returns its exit code; if the time is over before, prints that, and returns the code of a timeout. */
    int run(ToIntFunction<TimeLimit> body, Output output) throws InterruptedException {
        FutureTask<Integer> task = new FutureTask<>(() -> body.applyAsInt(this));
        Thread thread = new Thread(task, "kad-sim");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(
                    Math.min(timeout.toSeconds(), Integer.MAX_VALUE) * 1000L + timeout.toMillisPart(),
                    TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            over = true;
            task.cancel(true);
            thread.join(GRACE.toMillis());
            output.write(OutputLine.error(
                    ErrorCode.TIMEOUT,
                    "timed out after " + DurationText.of(timeout) + "; use --timeout to allow more"));
            return ErrorCode.TIMEOUT.exitCode();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            } else if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }
}
