package io.kad.core.query;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Made-up peer ids that lie in given buckets.
 *
 * <p>A peer is asked for an id, not for its hash, so an id that hashes into a bucket has to be found by trial, which takes twice
 * as long with each bucket that is nearer. A bucket that is not hit is left out: a lookup of the own id has covered what is so
 * near.
 */
final class RefreshTargets {

    /** How many ids are tried for all buckets together: enough for the twelve farthest buckets more often than not. */
    static final int MAX_TRIES = 4096;

    private static final int HASH_BYTES = 32;

    private RefreshTargets() {}

    /** Returns an id in each of {@code buckets} that was hit, in their order. */
    static List<PeerId> choose(KadKey self, List<Integer> buckets, RandomGenerator random) {
        PeerId[] chosen = new PeerId[buckets.size()];
        int missing = chosen.length;
        for (int tries = 0; tries < MAX_TRIES && missing > 0; tries++) {
            PeerId id = randomId(random);
            int position = buckets.indexOf(KadKey.BITS - 1 - self.commonPrefixLength(id.kadKey()));
            if (position >= 0 && chosen[position] == null) {
                chosen[position] = id;
                missing--;
            }
        }
        return Arrays.stream(chosen).filter(Objects::nonNull).toList();
    }

    /** An id by hash, as those that hold a key are checked by some peers for being one. */
    private static PeerId randomId(RandomGenerator random) {
        byte[] digest = new byte[HASH_BYTES];
        random.nextBytes(digest);
        return PeerId.fromBytes(new Multihash(Multihash.SHA2_256, Bytes.copyOf(ByteBuffer.wrap(digest))).bytes());
    }
}
