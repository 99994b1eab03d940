package io.kad.core.runtime;

import io.kad.api.event.DhtEvent;
import io.kad.api.spi.Transport;
import java.util.concurrent.atomic.AtomicBoolean;

/** The parts a peer is put together from, and how they end. */
record PeerParts(
        EngineDriver driver,
        Transport transport,
        Stores stores,
        PeerCalls calls,
        EventPublisher<DhtEvent> events,
        Environment environment,
        Runnable releaseEnvironment,
        AtomicBoolean closed) {

    /** Ends everything, once: what users wait for first, so that nobody waits for a part that is gone. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            driver.close();
            calls.close();
            transport.close();
            events.complete();
            stores.close();
            releaseEnvironment.run();
        }
    }
}
