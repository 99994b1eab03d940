package io.kad.bench;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.core.engine.CommandId;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.KadEngine;
import io.kad.core.engine.Now;
import io.kad.core.query.QuerySpec;
import io.kad.core.record.Validators;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Benchmark of the engine's computation for one lookup of the 20 closest peers in a network of 1,000 peers that respond immediately: about
 * 22 requests, each with its events, a response of 20 peers, and the events for the user.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar WholeLookupBenchmark -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WholeLookupBenchmark {

    private static final Instant WALL = Instant.parse("2025-01-01T00:00:00Z");

    private final StaticNetwork network = new StaticNetwork(new BenchmarkPeers(1));
    private final PeerId self = network.peers().get(0).id();
    private final KadEngine engine = new KadEngine(self, config(), new Validators(List.of()), new SplittableRandom(1));
    private final Deque<EngineAction> actions = new ArrayDeque<>();
    private long nanos;
    private long queries;

    private static KademliaConfig config() {
        return KademliaConfig.builder()
                .disable(KademliaConfig.BOOTSTRAP_THROTTLE)
                .disable(KademliaConfig.BOOTSTRAP_INTERVAL)
                .build();
    }

    @Setup
    public void fillTable() {
        for (PeerInfo peer : network.table(self).closest(self.kadKey(), StaticNetwork.SIZE)) {
            advance(new EngineEvent.AddAddress(
                    new CommandId(0), peer.id(), peer.addresses().get(0)));
        }
        actions.clear();
    }

    private void advance(EngineEvent event) {
        engine.advance(new Now(nanos += 1000, WALL), event, actions::add);
    }

    @Benchmark
    public int lookup() {
        Bytes key = Bytes.of(ByteBuffer.allocate(8).putLong(++queries).array());
        KadKey target = KadKey.hash(key);
        advance(new EngineEvent.StartQuery(new QueryId(queries), new QuerySpec.GetClosestPeers(key, 20)));
        int requests = 0;
        for (EngineAction action = actions.poll(); action != null; action = actions.poll()) {
            if (action instanceof EngineAction.SendRequest request
                    && request.message() instanceof KadRequest.FindNode) {
                requests++;
                advance(new EngineEvent.ResponseReceived(
                        request.requestId(),
                        new KadResponse.FindNode(network.closest(request.peer().id(), self, target))));
            }
        }
        return requests;
    }
}
