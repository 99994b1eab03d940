package io.kad.store.memory;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log message that records are not persisted; logged at most once per process. Thread-safe. */
final class InMemoryWarning {

    private static final Logger LOG = LoggerFactory.getLogger(InMemoryWarning.class);
    private static final AtomicBoolean LOGGED = new AtomicBoolean();

    private InMemoryWarning() {}

    static void logOnce() {
        if (!LOGGED.getAndSet(true)) {
            LOG.info("records are stored in memory only and are lost when the process ends");
        }
    }
}
