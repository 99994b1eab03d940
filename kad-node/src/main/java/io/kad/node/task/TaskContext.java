package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Context of a task: the peer, the output and the deadline.
 *
 * @param kad the peer
 * @param output receives the lines of the result; called on any thread
 * @param standardInput source of a value {@code -}; empty if standard input carries commands
 * @param deadline the time at which the task times out
 */
public record TaskContext(
        Kademlia kad, Consumer<ObjectNode> output, Optional<InputStream> standardInput, Deadline deadline) {

    /** Writes a line of the result. */
    public void emit(ObjectNode line) {
        output.accept(line);
    }

    /** Waits for the result of {@code query}, and cancels it at the deadline. */
    public <T> T await(Query<T> query) throws TaskFailure {
        return await(query.result());
    }

    /** Waits for {@code future}, until the deadline at most. */
    public <T> T await(CompletableFuture<T> future) throws TaskFailure {
        return deadline.await(future);
    }

    /** Runs {@code task}, and writes its failure if it fails; returns the exit code. */
    public int run(Task task) {
        try {
            task.run(this);
            return 0;
        } catch (TaskFailure failure) {
            return refuse(failure.code(), failure.line());
        } catch (KadException e) {
            TaskFailure failure = TaskFailure.of(e);
            return refuse(failure.code(), failure.line());
        } catch (UsageException e) {
            return refuse(ErrorCode.BAD_INPUT, OutputLine.badInput(String.valueOf(e.getMessage())));
        }
    }

    private int refuse(ErrorCode code, ObjectNode line) {
        emit(line);
        return code.exitCode();
    }
}
