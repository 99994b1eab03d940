package io.kad.bench.load;

import io.kad.bench.measure.Measurement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closed loop: a number of requests is in flight, and each end of one sends the next. So a slow server is asked less, and the latencies do not show
 * the requests that would have come meanwhile.
 */
final class ClosedLoop implements LoadLoop {

    /** Pause of a place in flight after a failure, so that a server that is gone is not asked as fast as this machine can. */
    private static final long PAUSE_MILLIS = 10;

    private final List<LoadClient> clients;
    private final Workload workload;
    private final RequestKind kind;
    private final int inFlight;

    /** Creates a loop with {@code inFlight} requests in flight, over all clients. */
    ClosedLoop(List<LoadClient> clients, Workload workload, RequestKind kind, int inFlight) {
        this.clients = List.copyOf(clients);
        this.workload = workload;
        this.kind = kind;
        this.inFlight = inFlight;
    }

    @Override
    public Measurement run(Duration duration, long first) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        Measurement measurement = new Measurement(end);
        CountDownLatch running = new CountDownLatch(inFlight);
        AtomicLong number = new AtomicLong(first);
        // on a machine that stands still, the time may be over already; the first requests are sent nevertheless
        for (int i = 0; i < inFlight; i++) {
            new Slot(i, end, measurement, running, number).send();
        }
        running.await(); // each request ends, at the latest with its timeout
        return measurement;
    }

    /** One of the slots in flight. Its clients are its own if there are more clients than slots, so that all are used alike. */
    private final class Slot implements Outcome {

        private final long end;
        private final Measurement measurement;
        private final CountDownLatch running;
        private final AtomicLong number;
        private int client;
        private long sent;

        Slot(int index, long end, Measurement measurement, CountDownLatch running, AtomicLong number) {
            this.client = index % clients.size();
            this.end = end;
            this.measurement = measurement;
            this.running = running;
            this.number = number;
        }

        void next() {
            if (System.nanoTime() - end >= 0) {
                running.countDown();
            } else {
                send();
            }
        }

        void send() {
            LoadClient sender = clients.get(client);
            if (client + inFlight < clients.size()) {
                client += inFlight;
            } else {
                client %= inFlight;
            }
            long request = number.getAndIncrement();
            sent = System.nanoTime();
            sender.send(workload.request(kind, request, sender.self()), this);
        }

        @Override
        public void succeeded(boolean found) {
            measurement.succeeded(sent, found);
            next();
        }

        @Override
        public void failed(String kind) {
            measurement.failed(kind);
            CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(this::next);
        }
    }
}
