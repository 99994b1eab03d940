package io.kad.bench.load;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multihash;
import io.kad.wire.key.Ed25519Identity;

/** Identities that follow from a seed, so that each run, and each implementation, has the same ones. */
public final class SeededIdentity {

    private SeededIdentity() {}

    /**
     * Returns the 32 bytes from which an Ed25519 key is made.
     *
     * @param role what the peer is for, such as {@code server}: each role has other identities
     * @param number which of the peers of that role, from 0
     */
    public static Bytes keySeed(String role, long seed, int number) {
        return Multihash.sha256(Bytes.utf8(role + " " + seed + " " + number)).digest();
    }

    /** Returns the identity of {@link #keySeed}. */
    public static Ed25519Identity of(String role, long seed, int number) {
        return Ed25519Identity.fromSeed(keySeed(role, seed, number));
    }
}
