package io.kad.node.task;

/** Operation of a command, carried out by a peer. */
@FunctionalInterface
public interface Task {

    /** Carries out the operation and writes the lines of its result; the last line has {@code ok}. */
    void run(TaskContext context) throws TaskFailure;
}
