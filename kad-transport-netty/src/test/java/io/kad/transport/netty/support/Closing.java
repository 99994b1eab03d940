package io.kad.transport.netty.support;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** End of a test: closes all that it has started. */
public final class Closing {

    private Closing() {}

    /**
     * Closes each of {@code started}, in this order, also after one that fails; null stands for what has not started.
     *
     * @throws AssertionError if any fails; its suppressed ones are the failures
     */
    public static void all(Collection<? extends AutoCloseable> started) {
        List<Throwable> failures = new ArrayList<>();
        for (AutoCloseable each : started) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception | Error failed) {
                failures.add(failed);
            }
        }
        if (!failures.isEmpty()) {
            AssertionError failure = new AssertionError("not closed as it should be: " + failures);
            failures.forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
