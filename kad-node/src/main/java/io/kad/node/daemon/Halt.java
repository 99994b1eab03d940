package io.kad.node.daemon;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Last resort: ends a process whose own end hangs, such as one whose output nobody reads. */
public final class Halt {

    /** Time that a process has to end by itself. If too low, a peer is not closed in order; if too high, systems kill it anyway. */
    public static final Duration MAX_TIME = Duration.ofSeconds(20);

    private Halt() {}

    /** Halts the process with exit code 1 unless {@code ended} is counted down within {@link #MAX_TIME}. Returns at once. */
    public static void unless(CountDownLatch ended) {
        Thread halt = new Thread(
                () -> {
                    try {
                        if (!ended.await(MAX_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
                            Runtime.getRuntime().halt(1);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "kad-halt");
        halt.setDaemon(true);
        halt.start();
    }
}
