package io.kad.store.memory;

import io.kad.api.id.Distance;
import java.math.BigInteger;
import java.util.Comparator;

/**
 * Rank of a record in the order of eviction: the distance of its key from the local peer times its size. The greatest is evicted first.
 *
 * <p>Sizes up to {@link #ORDINARY_BYTES} count as that, so that of ordinary records the farthest is evicted, and tiny ones have no advantage. A large
 * record, of up to 64 KiB, takes the room of many ordinary ones, and must be as many times closer than they are. Otherwise a few hundred large records with
 * any keys, under any number of identities, would evict all others. Source: kad's choice; it is the greedy rule of the knapsack problem.
 *
 * @param product the distance times the size in bytes, rounded
 * @param distance the distance, which decides between equal products
 */
record EvictionRank(double product, Distance distance) implements Comparable<EvictionRank> {

    /** The heap of an ordinary record in bytes: the 10 KiB that an IPNS record may have (IPNS specification), and its key and objects. */
    static final int ORDINARY_BYTES = 12 * 1024;

    private static final Comparator<EvictionRank> ORDER =
            Comparator.comparingDouble(EvictionRank::product).thenComparing(EvictionRank::distance);

    /** Returns the rank of a record that takes {@code bytes} bytes of heap. */
    static EvictionRank of(Distance distance, long bytes) {
        return new EvictionRank(
                new BigInteger(1, distance.bytes().toArray()).doubleValue() * Math.max(bytes, ORDINARY_BYTES),
                distance);
    }

    @Override
    public int compareTo(EvictionRank other) {
        return ORDER.compare(this, other);
    }
}
