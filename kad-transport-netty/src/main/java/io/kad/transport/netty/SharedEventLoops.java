package io.kad.transport.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Event loops shared by all transports of a process.
 *
 * <p>Reference-counted: created by the first transport and shut down with the last one, so that a hundred peers in one
 * process need no hundred threads. Thread-safe.
 */
final class SharedEventLoops {

    private static final SharedEventLoops INSTANCE = new SharedEventLoops();

    private @Nullable EventLoopGroup group;
    private int references;

    private SharedEventLoops() {}

    /** Returns the event loops; each call must be matched by one {@link #release()}. */
    static EventLoopGroup acquire() {
        return INSTANCE.increment();
    }

    /** Releases the event loops. The last release shuts them down and blocks until they have terminated. */
    static void release() {
        INSTANCE.decrement();
    }

    private synchronized EventLoopGroup increment() {
        EventLoopGroup current = group;
        if (current == null) {
            current = new MultiThreadIoEventLoopGroup(
                    Runtime.getRuntime().availableProcessors(),
                    new DefaultThreadFactory("kad-io", true),
                    NioIoHandler.newFactory());
            group = current;
        }
        references++;
        return current;
    }

    private void decrement() {
        EventLoopGroup last = null;
        synchronized (this) {
            references--;
            if (references == 0) {
                last = group;
                group = null;
            }
        }
        if (last != null) {
            last.shutdownGracefully(0, TransportLimits.CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(TransportLimits.CLOSE_TIMEOUT.toMillis() * 2);
        }
    }
}
