package io.kad.node.task;

/** Something that is asked of a peer. */
@FunctionalInterface
public interface Task {

    /** Does it, and writes the answer, whose last line says {@code ok}. */
    void run(TaskContext context) throws TaskFailure;
}
