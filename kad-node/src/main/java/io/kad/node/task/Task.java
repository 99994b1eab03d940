package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletableFuture;

/** Operation of a command, carried out by a peer. */
@FunctionalInterface
public interface Task {

    /**
     * Starts the operation; a command that waits for the network holds no thread meanwhile.
     *
     * @return the last line of the result, which has {@code ok}, when it is written; fails with a {@link TaskFailure}, or another
     *     exception that {@link TaskContext#run} handles, if the operation fails
     */
    CompletableFuture<ObjectNode> start(TaskContext context) throws TaskFailure;
}
