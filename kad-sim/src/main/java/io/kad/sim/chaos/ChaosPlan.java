package io.kad.sim.chaos;

import io.kad.api.KademliaConfig;
import io.kad.api.LookupStrategy;
import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.Reachability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Random configuration and network conditions of a chaos run. */
final class ChaosPlan {

    private static final List<LookupStrategy> STRATEGIES = List.of(LookupStrategy.values());

    private final RandomGenerator random;

    ChaosPlan(RandomGenerator random) {
        this.random = random;
    }

    KademliaConfig config() {
        int k = 1 + random.nextInt(20);
        return KademliaConfig.builder()
                .set(KademliaConfig.K, k)
                .set(KademliaConfig.BUCKET_SIZE, Math.max(2, k))
                .set(KademliaConfig.ALPHA, 1 + random.nextInt(10))
                .set(KademliaConfig.BETA, 1 + random.nextInt(4))
                .set(KademliaConfig.LOOKUP_STRATEGY, STRATEGIES.get(random.nextInt(STRATEGIES.size())))
                .set(KademliaConfig.DISJOINT_PATHS, random.nextBoolean() ? 1 : 1 + random.nextInt(4))
                .set(KademliaConfig.MAX_CACHE_PEERS, random.nextInt(3))
                .set(KademliaConfig.PENDING_TIMEOUT, Duration.ofSeconds(5))
                .set(KademliaConfig.QUERY_TIMEOUT, Duration.ofMillis(500 + random.nextInt(20_000)))
                .set(KademliaConfig.REQUEST_TIMEOUT, Duration.ofMillis(500 + random.nextInt(5000)))
                .set(KademliaConfig.MIN_REQUEST_TIMEOUT, Duration.ofMillis(100 + random.nextInt(1000)))
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, sometimes(Duration.ofSeconds(90)))
                .set(KademliaConfig.REPUBLISH_INTERVAL, sometimes(Duration.ofSeconds(60)))
                .set(KademliaConfig.EXPIRY_SWEEP_INTERVAL, sometimes(Duration.ofSeconds(30)))
                .set(KademliaConfig.REPLICATE_INTERVAL, sometimes(Duration.ofSeconds(50)))
                .set(KademliaConfig.REPROVIDE_INTERVAL, sometimes(Duration.ofSeconds(40)))
                .set(KademliaConfig.RECORD_TTL, Optional.of(Duration.ofSeconds(60)))
                .set(KademliaConfig.PROVIDER_RECORD_TTL, Optional.of(Duration.ofSeconds(60)))
                .set(KademliaConfig.IDLE_CONNECTION_TIMEOUT, Duration.ofSeconds(1 + random.nextInt(30)))
                .set(KademliaConfig.MAX_CONNECTIONS, 5 + random.nextInt(60))
                .set(KademliaConfig.MAX_CONCURRENT_QUERIES, 4 + random.nextInt(16))
                .build();
    }

    private Optional<Duration> sometimes(Duration duration) {
        return random.nextBoolean() ? Optional.of(duration) : Optional.empty();
    }

    NetworkConditions conditions() {
        Duration min = Duration.ofMillis(random.nextInt(100));
        Duration max = min.plusMillis(random.nextInt(400));
        Latency latency = switch (random.nextInt(5)) {
            case 0 -> Latency.fixed(min);
            case 1 -> Latency.uniform(min, max);
            case 2 -> Latency.perPair(min, max);
            case 3 -> Latency.logNormal(min, random.nextDouble());
            default -> Latency.logNormal(min, 0.5).withSlowPeers(0.1, 10);
        };
        NetworkConditions conditions = new NetworkConditions(
                varied(latency),
                Duration.ofMillis(random.nextInt(50)),
                rarely(0.3),
                rarely(0.2),
                rarely(0.2),
                random.nextInt(3),
                random.nextInt(10) > 0,
                Duration.ofSeconds(1 + random.nextInt(30)),
                Reachability.SIMPLE);
        boolean dials = conditions.connections() && conditions.dialRoundTrips() > 0;
        return dials ? conditions.withReachability(reachability()) : conditions;
    }

    private Reachability reachability() {
        return new Reachability(
                1 + random.nextInt(4), rarely(1), Duration.ofMillis(random.nextInt(3000)), random.nextBoolean());
    }

    private Latency varied(Latency latency) {
        Latency jittered = random.nextInt(4) == 0 ? latency.withJitter(0.2) : latency;
        return random.nextInt(4) == 0 ? jittered.withDelays(0.05, Duration.ofMillis(200)) : jittered;
    }

    private double rarely(double most) {
        return random.nextBoolean() ? random.nextDouble() * most : 0;
    }
}
