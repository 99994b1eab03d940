package io.kad.core.routing;

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
 * Random peer IDs that lie in given buckets.
 *
 * <p>FIND_NODE carries a peer ID, not its hash, so that an ID in a given bucket can only be found by trial. This takes twice as long
 * with each bucket that is closer. Buckets for which no ID was found are skipped: a lookup of the local peer ID has covered the keys
 * so close to it.
 */
public final class RefreshTargets {

    /** IDs that are tried for all buckets together: enough for the twelve farthest buckets more often than not. */
    static final int MAX_TRIES = 4096;

    private static final int HASH_BYTES = 32;

    private RefreshTargets() {}

    /** Returns an ID in each of {@code buckets} for which one was found, in their order. */
    public static List<PeerId> choose(KadKey self, List<Integer> buckets, RandomGenerator random) {
        PeerId[] chosen = new PeerId[buckets.size()];
        int remaining = chosen.length;
        for (int tries = 0; tries < MAX_TRIES && remaining > 0; tries++) {
            PeerId id = randomId(random);
            int position = buckets.indexOf(KadKey.BITS - 1 - self.commonPrefixLength(id.kadKey()));
            if (position >= 0 && chosen[position] == null) {
                chosen[position] = id;
                remaining--;
            }
        }
        return Arrays.stream(chosen).filter(Objects::nonNull).toList();
    }

    /** Returns an ID that is a hash: some implementations check IDs that are an inlined key. */
    private static PeerId randomId(RandomGenerator random) {
        byte[] digest = new byte[HASH_BYTES];
        random.nextBytes(digest);
        return PeerId.fromBytes(new Multihash(Multihash.SHA2_256, Bytes.copyOf(ByteBuffer.wrap(digest))).bytes());
    }
}
