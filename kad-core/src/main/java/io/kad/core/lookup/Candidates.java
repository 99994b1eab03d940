package io.kad.core.lookup;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The peers that a lookup has heard of, nearest to its target first; no more than a limit. */
final class Candidates {

    private final KadKey target;
    private final int limit;
    private final List<Candidate> nearestFirst = new ArrayList<>();
    private final Map<PeerId, Candidate> byPeer = new HashMap<>();

    Candidates(KadKey target, int limit) {
        this.target = target;
        this.limit = limit;
    }

    int size() {
        return nearestFirst.size();
    }

    Candidate get(int rank) {
        return nearestFirst.get(rank);
    }

    @Nullable
    Candidate find(PeerId peer) {
        return byPeer.get(peer);
    }

    /**
     * Takes in a peer that was named in an answer. Beyond the limit the farthest peer that was not asked makes room, so that no
     * peer is ever forgotten that was.
     *
     * @return the rank of the peer if it is new, or -1
     */
    int add(PeerId peer, int hop) {
        Candidate known = byPeer.get(peer);
        if (known != null) {
            known.hop = known.state == Candidate.State.KNOWN ? Math.min(known.hop, hop) : known.hop;
            return -1;
        }
        Candidate candidate = new Candidate(peer, hop);
        int rank = rankOf(candidate);
        if (size() == limit) {
            int farthest = farthestNotAsked();
            if (farthest < rank) {
                return -1;
            }
            byPeer.remove(nearestFirst.remove(farthest).peer);
        }
        nearestFirst.add(rank, candidate);
        byPeer.put(peer, candidate);
        return rank;
    }

    private int rankOf(Candidate candidate) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (target.compareDistance(nearestFirst.get(middle).key, candidate.key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int farthestNotAsked() {
        int rank = size() - 1;
        while (rank >= 0 && nearestFirst.get(rank).state != Candidate.State.KNOWN) {
            rank--;
        }
        return rank;
    }
}
