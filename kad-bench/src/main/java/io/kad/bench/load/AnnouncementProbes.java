package io.kad.bench.load;

import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Providers that are announced while a load of ADD_PROVIDER runs, each under a key of its own and once, and are read afterwards. ADD_PROVIDER has no
 * response, so nothing else shows that a server drops it. The keys of the load do not show it: it announces each many times. Not thread-safe.
 */
final class AnnouncementProbes implements AutoCloseable {

    /** Number of probes; together with the 1000 keys of a load they are fewer than the 1024 that rust-libp2p stores. */
    static final int COUNT = 20;

    private static final long PAUSE_MILLIS = 100;

    private final LoadClient announcer;
    private final List<RecordKey> keys;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "announcement probes");
        thread.setDaemon(true);
        return thread;
    });

    /** Creates probes that nobody else has announced. */
    AnnouncementProbes(LoadClient announcer, List<RecordKey> keys) {
        this.announcer = announcer;
        this.keys = List.copyOf(keys);
    }

    /** Announces the probes in equal steps of {@code duration}, from now on. */
    void start(Duration duration) {
        long step = duration.toNanos() / keys.size();
        for (int i = 0; i < keys.size(); i++) {
            KadRequest request = new KadRequest.AddProvider(keys.get(i), List.of(announcer.self()));
            Future<?> unused = timer.schedule(() -> announcer.send(request, IGNORED), i * step, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Waits until all probes are announced, and reads them.
     *
     * @param reader another peer than the announcer, as some servers leave out of a response the peer that asks
     * @param patience time after which those that are not there are missing, as a server may store them a little later
     * @return the number of those that are missing
     */
    int missing(LoadClient reader, Duration patience) throws InterruptedException {
        timer.shutdown();
        timer.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
        long end = System.nanoTime() + patience.toNanos();
        List<RecordKey> absent = absent(reader, keys);
        while (!absent.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            absent = absent(reader, absent);
        }
        return absent.size();
    }

    private List<RecordKey> absent(LoadClient reader, List<RecordKey> asked) {
        List<CompletableFuture<Boolean>> found = asked.stream()
                .map(key -> reader.request(new KadRequest.GetProviders(key))
                        .thenApply(this::hasAnnouncer)
                        .exceptionally(failure -> false))
                .toList();
        return IntStream.range(0, asked.size())
                .filter(i -> !found.get(i).join())
                .mapToObj(asked::get)
                .toList();
    }

    private boolean hasAnnouncer(KadResponse response) {
        return response instanceof KadResponse.GetProviders found
                && found.providers().stream()
                        .anyMatch(peer -> peer.id().equals(announcer.self().id()));
    }

    /** Ends the announcements that are still to come. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One that fails is missing in the end. */
    private static final Outcome IGNORED = new Outcome() {
        @Override
        public void succeeded(boolean found) {}

        @Override
        public void failed(String kind) {}
    };
}
