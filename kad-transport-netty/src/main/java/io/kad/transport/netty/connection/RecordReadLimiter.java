package io.kad.transport.netty.connection;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Permits to read stored records for one connection: at most {@value #MAX_READS} are in use at a time, because a record that was read is in memory
 * before its size is known to the limits. Confined to the event loop of the connection.
 */
public final class RecordReadLimiter {

    static final int MAX_READS = 4;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int permitsInUse;
    private boolean granting;

    RecordReadLimiter() {}

    /** Acquires a permit: calls {@code onPermit} within this call or later; {@link #release} must follow. */
    public void acquire(Runnable onPermit) {
        waiting.add(onPermit);
        grantWaiting();
    }

    /** Gives a permit back. */
    public void release() {
        permitsInUse--;
        grantWaiting();
    }

    /** Gives up waiting; has no effect if {@code onPermit} was called. */
    public void cancel(Runnable onPermit) {
        waiting.remove(onPermit);
    }

    /** Grants permits in a loop, not by recursion, because one may be given back within its callback. */
    private void grantWaiting() {
        if (granting) {
            return;
        }
        granting = true;
        try {
            while (permitsInUse < MAX_READS && !waiting.isEmpty()) {
                permitsInUse++;
                waiting.remove().run();
            }
        } finally {
            granting = false;
        }
    }
}
