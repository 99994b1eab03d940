package io.kad.sim;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.sim.network.KeySpace;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Routing tables of a network in which every peer has met every other peer: each bucket holds a uniform sample of its subtree, up to
 * the bucket size.
 *
 * <p>Confined to one thread, as it draws random numbers.
 */
public final class IdealTables {

    private final KeySpace space;
    private final int bucketSize;
    private final RandomGenerator random;

    /**
     * Creates the tables of the peers in {@code space}.
     *
     * @param bucketSize maximum number of peers in a bucket, from 1
     * @param random source of the samples
     */
    public IdealTables(KeySpace space, int bucketSize, RandomGenerator random) {
        this.space = space;
        this.bucketSize = bucketSize;
        this.random = random;
    }

    /** Returns the peers in the routing table of {@code self}, farthest bucket first. Takes logarithmic time per bucket. */
    public List<PeerId> table(PeerId self) {
        KadKey key = self.kadKey();
        List<PeerId> table = new ArrayList<>();
        int from = 0;
        int to = space.size();
        for (int depth = 0; to - from > 1; depth++) {
            int middle = space.split(from, to, depth);
            boolean one = KeySpace.bit(key, depth);
            sample(one ? from : middle, one ? middle : to, table);
            from = one ? middle : from;
            to = one ? to : middle;
        }
        return table;
    }

    /** Adds the peers of a range to {@code table}; if they exceed the bucket size, a sample by Floyd's algorithm. */
    private void sample(int from, int to, List<PeerId> table) {
        int size = to - from;
        if (size <= bucketSize) {
            for (int index = from; index < to; index++) {
                table.add(space.at(index));
            }
            return;
        }
        int[] chosen = new int[bucketSize];
        for (int i = 0; i < bucketSize; i++) {
            int last = size - bucketSize + i;
            int pick = random.nextInt(last + 1);
            chosen[i] = contains(chosen, i, pick) ? last : pick;
            table.add(space.at(from + chosen[i]));
        }
    }

    private static boolean contains(int[] numbers, int count, int number) {
        for (int i = 0; i < count; i++) {
            if (numbers[i] == number) {
                return true;
            }
        }
        return false;
    }
}
