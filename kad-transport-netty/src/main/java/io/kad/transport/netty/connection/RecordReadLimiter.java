package io.kad.transport.netty.connection;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Reads of stored records for one remote peer: at most {@value #MAX_READS} run concurrently, because a record that was read is in memory
 * before its size is known to the limits. Confined to the event loop of the connection.
 */
public final class RecordReadLimiter {

    static final int MAX_READS = 4;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private boolean starting;

    RecordReadLimiter() {}

    /** Runs {@code read} within this call or later; {@link #release} must follow. */
    public void acquire(Runnable read) {
        waiting.add(read);
        startWaiting();
    }

    /** Ends a read that was run. */
    public void release() {
        running--;
        startWaiting();
    }

    /** Gives up a read; has no effect if it was run. */
    public void cancel(Runnable read) {
        waiting.remove(read);
    }

    /** Starts reads in a loop, not by recursion, because a read may end within its start. */
    private void startWaiting() {
        if (starting) {
            return;
        }
        starting = true;
        try {
            while (running < MAX_READS && !waiting.isEmpty()) {
                running++;
                waiting.remove().run();
            }
        } finally {
            starting = false;
        }
    }
}
