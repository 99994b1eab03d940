package io.kad.bench.load;

import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.bench.cli.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/** Filling of the stores of a server over the wire, the same for each implementation: records with PUT_VALUE, providers with ADD_PROVIDER. */
final class StoreFill {

    /** Checks that are made, and pauses before each but the first: 5 s together, as a count does not depend on how busy the machine is. */
    private static final int CHECKS = 51;

    private static final long PAUSE_MILLIS = 100;

    private final Workload workload;

    StoreFill(Workload workload) {
        this.workload = workload;
    }

    /**
     * Stores each record once, and the first {@code providers} of {@code clients} as providers of each key; then reads all of them.
     *
     * @throws CommandException if a request fails, or something is not found after 5 s
     */
    void fill(List<LoadClient> clients, int providers) throws InterruptedException {
        LoadClient first = clients.get(0);
        new RequestBatch(first).send(requests(RequestKind.PUT_VALUE, first.self()));
        check(first, RequestKind.GET_VALUE);
        for (LoadClient provider : clients.subList(0, providers)) {
            new RequestBatch(provider).send(requests(RequestKind.ADD_PROVIDER, provider.self()));
        }
        if (providers > 0) {
            check(first, RequestKind.GET_PROVIDERS);
        }
    }

    /** An ADD_PROVIDER has no response, so what it stores may be there a little later. */
    private void check(LoadClient client, RequestKind kind) throws InterruptedException {
        int missed = new RequestBatch(client).send(requests(kind, client.self()));
        for (int i = 1; i < CHECKS && missed > 0; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            missed = new RequestBatch(client).send(requests(kind, client.self()));
        }
        if (missed > 0) {
            throw new CommandException("the server has not stored all: " + missed + " of " + workload.keys()
                    + " responses to " + kind + " are empty; use fewer --keys");
        }
    }

    private List<KadRequest> requests(RequestKind kind, PeerInfo sender) {
        List<KadRequest> requests = new ArrayList<>();
        LongStream.range(0, workload.keys()).forEach(i -> requests.add(workload.request(kind, i, sender)));
        return requests;
    }
}
