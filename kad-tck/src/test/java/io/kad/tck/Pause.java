package io.kad.tck;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The pause between two steps that a right store would make as one. It begins at most once and ends when another thread calls the
 * store, so that a test with several threads meets the defect by construction.
 */
final class Pause {

    /** A safety net: without another caller the store goes on, and the test that should meet the defect does not. */
    private static final long SECONDS = 20;

    /** The thread of the test: while it calls the store, no other thread does. */
    private final Thread maker = Thread.currentThread();

    private final AtomicReference<Thread> paused = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);

    /** Waits until another thread has called {@link #end}. Returns immediately in the thread of the test, or after the first pause. */
    void begin() {
        Thread caller = Thread.currentThread();
        if (caller != maker && paused.compareAndSet(null, caller)) {
            try {
                over.await(SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                caller.interrupt();
            }
        }
    }

    /** Ends the pause of another thread. The caller holds the lock of the store, so that it looks before that thread goes on. */
    void end() {
        Thread other = paused.get();
        if (other != null && other != Thread.currentThread()) {
            over.countDown();
        }
    }
}
