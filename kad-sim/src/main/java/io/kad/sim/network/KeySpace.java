package io.kad.sim.network;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Peers in the order of their places, so that questions about all of them take logarithmic time.
 *
 * <p>A subtree of the key space, all places that share their first bits, is a range of the order. Immutable.
 */
public final class KeySpace {

    private final PeerId[] peers;

    /** Makes the key space of {@code peers}, which are distinct. */
    public KeySpace(Collection<PeerId> peers) {
        this.peers = peers.toArray(new PeerId[0]);
        Arrays.sort(this.peers, (left, right) -> compare(left.kadKey(), right.kadKey()));
    }

    private static int compare(KadKey left, KadKey right) {
        for (int word = 0; word < 4; word++) {
            int order = Long.compareUnsigned(left.word(word), right.word(word));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Returns how many peers there are. */
    public int size() {
        return peers.length;
    }

    /** Returns the peer at {@code position} of the order, from 0. */
    public PeerId at(int position) {
        return peers[position];
    }

    /** Returns where in the range the places with a 1 at {@code depth} begin; all of the range share the bits before. */
    public int split(int from, int to, int depth) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bit(peers[middle].kadKey(), depth)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    public static boolean bit(KadKey place, int depth) {
        return (place.word(depth >>> 6) << depth) < 0;
    }

    /** Returns up to {@code count} peers that are {@code wanted}, those closest to {@code target}, nearest first. */
    public List<PeerId> closest(KadKey target, int count, Predicate<PeerId> wanted) {
        List<PeerId> found = new ArrayList<>(count);
        collect(target, count, wanted, 0, peers.length, 0, found);
        return found;
    }

    private void collect(
            KadKey target, int count, Predicate<PeerId> wanted, int from, int to, int depth, List<PeerId> found) {
        if (from >= to || found.size() >= count) {
            return;
        }
        if (to - from == 1) {
            if (wanted.test(peers[from])) {
                found.add(peers[from]);
            }
            return;
        }
        int middle = split(from, to, depth);
        boolean one = bit(target, depth);
        collect(target, count, wanted, one ? middle : from, one ? to : middle, depth + 1, found);
        collect(target, count, wanted, one ? from : middle, one ? middle : to, depth + 1, found);
    }

    /** Returns how many peers are nearer to {@code target} than {@code place} is. */
    public int rank(KadKey target, KadKey place) {
        int from = 0;
        int to = peers.length;
        int nearer = 0;
        for (int depth = 0; depth < KadKey.BITS && from < to; depth++) {
            int middle = split(from, to, depth);
            boolean one = bit(place, depth);
            if (one != bit(target, depth)) {
                nearer += one ? middle - from : to - middle;
            }
            from = one ? middle : from;
            to = one ? to : middle;
        }
        return nearer;
    }

    /** Returns the peer to which {@code rank} others are nearer from {@code target}. */
    public PeerId atRank(KadKey target, int rank) {
        int from = 0;
        int to = peers.length;
        int left = rank;
        for (int depth = 0; to - from > 1; depth++) {
            int middle = split(from, to, depth);
            boolean one = bit(target, depth);
            int nearHalf = one ? to - middle : middle - from;
            boolean near = left < nearHalf;
            left -= near ? 0 : nearHalf;
            boolean upper = near == one;
            from = upper ? middle : from;
            to = upper ? to : middle;
        }
        return peers[from];
    }
}
