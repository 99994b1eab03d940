package io.kad.transport.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that every transport of a process shares: there as long as one of them is open, so that a hundred peers in one
 * process need no hundred threads, and none is left when the last is closed.
 */
final class SharedEventLoops {

    private static final SharedEventLoops INSTANCE = new SharedEventLoops();

    private @Nullable EventLoopGroup group;
    private int users;

    private SharedEventLoops() {}

    /** Returns the event loops, to be {@linkplain #release() released} once. */
    static EventLoopGroup acquire() {
        return INSTANCE.use();
    }

    /** Gives the event loops back; with the last user they end, which is waited for. */
    static void release() {
        INSTANCE.leave();
    }

    private synchronized EventLoopGroup use() {
        EventLoopGroup current = group;
        if (current == null) {
            current = new MultiThreadIoEventLoopGroup(
                    Runtime.getRuntime().availableProcessors(),
                    new DefaultThreadFactory("kad-io", true),
                    NioIoHandler.newFactory());
            group = current;
        }
        users++;
        return current;
    }

    private void leave() {
        EventLoopGroup last = null;
        synchronized (this) {
            users--;
            if (users == 0) {
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
