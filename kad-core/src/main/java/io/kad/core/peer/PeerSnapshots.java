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
 * Saver of the peer snapshot: saves the peers of the routing table some time after they changed, and on close. The first delay is short,
 * because a peer that has just joined has no snapshot yet; then the delay doubles up to the interval. A failed save is retried after the
 * next delay. An empty table is not saved, because the last snapshot is then the only way to join again. Thread-safe.
 */
final class PeerSnapshots {

    /** Delay of the first save. Default: 1 s (kad's choice). */
    static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PeerSnapshots.class);

    private final StoreAccess<PeerSnapshotStore> store;
    private final Scheduler timer;
    private final long maxDelayNanos;

    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Locked during a save; the engine must never wait for it. */
    private final ReentrantLock saving = new ReentrantLock();

    private volatile @Nullable RoutingSnapshot latest;
    private volatile @Nullable Cancellable scheduledSave;
    private volatile boolean closed;
    private volatile long delayNanos;
    private List<PeerInfo> saved = List.of();

    PeerSnapshots(StoreAccess<PeerSnapshotStore> store, Scheduler timer, Duration interval) {
        this.store = store;
        this.timer = timer;
        this.maxDelayNanos = interval.toNanos();
        this.delayNanos = Math.min(FIRST_DELAY.toNanos(), maxDelayNanos);
    }

    /** Returns the saved peers; empty if they can't be read, which is logged. Blocks. */
    List<PeerInfo> load() {
        saving.lock();
        try {
            saved = List.copyOf(store.userStore().load());
            return saved;
        } catch (Throwable e) {
            LOG.warn("peer snapshot store {} failed to load: {}", storeName(), e.toString());
            return List.of();
        } finally {
            saving.unlock();
        }
    }

    /** Called with the routing snapshot after each change. Never blocks. */
    void changed(RoutingSnapshot table) {
        latest = table;
        scheduleSaving();
    }

    private void scheduleSaving() {
        if (!closed && scheduled.compareAndSet(false, true)) {
            long delay = delayNanos;
            delayNanos = Math.min(2 * delay, maxDelayNanos);
            scheduledSave = timer.schedule(delay, this::startSaving);
        }
    }

    private void startSaving() {
        scheduled.set(false);
        store.withStore(ignored -> saveUnlessClosed(), failure -> {
            warn(failure);
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
            store.userStore().save(peers);
            saved = peers;
        }
    }

    private void warn(Throwable e) {
        LOG.warn("peer snapshot store {} failed to save: {}", storeName(), e.toString());
    }

    /** Returns the peers of a table, connected ones first. */
    private static List<PeerInfo> peers(RoutingTableView table) {
        Function<Boolean, Stream<RoutingTableView.Entry>> entries =
                connected -> table.entries().stream().filter(entry -> entry.connected() == connected);
        return Stream.concat(entries.apply(true), entries.apply(false))
                .map(entry -> PeerInfo.of(entry.peer(), entry.addresses()))
                .toList();
    }

    /** Returns the class of the store. */
    String storeName() {
        return store.userStore().getClass().getName();
    }

    /** Saves unsaved changes, and closes the store if the peer created it. Blocks. */
    void close() {
        Cancellable pending = scheduledSave;
        if (pending != null) {
            pending.cancel();
        }
        saving.lock();
        try {
            closed = true;
            save();
        } catch (Throwable e) {
            warn(e);
        } finally {
            saving.unlock();
        }
        try {
            store.close().close();
        } catch (Exception e) {
            LOG.warn("failed to close {}", store.userStore().getClass().getName(), e);
        }
    }
}
