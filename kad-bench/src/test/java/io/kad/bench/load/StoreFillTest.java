package io.kad.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Security;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.transport.netty.limit.NodeBudgets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoreFillTest {

    /** Fewer checks than are made, and more than there were when they had no pauses. */
    private static final int CHECKS_UNTIL_FOUND = 20;

    private final Map<Object, Record> records = new ConcurrentHashMap<>();
    private final AtomicInteger checks = new AtomicInteger();

    /** An announcement is found at the twentieth check only. */
    private KadResponse answer(KadRequest request) {
        if (request instanceof KadRequest.PutValue put) {
            records.put(put.record().key(), put.record());
            return new KadResponse.PutValue(put.record());
        } else if (request instanceof KadRequest.GetValue get) {
            return new KadResponse.GetValue(Optional.ofNullable(records.get(get.key())), List.of());
        }
        boolean found = checks.incrementAndGet() >= CHECKS_UNTIL_FOUND;
        PeerInfo provider = PeerInfo.of(SeededIdentity.of("client", 1, 0).peerId(), List.of());
        return new KadResponse.GetProviders(found ? List.of(provider) : List.of(), List.of());
    }

    @Test
    void aServerMayStoreWhatItIsToldALittleLater() throws InterruptedException {
        try (StubServer server = new StubServer(this::answer)) {
            LoadPlan plan = Plans.closed(server.info(), RequestKind.FIND_NODE, Security.NOISE, false, 1);
            try (LoadClient client = new LoadClient(
                    SeededIdentity.of("client", 1, 0), server.info(), plan.config(), NodeBudgets.of(plan.config()))) {
                client.connect().join();
                Workload workload = new Workload(server.info().id(), new LoadPlan.Data(1, 1, 64, 1));
                new StoreFill(workload).fill(List.of(client), 1);
                assertThat(checks).hasValue(CHECKS_UNTIL_FOUND);
            }
        }
    }
}
