package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * What a task works with: the peer, the way to answer, and the time it has.
 *
 * @param kad the peer
 * @param answer takes the lines of the answer; any thread may call it
 * @param standardInput where a value {@code -} is read from
 * @param deadlineNanos when the task must be done, in nanoseconds of {@link System#nanoTime()}
 */
public record TaskContext(Kademlia kad, Consumer<ObjectNode> answer, InputStream standardInput, long deadlineNanos) {

    /** Writes a line of the answer. */
    public void emit(ObjectNode line) {
        answer.accept(line);
    }

    /** Returns the time that is left; never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    /** Waits for the answer of {@code query}, and cancels it when the time is over. */
    public <T> T await(Query<T> query) throws TaskFailure {
        try {
            return await(query.result());
        } catch (TaskFailure failure) {
            query.cancel();
            throw failure;
        }
    }

    /** Waits for {@code stage}. */
    public <T> T await(CompletionStage<T> stage) throws TaskFailure {
        try {
            return stage.toCompletableFuture().get(remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw TaskFailure.of(failed.getCause());
        } catch (TimeoutException late) {
            throw new TaskFailure(ErrorCode.TIMEOUT, "not done within the time given");
        } catch (CancellationException cancelled) {
            throw new TaskFailure(ErrorCode.INTERNAL, "cancelled");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TaskFailure(ErrorCode.INTERNAL, "interrupted");
        }
    }

    /** Runs {@code task} and answers its failure, if it fails; returns the exit code. */
    public int run(Task task) {
        try {
            task.run(this);
            return 0;
        } catch (TaskFailure failure) {
            emit(failure.line());
            return failure.code().exitCode();
        } catch (UsageException wrong) {
            emit(OutputLine.error(ErrorCode.BAD_INPUT, String.valueOf(wrong.getMessage())));
            return ErrorCode.BAD_INPUT.exitCode();
        } catch (KadException failed) {
            TaskFailure failure = TaskFailure.of(failed);
            emit(failure.line());
            return failure.code().exitCode();
        }
    }
}
