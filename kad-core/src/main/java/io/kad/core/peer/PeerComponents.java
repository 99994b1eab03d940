package io.kad.core.peer;

import io.kad.api.event.DhtEvent;
import io.kad.api.spi.transport.Transport;
import io.kad.core.event.EventPublisher;
import io.kad.core.future.PendingCommands;
import io.kad.core.future.PendingFutures;
import io.kad.core.future.RunningQueries;
import io.kad.core.runtime.EngineDriver;
import io.kad.core.runtime.Stores;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts a peer is put together from, and how they end.
 *
 * @param snapshots saves the routing table, if there is where to
 * @param known the peers that are connected
 * @param release gives back the threads, if they are shared with other peers of the process
 * @param closed whether they have ended
 */
record PeerComponents(
        EngineDriver driver,
        RunningQueries queries,
        PendingCommands commands,
        PendingFutures futures,
        EventPublisher<DhtEvent> events,
        Transport transport,
        Stores stores,
        Optional<PeerSnapshots> snapshots,
        IdentifiedPeers known,
        Executor callbackExecutor,
        Runnable release,
        AtomicBoolean closed) {

    private static final Logger LOG = LoggerFactory.getLogger(PeerComponents.class);

    /** Ends everything, once: what users wait for first, so that nobody waits for a part that is gone. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<Runnable> steps = List.of(
                driver::close,
                queries::close,
                futures::close,
                transport::close,
                events::complete,
                () -> snapshots.ifPresent(PeerSnapshots::close),
                stores::close,
                release);
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException fault) {
                LOG.error("a part of the peer did not close", fault);
            }
        }
    }
}
