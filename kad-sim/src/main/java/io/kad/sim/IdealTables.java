package io.kad.sim;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.sim.network.KeySpace;
import java.util.Arrays;
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
        return Arrays.stream(indices(self, random)).mapToObj(space::at).toList();
    }

    /** Returns the indices in the key space of the peers of {@link #table}, sampled with {@code source}. */
    int[] indices(PeerId self, RandomGenerator source) {
        Indices table = new Indices(source);
        forEachBucket(self.kadKey(), table);
        return table.indices();
    }

    /** Draws from {@code source} what {@link #indices} draws. */
    void skip(PeerId self, RandomGenerator source) {
        forEachBucket(self.kadKey(), (from, to) -> {
            int size = to - from;
            for (int last = size - bucketSize; size > bucketSize && last < size; last++) {
                source.nextInt(last + 1);
            }
        });
    }

    /** Receiver of the subtrees of the buckets of a peer, as ranges of indices. */
    private interface Subtrees {
        void add(int from, int to);
    }

    private void forEachBucket(KadKey key, Subtrees subtrees) {
        int from = 0;
        int to = space.size();
        for (int depth = 0; to - from > 1; depth++) {
            int middle = space.split(from, to, depth);
            boolean one = KeySpace.bit(key, depth);
            subtrees.add(one ? from : middle, one ? middle : to);
            from = one ? middle : from;
            to = one ? to : middle;
        }
    }

    /** Indices of the peers of one table. */
    private final class Indices implements Subtrees {

        private final RandomGenerator source;
        private int[] indices = new int[16 * bucketSize];
        private int count;

        Indices(RandomGenerator source) {
            this.source = source;
        }

        int[] indices() {
            return Arrays.copyOf(indices, count);
        }

        /** Adds the peers of a range; if they exceed the bucket size, a sample by Floyd's algorithm. */
        @Override
        public void add(int from, int to) {
            if (count + bucketSize > indices.length) {
                indices = Arrays.copyOf(indices, 2 * indices.length);
            }
            int size = to - from;
            if (size <= bucketSize) {
                for (int index = from; index < to; index++) {
                    indices[count++] = index;
                }
                return;
            }
            int start = count;
            for (int last = size - bucketSize; last < size; last++) {
                int pick = from + source.nextInt(last + 1);
                indices[count] = contains(start, pick) ? from + last : pick;
                count++;
            }
        }

        private boolean contains(int start, int index) {
            for (int i = start; i < count; i++) {
                if (indices[i] == index) {
                    return true;
                }
            }
            return false;
        }
    }
}
