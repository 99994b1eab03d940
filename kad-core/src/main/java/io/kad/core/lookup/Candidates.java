package io.kad.core.lookup;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The candidates of one path of a lookup, closest to the target first; bounded. Confined to one thread at a time. */
final class Candidates {

    private final KadKey target;
    private final int limit;
    private final List<Candidate> closestFirst = new ArrayList<>();
    private final Map<PeerId, Candidate> byPeer = new HashMap<>();

    Candidates(KadKey target, int limit) {
        this.target = target;
        this.limit = limit;
    }

    int size() {
        return closestFirst.size();
    }

    Candidate get(int rank) {
        return closestFirst.get(rank);
    }

    @Nullable
    Candidate find(PeerId peer) {
        return byPeer.get(peer);
    }

    /** Returns the closest candidate that was not queried; null if there is none. */
    @Nullable
    Candidate closestNotQueried() {
        for (int rank = 0; rank < size(); rank++) {
            if (get(rank).state == Candidate.State.NOT_QUERIED) {
                return get(rank);
            }
        }
        return null;
    }

    /**
     * Adds a peer of a response. If the limit is reached, the farthest {@code NOT_QUERIED} candidate is evicted, or {@code peer} is
     * ignored if it is farther still; others are never evicted.
     *
     * @return the rank of the peer if it was added, or -1
     */
    int add(PeerId peer, int hop) {
        Candidate known = byPeer.get(peer);
        if (known != null) {
            known.hop = known.state == Candidate.State.NOT_QUERIED ? Math.min(known.hop, hop) : known.hop;
            return -1;
        }
        Candidate candidate = new Candidate(peer, hop);
        int rank = rankOf(candidate);
        if (size() == limit) {
            int farthest = farthestNotQueried();
            if (farthest < rank) {
                return -1;
            }
            byPeer.remove(closestFirst.remove(farthest).peer);
        }
        closestFirst.add(rank, candidate);
        byPeer.put(peer, candidate);
        return rank;
    }

    /** Makes the skipped candidates ones that can be queried. */
    void restoreSkipped() {
        for (Candidate candidate : closestFirst) {
            if (candidate.state == Candidate.State.SKIPPED) {
                candidate.state = Candidate.State.NOT_QUERIED;
            }
        }
    }

    private int rankOf(Candidate candidate) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (target.compareDistance(closestFirst.get(middle).key, candidate.key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int farthestNotQueried() {
        int rank = size() - 1;
        while (rank >= 0 && closestFirst.get(rank).state != Candidate.State.NOT_QUERIED) {
            rank--;
        }
        return rank;
    }
}
