package io.kad.bench;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.record.Validators;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.server.RequestPlan;
import io.kad.core.server.RequestRules;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Benchmark of the response to a FIND_NODE request from a routing table of 264 peers; includes hashing the target, without decoding and
 * encoding.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar RequestRulesBenchmark -prof gc}
 */
public class RequestRulesBenchmark extends NanosecondBenchmark {

    private static final int REQUESTS = 1024;

    private final BenchmarkPeers peers = new BenchmarkPeers(1);
    private final PeerId self = peers.peer();
    private final RequestRules handler =
            new RequestRules(self, KademliaConfig.of("/kad/1.0.0"), new Validators(List.of()));
    private final RoutingSnapshot table = peers.table(264).snapshot();
    private final RequestRules.LocalState localState = new RequestRules.LocalState(
            table, peer -> Optional.empty(), List::of, Instant.parse("2025-01-01T00:00:00Z"));
    private final InboundRequest[] requests = new InboundRequest[REQUESTS];
    private int next;

    @Setup
    public void drawRequests() {
        Multiaddr address = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
        PeerId from = peers.peer();
        for (int i = 0; i < REQUESTS; i++) {
            Bytes target = Bytes.of(ByteBuffer.allocate(8).putLong(i).array());
            requests[i] = new InboundRequest(from, address, new KadRequest.FindNode(target));
        }
    }

    @Benchmark
    public RequestPlan findNode() {
        next = (next + 1) & (REQUESTS - 1);
        return handler.plan(requests[next], localState);
    }
}
