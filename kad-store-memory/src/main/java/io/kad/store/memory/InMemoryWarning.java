package io.kad.store.memory;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells users, once in a process, that what they store is gone with it. */
final class InMemoryWarning {

    private static final Logger LOG = LoggerFactory.getLogger(InMemoryWarning.class);
    private static final AtomicBoolean LOGGED = new AtomicBoolean();

    private InMemoryWarning() {}

    static void logOnce() {
        if (!LOGGED.getAndSet(true)) {
            LOG.info("records are held in memory only and are lost when the process ends");
        }
    }
}
