package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Memory that a call takes, by the count of the JVM for this thread. */
public final class AllocatedBytes {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocatedBytes() {}

    /** Runs {@code call} and asserts that it takes at most {@code limit} bytes. Repeats it once, as its first run may load classes. */
    public static void assertAtMost(long limit, Runnable call) {
        if (of(call) > limit) {
            assertThat(of(call)).as("allocated bytes").isLessThanOrEqualTo(limit);
        }
    }

    private static long of(Runnable call) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        call.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
