package io.kad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kad.api.id.Bytes;
import io.kad.api.id.Cid;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Keys of tests, and the distances between them, reckoned without the code under test. */
final class Keys {

    private Keys() {}

    /** Returns the CID of {@code content}. */
    static String cidOf(String content) {
        return Cid.v1(Cid.RAW, Multihash.sha256(Bytes.utf8(content))).toString();
    }

    /** Returns {@code peers} by their distance from {@code key}, the nearest first. */
    static List<String> nearestFirst(byte[] key, Collection<String> peers) {
        BigInteger target = place(key);
        return peers.stream()
                .sorted(Comparator.comparing(
                        id -> place(PeerId.parse(id).bytes().toArray()).xor(target)))
                .toList();
    }

    /** Returns {@code peers} by their distance from the key of that name, the nearest first. */
    static List<String> nearestFirst(String key, Collection<String> peers) {
        return nearestFirst(key.getBytes(UTF_8), peers);
    }

    private static BigInteger place(byte[] key) {
        try {
            return new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("each JDK has SHA-256", missing);
        }
    }
}
