package io.kad.core.peer;

import io.kad.api.event.DhtEvent;
import io.kad.api.spi.transport.Transport;
import io.kad.core.event.EventPublisher;
import io.kad.core.event.QueryEventReplay;
import io.kad.core.future.PendingCommands;
import io.kad.core.future.PendingFutures;
import io.kad.core.future.RunningQueries;
import io.kad.core.plugin.PluginCloser;
import io.kad.core.runtime.EngineDriver;
import io.kad.core.runtime.InboundService;
import io.kad.core.runtime.Stores;
import io.kad.core.runtime.TransportDefects;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Components of a peer, which are closed in order. Thread-safe.
 *
 * @param eventReplay keeps the events of queries for their subscribers
 * @param snapshots saves the peer snapshot; empty without a peer snapshot store
 * @param identifiedPeers the connected peers, with their identification once they have sent it
 * @param closer closes the plug-ins
 * @param release releases the shared thread pools; does nothing if there are none
 * @param closed whether {@link #close} was called
 */
record PeerComponents(
        EngineDriver driver,
        RunningQueries runningQueries,
        PendingCommands commands,
        PendingFutures futures,
        EventPublisher<DhtEvent> events,
        QueryEventReplay eventReplay,
        Transport transport,
        Stores stores,
        Optional<PeerSnapshots> snapshots,
        IdentifiedPeers identifiedPeers,
        InboundService inbound,
        Executor callbackExecutor,
        PluginCloser closer,
        Runnable release,
        AtomicBoolean closed) {

    private static final Logger LOG = LoggerFactory.getLogger(PeerComponents.class);

    /** Closes all components once. The driver and the pending futures are closed first, so that no user waits for a closed component. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<Runnable> steps = List.of(
                driver::close,
                runningQueries::close,
                futures::close,
                () -> closer.close(TransportDefects.nameOf(transport), transport),
                events::complete,
                () -> snapshots.ifPresent(saver -> closer.close(saver.storeName(), saver::close)),
                () -> stores.close(closer),
                release);
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (Throwable e) {
                LOG.error("failed to close a component of the peer", e);
            }
        }
    }
}
