package io.kad.transport.netty;

import io.kad.transport.netty.stream.SignatureChecks;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event loops, and threads that check signatures, shared by all transports of a process.
 *
 * <p>Reference-counted: created by the first transport and shut down with the last one, so that a hundred peers in one
 * process need no hundred threads. Thread-safe.
 */
final class SharedEventLoops {

    private static final Logger LOG = LoggerFactory.getLogger(SharedEventLoops.class);
    private static final SharedEventLoops INSTANCE = new SharedEventLoops();
    private static final long CHECK_THREAD_SECONDS = 10;

    private final DefaultThreadFactory checkThreads = new DefaultThreadFactory("kad-check", true);
    private @Nullable EventLoopGroup group;
    private List<ExecutorService> checkExecutors = List.of();
    private int references;

    private SharedEventLoops() {}

    /**
     * Returns the event loops; each call must be matched by one {@link #release()}.
     *
     * @throws IllegalStateException if the version of Netty is too old
     */
    static EventLoopGroup acquire() {
        NettyVersion.check();
        return INSTANCE.increment();
    }

    /** Releases the event loops. The last release shuts them down and blocks until they have terminated. */
    static void release() {
        INSTANCE.decrement();
    }

    /** Returns the threads that check signatures, one for costly keys, and as many as there are processors for cheap ones; they live as long as the event loops. */
    static SignatureChecks checks() {
        return INSTANCE.currentChecks();
    }

    private synchronized SignatureChecks currentChecks() {
        if (checkExecutors.isEmpty()) {
            checkExecutors = List.of(checkExecutor(Runtime.getRuntime().availableProcessors()), checkExecutor(1));
        }
        return new SignatureChecks(checkExecutors.get(0), checkExecutors.get(1));
    }

    /** Creates an executor with a bounded waiting line, whose threads live only while there is work. */
    private ExecutorService checkExecutor(int threads) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads,
                threads,
                CHECK_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(TransportLimits.MAX_WAITING_SIGNATURE_CHECKS),
                checkThreads);
        executor.allowCoreThreadTimeOut(true);
        return executor;
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
        List<ExecutorService> lastChecks = List.of();
        synchronized (this) {
            references--;
            if (references == 0) {
                last = group;
                group = null;
                lastChecks = checkExecutors;
                checkExecutors = List.of();
            }
        }
        lastChecks.forEach(SharedEventLoops::end);
        if (last != null) {
            last.shutdownGracefully(0, TransportLimits.CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(TransportLimits.CLOSE_TIMEOUT.toMillis() * 2);
        }
    }

    private static void end(ExecutorService checks) {
        checks.shutdownNow();
        try {
            if (!checks.awaitTermination(TransportLimits.CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("a check of a signature runs on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
