package io.kad.sim.chaos;

import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.QueryKind;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.sim.InvariantViolation;
import io.kad.sim.Invariants;
import io.kad.sim.SimNetwork;
import io.kad.sim.TableInit;
import io.kad.sim.adversary.ColludingPeers;
import io.kad.sim.adversary.FabricatingPeers;
import io.kad.sim.network.MessageCodec;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import io.kad.store.memory.MemoryStoreLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chaos run: one small network with every fault on. Messages are lost, duplicated, delayed and reordered, one-way partitions start and
 * heal, connections are lost, peers have dead addresses and dial each other at once, they crash, stop, restart and join, and some are slow,
 * silent or adversarial.
 *
 * <p>Deterministic: every choice comes from the seed. A run is confined to one thread; several may run concurrently.
 */
public final class ChaosRun {

    /** Each lookup of a bootstrap has a timeout of its own: the first one, and those of up to 16 buckets, four at a time. */
    private static final int BOOTSTRAP_LOOKUPS_IN_A_ROW = 5;

    private static final List<TableInit> TABLES = List.of(TableInit.values());
    private static final int MAX_PEERS = 60;
    private static final int STEPS = 30;
    private static final int KEYS = 12;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(4);
    private static final int FABRICATED = 200;

    private static final MemoryStoreLimits LIMITS = MemoryStoreLimits.parse(Map.of(
            "memory.max-records", "6",
            "memory.max-local-records", "6",
            "memory.max-provided-keys", "6",
            "memory.max-local-provided-keys", "6",
            "memory.max-providers-per-key", "3"));

    private final RandomGenerator random;
    private final KademliaConfig config;
    private final SimNetwork network;
    private final List<CompletableFuture<?>> results = new ArrayList<>();

    private ChaosRun(long seed, MessageCodec.@Nullable Factory codecs) {
        this.random = new SplittableRandom(seed);
        ChaosPlan plan = new ChaosPlan(random);
        this.config = plan.config();
        // Small networks are the more frequent, as most faults show among few peers
        this.network = SimNetwork.builder()
                .peers(2 + random.nextInt(1 + random.nextInt(MAX_PEERS - 1)))
                .seed(seed)
                .clients(random.nextInt(4) == 0 ? random.nextDouble() / 4 : 0)
                .config(config)
                .limits(LIMITS)
                .conditions(plan.conditions())
                .codec(codecs)
                .tables(TABLES.get(random.nextInt(TABLES.size())))
                .check(Invariants.tableStructure())
                .check(Invariants.noClientInTables())
                .check(Invariants.bounded())
                .check(Invariants.storesWithin(LIMITS))
                .build();
        network.addTrafficListener(Invariants.validResponses(network, config.get(KademliaConfig.K)));
    }

    /**
     * Runs the network of {@code seed}, and returns its trace hash.
     *
     * @param codecs codec of the messages; null for messages that are not encoded
     * @throws InvariantViolation if an invariant does not hold; a retry gives the same
     */
    public static long run(long seed, MessageCodec.@Nullable Factory codecs) {
        ChaosRun run = new ChaosRun(seed, codecs);
        try (SimNetwork network = run.network) {
            run.runSteps();
            return network.traceHash();
        }
    }

    /**
     * Runs the network of {@code seed} once; see {@link #run}.
     *
     * @throws CancellationException if the thread was interrupted
     */
    public static ChaosResult runOnce(long seed, MessageCodec.@Nullable Factory codecs) {
        return check(seed, codecs, 1);
    }

    /**
     * Runs the network of {@code seed} twice; different traces are a violation.
     *
     * @throws CancellationException if the thread was interrupted
     */
    public static ChaosResult runTwice(long seed, MessageCodec.@Nullable Factory codecs) {
        return check(seed, codecs, 2);
    }

    private static ChaosResult check(long seed, MessageCodec.@Nullable Factory codecs, int times) {
        try {
            long trace = run(seed, codecs);
            for (int i = 1; i < times; i++) {
                if (run(seed, codecs) != trace) {
                    return failed("two runs of the same seed differ", seed);
                }
            }
            return new ChaosResult(seed, trace, Optional.empty());
        } catch (CancellationException ended) {
            throw ended; // the caller has ended the run, which says nothing about the network
        } catch (RuntimeException | AssertionError e) {
            return failed(e.toString(), seed);
        }
    }

    private static ChaosResult failed(String violation, long seed) {
        return new ChaosResult(
                seed, 0, Optional.of(violation + "; reproduce with: ./kad sim --chaos 1 --seed " + seed));
    }

    private void runSteps() {
        assignBehaviors();
        for (int step = 0; step < STEPS; step++) {
            step();
            network.advance(Duration.ofNanos(random.nextLong(MAX_PAUSE.toNanos())));
        }
        network.heal();
        network.advance(config.get(KademliaConfig.QUERY_TIMEOUT).multipliedBy(1 + BOOTSTRAP_LOOKUPS_IN_A_ROW));
        require(results.stream().allMatch(CompletableFuture::isDone), "a query has not finished");
        for (SimPeer peer : network.running()) {
            require(peer.kademlia().queries().isEmpty(), peer + " still has running queries");
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw network.violation(otherwise);
        }
    }

    private void assignBehaviors() {
        List<SimPeer> chosen = new ArrayList<>();
        double share = random.nextDouble() / 3;
        for (SimPeer peer : network.peers()) {
            if (random.nextDouble() < share && !peer.isClient()) {
                chosen.add(peer);
            }
        }
        int k = config.get(KademliaConfig.K);
        switch (random.nextInt(5)) {
            case 0 -> chosen.forEach(peer -> peer.behavior(PeerBehavior.SILENT));
            case 1 -> chosen.forEach(peer -> peer.behavior(PeerBehavior.slow(Duration.ofMillis(random.nextInt(5000)))));
            case 2 -> ColludingPeers.install(chosen, k);
            case 3 -> FabricatingPeers.install(network, chosen, FABRICATED, random.nextDouble(), k);
            default -> chosen.clear();
        }
    }

    private void step() {
        List<SimPeer> running = network.running();
        SimPeer peer = running.isEmpty() ? network.start() : running.get(random.nextInt(running.size()));
        switch (random.nextInt(17)) {
            case 0 -> network.crash(peer);
            case 1 -> network.stop(peer);
            case 2 -> restartOne();
            case 3 -> join(network.start());
            case 4 -> partition();
            case 5 -> network.heal();
            case 6 -> loseConnection(peer);
            default -> startQuery(peer);
        }
    }

    private void restartOne() {
        List<SimPeer> down =
                network.peers().stream().filter(peer -> !peer.isUp()).toList();
        if (!down.isEmpty()) {
            SimPeer peer = down.get(random.nextInt(down.size()));
            network.restart(peer);
            join(peer);
        }
    }

    private void join(SimPeer newcomer) {
        List<SimPeer> others = network.otherServers(newcomer);
        if (!others.isEmpty()) {
            results.add(network.join(newcomer, others.get(random.nextInt(others.size()))));
        }
    }

    private void loseConnection(SimPeer peer) {
        List<SimPeer> others = network.otherServers(peer);
        if (!others.isEmpty()) {
            peer.transport()
                    .connectionTable()
                    .lose(others.get(random.nextInt(others.size())).id());
        }
    }

    /** Partitions the network so that messages pass in one direction only. */
    private void partition() {
        int border = random.nextInt(Math.max(1, network.peers().size()));
        network.cut((from, to) -> from.number() < border && to.number() >= border);
    }

    private void startQuery(SimPeer peer) {
        Query<?> query = query(peer);
        results.add(query.result());
        Duration limit = config.get(KademliaConfig.QUERY_TIMEOUT)
                .multipliedBy(query.kind() == QueryKind.BOOTSTRAP ? BOOTSTRAP_LOOKUPS_IN_A_ROW : 1)
                .plusMillis(1);
        network.schedule(
                limit,
                () -> require(query.result().isDone(), query.kind() + " query of " + peer + " exceeds its timeout"));
        if (random.nextInt(20) == 0) {
            query.cancel();
        } else if (random.nextInt(20) == 0) {
            query.finish();
        }
    }

    private Query<?> query(SimPeer peer) {
        int number = random.nextInt(KEYS);
        RecordKey key = RecordKey.utf8("/sim/" + number);
        return switch (random.nextInt(7)) {
            case 0 ->
                peer.kademlia().putRecord(Record.of(key, Bytes.utf8("value " + random.nextInt(3))), Quorum.majority());
            case 1 -> peer.kademlia().getRecord(key, Quorum.of(1 + random.nextInt(3)));
            case 2 -> peer.kademlia().startProviding(key);
            case 3 -> peer.kademlia().getProviders(key, random.nextInt(3));
            case 4 ->
                peer.kademlia()
                        .findPeer(network.peer(random.nextInt(network.peers().size()))
                                .id());
            case 5 -> peer.kademlia().bootstrap();
            default -> peer.kademlia().getClosestPeers(key.bytes(), config.get(KademliaConfig.K));
        };
    }
}
