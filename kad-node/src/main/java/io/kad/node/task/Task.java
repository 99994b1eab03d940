package io.kad.node.task;

/** Request of a command to a peer. */
@FunctionalInterface
public interface Task {

    /** Carries the request out and writes the answer; the last line of the answer has {@code ok}. */
    void run(TaskContext context) throws TaskFailure;
}
