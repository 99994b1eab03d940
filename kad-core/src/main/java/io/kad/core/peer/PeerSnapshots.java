package io.kad.core.peer;

import io.kad.api.RoutingTableView;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.Cancellable;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.runtime.Scheduler;
import io.kad.core.runtime.StoreAccess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the peers of the routing table some time after they changed, and at the end. What is saved first comes soon, as a peer that has
 * just joined has nothing yet; then the wait doubles up to the interval. What could not be saved is tried again after that. A table that
 * has become empty leaves the last snapshot as it is: it is then the only way back. Thread-safe.
 */
final class PeerSnapshots {

    /** How long the first change waits. */
    static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PeerSnapshots.class);

    private final StoreAccess<PeerSnapshotStore> store;
    private final Scheduler timer;
    private final long longestNanos;

    private final AtomicBoolean waiting = new AtomicBoolean();
    /** Held while something is saved, which the engine must never wait for. */
    private final ReentrantLock saving = new ReentrantLock();

    private volatile @Nullable RoutingSnapshot latest;
    private volatile @Nullable Cancellable alarm;
    private volatile boolean closed;
    private volatile long delayNanos;
    private List<PeerInfo> saved = List.of();

    PeerSnapshots(StoreAccess<PeerSnapshotStore> store, Scheduler timer, Duration interval) {
        this.store = store;
        this.timer = timer;
        this.longestNanos = interval.toNanos();
        this.delayNanos = Math.min(FIRST_DELAY.toNanos(), longestNanos);
    }

    /** Returns the peers saved last; none if they can't be read, which is logged. Blocks. */
    List<PeerInfo> load() {
        saving.lock();
        try {
            saved = store.store().load();
            return saved;
        } catch (StoreException | RuntimeException failed) {
            LOG.warn("the peers of the last run are not known: {}", failed.getMessage());
            return List.of();
        } finally {
            saving.unlock();
        }
    }

    /** Takes the routing table after a change of any kind. Never waits. */
    void changed(RoutingSnapshot table) {
        latest = table;
        scheduleSaving();
    }

    private void scheduleSaving() {
        if (!closed && waiting.compareAndSet(false, true)) {
            long delay = delayNanos;
            delayNanos = Math.min(2 * delay, longestNanos);
            alarm = timer.schedule(delay, this::wake);
        }
    }

    private void wake() {
        waiting.set(false);
        store.use(ignored -> saveUnlessClosed(), failed -> {
            warn(failed);
            scheduleSaving();
        });
    }

    private void saveUnlessClosed() throws StoreException {
        saving.lock();
        try {
            if (!closed) {
                save();
            }
        } finally {
            saving.unlock();
        }
    }

    private void save() throws StoreException {
        RoutingSnapshot table = latest;
        List<PeerInfo> peers = table == null ? List.of() : peers(table.view());
        if (!peers.isEmpty() && !peers.equals(saved)) {
            store.store().save(peers);
            saved = peers;
        }
    }

    private static void warn(Exception failed) {
        LOG.warn("the routing table is not saved: {}", failed.getMessage());
    }

    /** Returns the peers of a table, those first that are connected. */
    private static List<PeerInfo> peers(RoutingTableView table) {
        Function<Boolean, Stream<RoutingTableView.Entry>> entries =
                connected -> table.entries().stream().filter(entry -> entry.connected() == connected);
        return Stream.concat(entries.apply(true), entries.apply(false))
                .map(entry -> PeerInfo.of(entry.peer(), entry.addresses()))
                .toList();
    }

    /** Saves what has changed since the last time, and closes the store if it is the peer's own. Blocks. */
    void close() {
        Cancellable pending = alarm;
        if (pending != null) {
            pending.cancel();
        }
        saving.lock();
        try {
            closed = true;
            save();
        } catch (StoreException | RuntimeException failed) {
            warn(failed);
        } finally {
            saving.unlock();
        }
        try {
            store.close().close();
        } catch (Exception failed) {
            LOG.warn("{} did not close in good order", store.store().getClass().getName(), failed);
        }
    }
}
