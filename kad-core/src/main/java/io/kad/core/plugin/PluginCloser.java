package io.kad.core.plugin;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes plug-ins. A failure is logged, and never thrown. Thread-safe. */
@FunctionalInterface
public interface PluginCloser {

    /** Longest time to wait for the close of one plug-in. Source: kad's choice. */
    Duration LIMIT = Duration.ofSeconds(10);

    /** Calls {@code close}, which closes a plug-in of class {@code plugin}. */
    void close(String plugin, AutoCloseable close);

    /** Returns a closer that calls on the calling thread, for simulated time. */
    static PluginCloser onThisThread() {
        return (plugin, close) -> {
            try {
                close.close();
            } catch (Throwable e) {
                logger().warn("failed to close {}", plugin, e);
            }
        };
    }

    /** Returns a closer that waits up to {@code limit} for each plug-in; one that takes longer is named in a warning, and left alone. */
    static PluginCloser waitingUpTo(Duration limit) {
        return (plugin, close) -> {
            Thread thread = new Thread(() -> onThisThread().close(plugin, close), "kad-close");
            thread.setDaemon(true);
            thread.start();
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, limit.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                logger().warn("{} has not closed after {} s and is left alone", plugin, limit.toSeconds());
            }
        };
    }

    private static Logger logger() {
        return LoggerFactory.getLogger(PluginCloser.class);
    }
}
