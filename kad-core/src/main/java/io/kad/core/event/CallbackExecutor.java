package io.kad.core.event;

import java.util.concurrent.Executor;

/**
 * Executor of the callbacks of users. If the executor of the user rejects a task or throws, the task runs on the calling thread, because otherwise a
 * future would never complete. Thread-safe.
 *
 * @param executor the executor of the user
 */
public record CallbackExecutor(Executor executor) implements Executor {

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (Throwable e) {
            task.run();
        }
    }
}
