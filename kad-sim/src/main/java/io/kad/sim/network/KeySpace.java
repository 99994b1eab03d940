package io.kad.sim.network;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Peers in the order of their Kademlia keys, for searches in logarithmic time.
 *
 * <p>A subtree of the key space, the keys that share a prefix, is a range of indices. Immutable.
 */
public final class KeySpace {

    private final PeerId[] peers;
    /** The first 64 bits of each key, side by side, so that a search reads few cache lines. */
    private final long[] firstWords;

    /** Creates the key space of {@code peers}, which must be distinct. */
    public KeySpace(Collection<PeerId> peers) {
        this.peers = peers.toArray(new PeerId[0]);
        Arrays.sort(this.peers, (left, right) -> compare(left.kadKey(), right.kadKey()));
        this.firstWords = Arrays.stream(this.peers)
                .mapToLong(peer -> peer.kadKey().word(0))
                .toArray();
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

    /** Returns the number of peers. */
    public int size() {
        return peers.length;
    }

    /** Returns the peer at {@code index}, from 0. */
    public PeerId at(int index) {
        return peers[index];
    }

    /** Returns the index of the first peer in a range with bit 1 at {@code depth}; all keys of the range must share the bits before it. */
    public int split(int from, int to, int depth) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (depth < Long.SIZE ? firstWords[middle] << depth < 0 : bit(peers[middle].kadKey(), depth)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Returns the bit of {@code key} at {@code depth}, from 0 for the most significant one. */
    public static boolean bit(KadKey key, int depth) {
        return (key.word(depth >>> 6) << depth) < 0;
    }

    /** Returns up to {@code count} peers closest to {@code target} that pass {@code filter}, closest first. */
    public List<PeerId> closest(KadKey target, int count, Predicate<PeerId> filter) {
        List<PeerId> found = new ArrayList<>(count);
        collect(target, count, filter, 0, peers.length, 0, found);
        return found;
    }

    private void collect(
            KadKey target, int count, Predicate<PeerId> filter, int from, int to, int depth, List<PeerId> found) {
        if (from >= to || found.size() >= count) {
            return;
        }
        if (to - from == 1) {
            if (filter.test(peers[from])) {
                found.add(peers[from]);
            }
            return;
        }
        int middle = split(from, to, depth);
        boolean one = bit(target, depth);
        collect(target, count, filter, one ? middle : from, one ? to : middle, depth + 1, found);
        collect(target, count, filter, one ? from : middle, one ? middle : to, depth + 1, found);
    }

    /** Returns the number of peers that are closer to {@code target} than {@code key} is. */
    public int rank(KadKey target, KadKey key) {
        int from = 0;
        int to = peers.length;
        int closer = 0;
        for (int depth = 0; depth < KadKey.BITS && from < to; depth++) {
            int middle = split(from, to, depth);
            boolean one = bit(key, depth);
            if (one != bit(target, depth)) {
                closer += one ? middle - from : to - middle;
            }
            from = one ? middle : from;
            to = one ? to : middle;
        }
        return closer;
    }

    /** Returns the peer of that rank by distance from {@code target}, 0 for the closest one. */
    public PeerId atRank(KadKey target, int rank) {
        int from = 0;
        int to = peers.length;
        int remaining = rank;
        for (int depth = 0; to - from > 1; depth++) {
            int middle = split(from, to, depth);
            boolean one = bit(target, depth);
            int closerHalf = one ? to - middle : middle - from;
            boolean inCloserHalf = remaining < closerHalf;
            remaining -= inCloserHalf ? 0 : closerHalf;
            boolean upper = inCloserHalf == one;
            from = upper ? middle : from;
            to = upper ? to : middle;
        }
        return peers[from];
    }
}
