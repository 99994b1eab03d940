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
 * Surroundings of a task: the peer, the output and the time.
 *
 * @param kad the peer
 * @param answer receives the lines of the answer; any thread may call it
 * @param standardInput source of a value {@code -}; empty where standard input carries commands
 * @param deadline the end of the time that the task has
 */
public record TaskContext(
        Kademlia kad, Consumer<ObjectNode> answer, Optional<InputStream> standardInput, Deadline deadline) {

    /** Writes a line of the answer. */
    public void emit(ObjectNode line) {
        answer.accept(line);
    }

    /** Waits for the result of {@code query}, and cancels it when the time is over. */
    public <T> T await(Query<T> query) throws TaskFailure {
        return await(query.result());
    }

    /** Waits for {@code future}, until the deadline at most. */
    public <T> T await(CompletableFuture<T> future) throws TaskFailure {
        return deadline.await(future);
    }

    /** Runs {@code task} and answers its failure, if it fails; returns the exit code. */
    public int run(Task task) {
        try {
            task.run(this);
            return 0;
        } catch (TaskFailure failure) {
            return refuse(failure.code(), failure.line());
        } catch (KadException failed) {
            TaskFailure failure = TaskFailure.of(failed);
            return refuse(failure.code(), failure.line());
        } catch (UsageException wrong) {
            return refuse(ErrorCode.BAD_INPUT, OutputLine.badInput(String.valueOf(wrong.getMessage())));
        }
    }

    private int refuse(ErrorCode code, ObjectNode line) {
        emit(line);
        return code.exitCode();
    }
}
