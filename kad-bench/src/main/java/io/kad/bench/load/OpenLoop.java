package io.kad.bench.load;

import io.kad.bench.measure.Measurement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Open loop: requests are sent at a rate, whether or not there are responses. Latencies count from the time at which a request was to be sent, so
 * that a server that stalls shows in each request that would have come meanwhile: they are corrected for coordinated omission.
 */
final class OpenLoop implements LoadLoop {

    /** Error of a request that could not be sent because too many were under way. */
    static final String NOT_SENT = "NOT_SENT";

    private final List<LoadClient> clients;
    private final Workload workload;
    private final RequestKind kind;
    private final double rate;
    private final int maxPending;

    /**
     * Creates a loop that sends {@code rate} requests a second, with the clients in turn.
     *
     * @param maxPending requests that may be without an end at a time; further ones fail with {@link #NOT_SENT}
     */
    OpenLoop(List<LoadClient> clients, Workload workload, RequestKind kind, double rate, int maxPending) {
        this.clients = List.copyOf(clients);
        this.workload = workload;
        this.kind = kind;
        this.rate = rate;
        this.maxPending = maxPending;
    }

    @Override
    public Measurement run(Duration duration, long first) throws InterruptedException {
        return send(duration, first).awaitEnd();
    }

    /** Sends the requests of {@code duration}, and returns when the last one is sent. */
    SentRequests send(Duration duration, long first) throws InterruptedException {
        long start = System.nanoTime();
        Measurement measurement = new Measurement(start + duration.toNanos());
        Semaphore room = new Semaphore(maxPending);
        long count = Math.round(rate * duration.toNanos() / TimeUnit.SECONDS.toNanos(1));
        for (long i = 0; i < count; i++) {
            long scheduled = start + (long) (i / rate * TimeUnit.SECONDS.toNanos(1));
            parkUntil(scheduled);
            if (room.tryAcquire()) {
                LoadClient sender = clients.get((int) (i % clients.size()));
                sender.send(workload.request(kind, first + i, sender.self()), new Sent(scheduled, measurement, room));
            } else {
                measurement.failed(NOT_SENT);
            }
        }
        return new SentRequests(measurement, room, maxPending);
    }

    /** Requests that are sent, of which some may have no end yet. */
    record SentRequests(Measurement measurement, Semaphore room, int maxPending) {

        /** Waits for the end of each request, which comes with its timeout at the latest, and returns what was measured. */
        Measurement awaitEnd() throws InterruptedException {
            room.acquire(maxPending);
            return measurement;
        }
    }

    private static void parkUntil(long time) throws InterruptedException {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private record Sent(long scheduled, Measurement measurement, Semaphore room) implements Outcome {

        @Override
        public void succeeded(boolean found) {
            measurement.succeeded(scheduled, found);
            room.release();
        }

        @Override
        public void failed(String kind) {
            measurement.failed(kind);
            room.release();
        }
    }
}
