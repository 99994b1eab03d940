package io.kad.bench.load;

import io.kad.api.message.KadRequest;
import io.kad.bench.cli.CommandException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fixed list of requests of one client, of which some are in flight at a time. Not thread-safe. */
final class RequestBatch {

    private static final int IN_FLIGHT = 16;

    private final LoadClient client;

    RequestBatch(LoadClient client) {
        this.client = client;
    }

    /**
     * Sends {@code requests} and waits for their ends.
     *
     * @return the number of responses without what was asked for
     * @throws CommandException if a request fails
     */
    int send(List<KadRequest> requests) throws InterruptedException {
        Ends ends = new Ends();
        for (KadRequest request : requests) {
            ends.slots.acquire();
            client.send(request, ends);
        }
        ends.slots.acquire(IN_FLIGHT);
        String failure = ends.failure.get();
        if (failure != null) {
            throw new CommandException("the server does not store the entries: a request failed with " + failure
                    + "; it must take keys of /app and as many entries as --keys says");
        }
        return ends.missed.availablePermits();
    }

    private static final class Ends implements Outcome {

        private final Semaphore slots = new Semaphore(IN_FLIGHT);
        private final Semaphore missed = new Semaphore(0);
        private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

        @Override
        public void succeeded(boolean found) {
            if (!found) {
                missed.release();
            }
            slots.release();
        }

        @Override
        public void failed(String kind) {
            failure.compareAndSet(null, kind);
            slots.release();
        }
    }
}
