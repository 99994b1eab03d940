package io.kad.bench;

import io.kad.api.LookupStrategy;
import io.kad.api.id.PeerId;
import io.kad.core.lookup.BackOff;
import io.kad.core.lookup.Lookup;
import io.kad.core.lookup.LookupConfig;
import io.kad.core.lookup.ResponseTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/**
 * Benchmark of one step of a lookup with 1,000 candidates: a response with 20 new peers, and the selection of the next peer to query.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar LookupStepBenchmark -prof gc}
 */
public class LookupStepBenchmark extends NanosecondBenchmark {

    /** Replication parameter, with which a lookup keeps up to 1,024 candidates. */
    private static final int K = 32;

    private static final int CANDIDATES = 1000;
    private static final int STEPS = 100;
    private static final int PEERS_PER_RESPONSE = 20;

    private final List<PeerId> seeds = new ArrayList<>();
    private final List<List<PeerId>> responses = new ArrayList<>();
    private final BenchmarkPeers peers = new BenchmarkPeers(1);
    private final PeerId self = peers.peer();

    private final ResponseTimes responseTimes = new ResponseTimes(new ResponseTimes.Floors(0, 0));
    private Lookup lookup = start();

    @Setup
    public void drawPeers() {
        for (int i = 0; i < CANDIDATES; i++) {
            seeds.add(peers.peer());
        }
        for (int step = 0; step < STEPS; step++) {
            List<PeerId> closerPeers = new ArrayList<>();
            for (int i = 0; i < PEERS_PER_RESPONSE; i++) {
                closerPeers.add(peers.peer());
            }
            responses.add(closerPeers);
        }
    }

    private Lookup start() {
        return new LookupConfig(LookupStrategy.SCOPED, 3, 3, 1, Duration.ofSeconds(10))
                .newLookup(peers.key(), K, peer -> responseTimes, BackOff.NONE, seeds, self);
    }

    /** Starts a new lookup per hundred steps. */
    @Setup(Level.Invocation)
    public void begin() {
        lookup = start();
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public int step() {
        for (int step = 0; step < STEPS; step++) {
            Optional<PeerId> queried = lookup.next(0);
            if (queried.isPresent()) {
                lookup.onResponse(queried.get(), responses.get(step), 0);
            }
        }
        return lookup.requests();
    }
}
