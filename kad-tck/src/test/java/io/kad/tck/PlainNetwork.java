package io.kad.tck;

import io.kad.api.id.Multiaddr;
import io.kad.tck.support.SilentPeer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A network within the process for {@link PlainTransport}s, which all share its lock and its one thread. */
final class PlainNetwork implements AutoCloseable {

    final Map<Multiaddr, PlainTransport> listeners = new HashMap<>();
    final Map<Multiaddr, Silent> silent = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private int lastPort = 1000;
    private long lastConnection;

    synchronized Multiaddr freeAddress() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + ++lastPort);
    }

    synchronized long nextConnection() {
        return ++lastConnection;
    }

    /** Runs {@code task} on the thread of the network, with its lock. */
    void later(Runnable task) {
        later(0, task);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a task that fails shows in what did not happen
    void later(long millis, Runnable task) {
        thread.schedule(
                () -> {
                    synchronized (this) {
                        task.run();
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    synchronized Silent addSilent() {
        Silent peer = new Silent(freeAddress());
        silent.put(peer.address(), peer);
        return peer;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** An address that takes connections and says nothing. */
    static final class Silent implements SilentPeer {
        private final Multiaddr address;
        private volatile int connections;

        Silent(Multiaddr address) {
            this.address = address;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // only the thread of the network dials
        void connect() {
            connections++;
        }

        @Override
        public Multiaddr address() {
            return address;
        }

        @Override
        public int connections() {
            return connections;
        }

        @Override
        public void close() {}
    }
}
