package io.kad.core.event;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs what users are told where they want it, and if that executor takes nothing any more, on the thread that has something to tell:
 * a future that is never completed would be worse.
 */
public record CallbackExecutor(Executor executor) implements Executor {

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException ended) {
            task.run();
        }
    }
}
