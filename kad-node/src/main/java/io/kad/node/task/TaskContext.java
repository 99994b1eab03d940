package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Context of a task: the peer, the output and the deadline.
 *
 * @param kad the peer
 * @param output receives the lines of the result; called on any thread
 * @param standardInput source of a value {@code -}; empty if standard input carries commands
 * @param deadline the time at which the task times out
 * @param executor runs what follows a result of the peer
 * @param setup what the peer was started with
 */
public record TaskContext(
        Kademlia kad,
        Consumer<ObjectNode> output,
        Optional<InputStream> standardInput,
        Deadline deadline,
        Executor executor,
        NodeSetup setup) {

    /** Creates the context of a task that does not ask what the peer was started with. */
    public TaskContext(
            Kademlia kad,
            Consumer<ObjectNode> output,
            Optional<InputStream> standardInput,
            Deadline deadline,
            Executor executor) {
        this(kad, output, standardInput, deadline, executor, NodeSetup.UNKNOWN);
    }

    /**
     * Part of a task that follows a result.
     *
     * @param <T> type of the result
     */
    @FunctionalInterface
    interface Continuation<T> {

        /** Goes on with {@code result}; the future is one that {@link Task#start} may return. */
        CompletableFuture<ObjectNode> apply(T result) throws TaskFailure;
    }

    /** Writes a line of the result. */
    public void emit(ObjectNode line) {
        output.accept(line);
    }

    /** Writes the last line of the result, and returns a future that is done. */
    CompletableFuture<ObjectNode> end(ObjectNode line) {
        emit(line);
        return CompletableFuture.completedFuture(line);
    }

    /** Waits for the result of {@code query}, and cancels it at the deadline. */
    public <T> T await(Query<T> query) throws TaskFailure {
        return await(query.result());
    }

    /** Waits for {@code future}, until the deadline at most. */
    public <T> T await(CompletableFuture<T> future) throws TaskFailure {
        return deadline.await(future);
    }

    /** Goes on with {@code next} once {@code future} has a result; at the deadline, cancels {@code future} and fails. */
    <T> CompletableFuture<ObjectNode> then(CompletableFuture<T> future, Continuation<T> next) {
        return then(future, next, failure -> {});
    }

    /** Goes on as the other method does; calls {@code onFailure} before the task fails because of {@code future}. */
    <T> CompletableFuture<ObjectNode> then(
            CompletableFuture<T> future, Continuation<T> next, Consumer<TaskFailure> onFailure) {
        return deadline.bound(future)
                .whenCompleteAsync(
                        (result, failure) -> {
                            if (failure != null && causeOf(failure) instanceof TaskFailure refused) {
                                onFailure.accept(refused);
                            }
                        },
                        executor)
                .thenCompose(result -> startOf(() -> next.apply(result)));
    }

    /** Start of a part of a task. */
    private interface Start {

        CompletableFuture<ObjectNode> run() throws TaskFailure;
    }

    private static CompletableFuture<ObjectNode> startOf(Start start) {
        try {
            return start.run();
        } catch (Throwable failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /**
     * Runs {@code task}, and writes its failure if it fails.
     *
     * @return the exit code, when the last line is written; fails with the cause if that is a fault of the program
     */
    public CompletableFuture<Integer> run(Task task) {
        return startOf(() -> task.start(this))
                .handle((done, failure) -> failure == null ? exitCode(done) : refuse(causeOf(failure)));
    }

    /** Runs {@code task} as {@link #run} does, and waits for its end. */
    public int runToEnd(Task task) {
        try {
            return run(task).join();
        } catch (CompletionException fault) {
            Throwable cause = causeOf(fault);
            if (cause instanceof RuntimeException exception) {
                throw exception;
            } else if (cause instanceof Error error) {
                throw error;
            }
            throw fault;
        }
    }

    /** Returns the exit code of a command with that last line: a diagnosis that has found a fault is no success. */
    private static int exitCode(ObjectNode last) {
        return last.path("ok").asBoolean() ? 0 : 1;
    }

    private int refuse(Throwable failure) {
        if (failure instanceof TaskFailure refused) {
            return refuse(refused.code(), refused.line());
        } else if (failure instanceof KadException) {
            return refuse(TaskFailure.of(failure));
        } else if (failure instanceof UsageException) {
            return refuse(ErrorCode.BAD_INPUT, OutputLine.badInput(String.valueOf(failure.getMessage())));
        }
        throw new CompletionException(failure);
    }

    private int refuse(ErrorCode code, ObjectNode line) {
        emit(line);
        return code.exitCode();
    }

    /** Returns the failure of a future whose dependent has failed with {@code failure}. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? causeOf(cause) : failure;
    }
}
