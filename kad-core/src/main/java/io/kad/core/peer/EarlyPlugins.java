package io.kad.core.peer;

import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Executor and listener of plug-ins that are created before their peer, such as stores that Guice creates.
 *
 * <p>Tasks wait until the peer is built, up to a bounded number; evictions before that concern no peer. Thread-safe.
 */
final class EarlyPlugins implements Executor, StoreListener {

    static final int MAX_WAITING = 1024;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private @Nullable Executor executor;
    private volatile StoreListener listener = StoreListener.NONE;

    /** Runs the tasks that wait, and all later ones, on {@code executor}; notifies {@code listener} from now on. */
    void start(Executor executor, StoreListener listener) {
        this.listener = listener;
        List<Runnable> tasks;
        synchronized (this) {
            this.executor = executor;
            tasks = new ArrayList<>(waiting);
            waiting.clear();
        }
        tasks.forEach(executor::execute);
    }

    /** Runs {@code task} on the executor of the peer, when there is one. */
    @Override
    public void execute(Runnable task) {
        Executor current;
        synchronized (this) {
            current = executor;
            if (current == null) {
                if (waiting.size() == MAX_WAITING) {
                    throw new RejectedExecutionException(
                            MAX_WAITING + " tasks of plug-ins wait for their peer: build it before more work begins");
                }
                waiting.add(task);
                return;
            }
        }
        current.execute(task);
    }

    @Override
    public Iterator<RecordKey> recordsOverShare(RecordKey incoming) {
        return listener.recordsOverShare(incoming);
    }

    @Override
    public Iterator<Provided> providersOverShare(Provided incoming) {
        return listener.providersOverShare(incoming);
    }

    @Override
    public void recordEvicted(Record evicted, Record closer) {
        listener.recordEvicted(evicted, closer);
    }

    @Override
    public void providerEvicted(RecordKey key, PeerId provider) {
        listener.providerEvicted(key, provider);
    }
}
