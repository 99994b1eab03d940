package io.kad.tck.support;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Deterministic test data: each value is a function of a number. */
public final class TestData {

    /** The peer whose stores are tested. */
    public static final PeerId SELF = peer(0);

    private TestData() {}

    /** Returns the ID of peer {@code number}, in the format of an Ed25519 key; unique per number. */
    public static PeerId peer(int number) {
        Bytes key = Multihash.sha256(Bytes.utf8("peer " + number)).digest();
        return PeerId.fromPublicKey(Bytes.concat(Bytes.fromHex("08011220"), key));
    }

    public static RecordKey key(int number) {
        return RecordKey.utf8("/tck/" + number);
    }

    public static Bytes value(int number) {
        return Bytes.utf8("value " + number);
    }

    /** Returns a record of a remote peer. */
    public static Record remote(int number) {
        return Record.of(key(number), value(number)).withPublisher(peer(1));
    }

    /** Returns a record of a remote peer under {@code key}. */
    public static Record remoteAt(RecordKey key) {
        return Record.of(key, Bytes.concat(Bytes.utf8("at "), key.bytes())).withPublisher(peer(2));
    }

    /** Returns a key that is closer to {@link #SELF} than the first 300 of {@link #key}; unique per number. */
    public static RecordKey closeKey(int number) {
        return search("/tck/near/" + number + "/", distance -> (distance.word(0) >>> 53) == 0);
    }

    /**
     * Returns a key that is farther from {@link #SELF} than the first 300 of {@link #key}; unique per number. Of the numbers 0 to 7
     * each has a key farther than the previous one.
     */
    public static RecordKey farKey(int number) {
        return search("/tck/far/" + number + "/", distance -> (distance.word(0) >>> 53) == (0xff << 3 | (number & 7)));
    }

    private static RecordKey search(String prefix, Predicate<KadKey> condition) {
        KadKey self = KadKey.hash(SELF.bytes());
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> RecordKey.utf8(prefix + i))
                .filter(key -> condition.test(
                        KadKey.ofDigest(self.distance(KadKey.hash(key.bytes())).bytes())))
                .findFirst()
                .orElseThrow();
    }

    /** Returns a record of {@link #SELF}. */
    public static Record local(int number) {
        return Record.of(key(number), value(number)).withPublisher(SELF);
    }

    public static ProviderRecord provider(RecordKey key, PeerId provider) {
        return new ProviderRecord(key, provider, addresses(1), Optional.empty());
    }

    public static List<Multiaddr> addresses(int number) {
        return List.of(
                Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (1000 + number)),
                Multiaddr.parse("/ip6/2001:db8::1/udp/" + (1000 + number) + "/quic-v1"));
    }
}
