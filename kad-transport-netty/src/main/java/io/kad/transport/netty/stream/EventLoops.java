package io.kad.transport.netty.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Execution of tasks on an event loop. */
public final class EventLoops {

    private EventLoops() {}

    /**
     * Runs {@code task} on {@code eventLoop}: within this call if the caller is on that event loop, otherwise later.
     *
     * @throws RejectedExecutionException if the event loop has terminated
     */
    public static void runOn(EventExecutor eventLoop, Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    /**
     * Runs {@code task} as {@link #runOn(EventExecutor, Runnable)} does, and calls {@code onRejected} if the event
     * loop has terminated.
     */
    public static void runOn(EventExecutor eventLoop, Runnable task, Consumer<RejectedExecutionException> onRejected) {
        if (eventLoop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException e) {
            onRejected.accept(e);
        }
    }

    /**
     * Runs {@code task}, which completes {@code promise}, as {@link #runOn(EventExecutor, Runnable)} does; fails the promise if the event loop has
     * terminated.
     */
    public static void runOn(EventExecutor eventLoop, Runnable task, Promise<?> promise) {
        runOn(eventLoop, task, rejected -> promise.tryFailure(new ClosedChannelException()));
    }

    /**
     * Runs {@code task}, which closes {@code channel}, on its event loop, as {@link #runOn(EventExecutor, Runnable)} does. Returns the end of the
     * channel; a failure if the event loop has terminated before it, as it may leave a channel open for ever.
     */
    public static ChannelFuture close(Channel channel, Runnable task) {
        EventExecutor eventLoop = channel.eventLoop();
        if (eventLoop.inEventLoop()) {
            task.run();
            return channel.closeFuture();
        }
        try {
            eventLoop.execute(task);
            return channel.closeFuture();
        } catch (RejectedExecutionException e) {
            return channel.closeFuture().isDone() ? channel.closeFuture() : channel.newFailedFuture(e);
        }
    }

    /** Runs {@code task} after the present one; not at all if the event loop has terminated, and with it all that the task is about. */
    public static void runLater(EventExecutor eventLoop, Runnable task) {
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException e) {
            // Nothing is left to do
        }
    }
}
