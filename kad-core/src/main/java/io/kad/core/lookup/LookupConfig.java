package io.kad.core.lookup;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How the lookups of a peer are done.
 *
 * @param alpha how many requests of a path run at once while there is progress, from 1
 * @param beta how many of the nearest must answer by {@link LookupStrategy#BETA}, from 1
 * @param paths how many disjoint paths a lookup takes, from 1
 */
public record LookupConfig(LookupStrategy strategy, int alpha, int beta, int paths) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is too small
     */
    public LookupConfig {
        requireNonNull(strategy, "rule");
        if (alpha < 1 || beta < 1 || paths < 1) {
            throw new IllegalArgumentException("a lookup needs an alpha, a beta and paths of at least 1, not " + alpha
                    + ", " + beta + " and " + paths);
        }
    }

    /** Returns what a configuration says. */
    public static LookupConfig of(KademliaConfig config) {
        return new LookupConfig(
                config.get(KademliaConfig.LOOKUP_STRATEGY),
                config.get(KademliaConfig.ALPHA),
                config.get(KademliaConfig.BETA),
                config.get(KademliaConfig.DISJOINT_PATHS));
    }

    /**
     * Returns how many peers of the table a search for {@code k} starts with: by our rule and on disjoint paths as many as it may come to
     * ask when peers fail, as a small network, where all name the same k peers, could else not make up for those that are dead among
     * them; by the others' rules as many as they take.
     */
    public int seeds(int k) {
        return strategy == LookupStrategy.SCOPED || paths > 1 ? 2 * k : k;
    }

    /** Returns whether a search may end as soon as it has found enough; on disjoint paths all are walked to their ends. */
    public boolean endEarly() {
        return paths == 1;
    }

    /**
     * Starts a search. Disjoint paths share the seeds out among them, so there are no more paths than seeds.
     *
     * @param k how many peers to find, at least 1
     * @param self the peer that searches, which is never asked
     * @throws IllegalArgumentException if {@code k} is too small
     */
    public Lookup start(KadKey target, int k, Patience patience, Collection<PeerId> seeds, PeerId self) {
        if (paths == 1) {
            return path(target, k, patience, seeds, self);
        }
        List<List<PeerId>> shares = new ArrayList<>();
        int dealt = 0;
        for (PeerId seed : seeds) {
            if (dealt < paths) {
                shares.add(new ArrayList<>());
            }
            shares.get(dealt++ % paths).add(seed);
        }
        return new DisjointPathsLookup(
                target,
                shares.stream()
                        .map(share -> path(target, k, patience, share, self))
                        .toList());
    }

    private ClosestPeersLookup path(KadKey target, int k, Patience patience, Collection<PeerId> seeds, PeerId self) {
        return new ClosestPeersLookup(target, k, this, patience, seeds, self);
    }

    PathStrategy strategy(Candidates candidates, int k) {
        return switch (strategy) {
            case SCOPED -> new ScopedStrategy(candidates, k, alpha);
            case STALL -> new StallStrategy(candidates, k, alpha);
            case BETA -> new BetaStrategy(candidates, k, alpha, beta);
        };
    }
}
