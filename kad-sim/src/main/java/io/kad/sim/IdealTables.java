package io.kad.sim;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.sim.network.KeySpace;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Routing tables as they would be if each peer had met all others: every bucket holds a uniform sample of its subtree, up to the bucket
 * size.
 */
public final class IdealTables {

    private final KeySpace space;
    private final int bucketSize;
    private final RandomGenerator random;

    public IdealTables(KeySpace space, int bucketSize, RandomGenerator random) {
        this.space = space;
        this.bucketSize = bucketSize;
        this.random = random;
    }

    /** Returns who is in the table of {@code self}, the farthest bucket first. Takes logarithmic time for each bucket. */
    public List<PeerId> table(PeerId self) {
        KadKey place = self.kadKey();
        List<PeerId> table = new ArrayList<>();
        int from = 0;
        int to = space.size();
        for (int depth = 0; to - from > 1; depth++) {
            int middle = space.split(from, to, depth);
            boolean one = KeySpace.bit(place, depth);
            sample(one ? from : middle, one ? middle : to, table);
            from = one ? middle : from;
            to = one ? to : middle;
        }
        return table;
    }

    /** Adds a sample of the peers in a range, by Floyd's algorithm if there are more than fit. */
    private void sample(int from, int to, List<PeerId> table) {
        int there = to - from;
        if (there <= bucketSize) {
            for (int position = from; position < to; position++) {
                table.add(space.at(position));
            }
            return;
        }
        int[] chosen = new int[bucketSize];
        for (int i = 0; i < bucketSize; i++) {
            int last = there - bucketSize + i;
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
