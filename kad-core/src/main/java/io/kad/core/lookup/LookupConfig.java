package io.kad.core.lookup;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Parameters of the lookups of a peer; all of them are here. Wait times are not: see the package description.
 *
 * <table>
 * <caption>The parameters, for a lookup of {@code count} peers; k is the option {@code K}, {@code count} at most that</caption>
 * <tr><th>Parameter<th>Value<th>Too low<th>Too high<th>Source
 * <tr><td>strategy<td>option {@code LOOKUP_STRATEGY}<td><td><td>{@link LookupStrategy}
 * <tr><td>alpha<td>option {@code ALPHA}: 3<td>slow: one peer that does not respond holds up the search<td>requests to peers that a
 * closer one would have made needless<td>Kademlia paper, 2.3
 * <tr><td>beta<td>option {@code BETA}: 3; at most count<td>may miss close peers<td>as slow as querying all of them<td>kad-dht specification
 * <tr><td>paths<td>option {@code DISJOINT_PATHS}: 1<td>one adversarial peer can lead the lookup astray<td>each path costs a whole
 * lookup<td>S/Kademlia, 4.4
 * <tr><td>slots after alpha results without progress<td>count, at least alpha<td>the end takes count / alpha round trips<td>a burst of
 * requests<td>rust-libp2p (stalled iterator)
 * <tr><td>{@link #seedCount}<td>k; 2 k for {@code SCOPED} and on disjoint paths<td>cannot make up for dead seeds in a small
 * network<td>none: seeds are only queried when they are in scope<td>kad's simulations; k: rust-libp2p
 * <tr><td>{@link #scopeSize}<td>count + {@value #SCOPE_GROWTH_PER_FAILURE} for each peer out of the scope (it failed, is presumed dead or past its max wait, or is skipped), at most 2
 * count<td>misses
 * peers that only dead peers know<td>a lookup among many dead peers queries without end<td>kad's simulations
 * <tr><td>{@link #maxCloserPeers}<td>2 k, at least 40<td>ignores peers that a remote with a larger k returns<td>memory and hashing that
 * one remote can cause<td>kad
 * <tr><td>finishTimeout<td>option {@code REQUEST_TIMEOUT}<td>ends without late peers<td>peers that respond late on purpose, each with
 * the name of the next, delay the end of a lookup<td>kad
 * <tr><td>{@link #maxCandidates}<td>32 count, at least 640<td>drops candidates that are needed when closer ones fail<td>memory
 * for each lookup; it bounds the number of requests, too<td>kad
 * </table>
 *
 * @param strategy selects the peers to query, the parallelism, and the end of a lookup on one path
 * @param alpha slots for requests of each path while there is progress, from 1
 * @param beta closest peers that must have responded for {@link LookupStrategy#BETA}, from 1
 * @param paths disjoint paths of a lookup, from 1; 1 disables them
 * @param finishTimeout time from the convergence of a lookup to its end at the latest, above 0
 */
public record LookupConfig(LookupStrategy strategy, int alpha, int beta, int paths, Duration finishTimeout) {

    /** Growth of the scope for each candidate that is out of it. */
    static final int SCOPE_GROWTH_PER_FAILURE = 4;

    /** k of the public network; remote peers may use it where the local k is smaller, so that limits assume at least this. */
    private static final int PUBLIC_K = 20;

    private static final int MAX_CLOSER_PEERS_FACTOR = 2;
    private static final int MAX_CANDIDATES_FACTOR = 32;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one of them is less than 1
     */
    public LookupConfig {
        requireNonNull(strategy, "strategy");
        requireNonNull(finishTimeout, "finishTimeout");
        requirePositive("alpha", alpha);
        requirePositive("beta", beta);
        requirePositive("paths", paths);
    }

    static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, got " + value);
        }
    }

    /** Returns the lookup parameters of a peer configuration. */
    public static LookupConfig of(KademliaConfig config) {
        return new LookupConfig(
                config.get(KademliaConfig.LOOKUP_STRATEGY),
                config.get(KademliaConfig.ALPHA),
                config.get(KademliaConfig.BETA),
                config.get(KademliaConfig.DISJOINT_PATHS),
                config.get(KademliaConfig.REQUEST_TIMEOUT));
    }

    /** Returns the number of closer peers that are read of one response; further ones are ignored. */
    public static int maxCloserPeers(int k) {
        return MAX_CLOSER_PEERS_FACTOR * Math.max(k, PUBLIC_K);
    }

    /** Returns the number of candidates that one path keeps; also the upper bound of its requests. */
    public static int maxCandidates(int count) {
        return MAX_CANDIDATES_FACTOR * Math.max(count, PUBLIC_K);
    }

    /**
     * Returns the number of closest candidates that {@link LookupStrategy#SCOPED} queries, besides those that are out of the scope.
     *
     * @param outOfScope closer candidates that do not count: see {@link Candidate#isOutOfScope}
     */
    static int scopeSize(int count, int outOfScope) {
        return count + Math.min(SCOPE_GROWTH_PER_FAILURE * outOfScope, count);
    }

    /** Returns the number of peers of the routing table that a lookup starts at. */
    public int seedCount(int k) {
        return strategy == LookupStrategy.SCOPED || paths > 1 ? 2 * k : k;
    }

    /** Returns whether a lookup has one path, so that it may end as soon as it has found enough; disjoint paths all run to their ends. */
    public boolean hasSinglePath() {
        return paths == 1;
    }

    /**
     * Creates a lookup, which has queried no peer yet. Disjoint paths divide the seeds among them, so there are at most as many paths as seeds.
     *
     * @param count the number of peers to find, at least 1
     * @param backOff which peers are skipped for now
     * @param self the local peer, which is never queried
     * @throws IllegalArgumentException if {@code count} is less than 1
     */
    public Lookup newLookup(
            KadKey target,
            int count,
            ResponseTimesSource responseTimesSource,
            BackOff backOff,
            Collection<PeerId> seeds,
            PeerId self) {
        if (paths == 1) {
            return new PathLookup(target, count, this, responseTimesSource, backOff, seeds, self);
        }
        List<List<PeerId>> seedsOfPaths = new ArrayList<>();
        int assigned = 0;
        for (PeerId seed : seeds) {
            if (assigned < paths) {
                seedsOfPaths.add(new ArrayList<>());
            }
            seedsOfPaths.get(assigned++ % paths).add(seed);
        }
        return new DisjointPathsLookup(
                target,
                seedsOfPaths.stream()
                        .map(seedsOfPath ->
                                new PathLookup(target, count, this, responseTimesSource, backOff, seedsOfPath, self))
                        .toList());
    }

    PathStrategy newStrategy(Candidates candidates, int count) {
        return switch (strategy) {
            case SCOPED -> new ScopedStrategy(candidates, count, alpha);
            case STALL -> new StallStrategy(candidates, count, alpha);
            case BETA -> new BetaStrategy(candidates, count, alpha, beta);
        };
    }
}
