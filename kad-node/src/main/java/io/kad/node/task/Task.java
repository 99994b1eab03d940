package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletableFuture;

/** Operation of a command, carried out by a peer. */
@FunctionalInterface
public interface Task {

    /**
     * Refuses what is wrong whatever the network responds; called before the peer joins, if it joins for this task only.
     *
     * @throws TaskFailure as {@link #start} would fail later; or another exception that {@link TaskContext#run} handles
     */
    default void check(TaskContext context) throws TaskFailure {}

    /**
     * Starts the operation; a command that waits for the network holds no thread meanwhile.
     *
     * @return the last line of the result, which has {@code ok}, when it is written; fails with a {@link TaskFailure}, or another
     *     exception that {@link TaskContext#run} handles, if the operation fails
     */
    CompletableFuture<ObjectNode> start(TaskContext context) throws TaskFailure;
}
