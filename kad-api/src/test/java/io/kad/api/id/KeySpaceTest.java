package io.kad.api.id;

import static io.kad.api.id.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Domain(IdArbitraries.class)
class KeySpaceTest {

    private static final KadKey ORIGIN = KadKey.of(0, 0, 0, 0);

    @ParameterizedTest
    @CsvSource({
        "0024080112209e3b433cbd31c2b8a6ebbdca998bd0f4c2141c9c9af5422e976051b1e63af14d,"
                + " e43d28f0996557c0d5571d75c62a57a59d7ac1d30a51ecedcdb9d5e4afa56100",
        "1220e536c7f88d731f374dccb568aff6f56e838a19382e488039b1ca8ad2599e82fe,"
                + " d623250f3f660ab4c3a53d3c97b3f6a0194c548053488d093520206248253bcb"
    })
    void kademliaKeysOfPeersAndContentsMatchKnownOnes(String hex, String key) {
        Bytes bytes = Bytes.fromHex(hex);
        assertThat(PeerId.fromBytes(bytes).kadKey()).hasToString(key);
        assertThat(RecordKey.of(Multihash.fromBytes(bytes)).kadKey()).hasToString(key);
    }

    @Property
    void aKademliaKeyIsASha256Digest(@ForAll Bytes name) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.toArray());
        assertThat(KadKey.hash(name).bytes().toArray()).isEqualTo(digest);
    }

    @Property
    void aKeyConsistsOfItsBytesAndWords(@ForAll KadKey key) {
        assertThat(KadKey.ofDigest(key.bytes())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(KadKey.of(key.word(0), key.word(1), key.word(2), key.word(3)))
                .isEqualTo(key);
        assertThat(key).hasToString(key.bytes().hex());
        assertThat(number(key.bytes()).testBit(255)).isEqualTo(key.word(0) < 0);
        assertThat(number(key.bytes()).longValue()).isEqualTo(key.word(3));
    }

    @Test
    void aKeyHas32BytesAndFourWords() {
        assertRefused(() -> KadKey.ofDigest(Bytes.of(new byte[31])), "31");
        assertRefused(() -> KadKey.ofDigest(Bytes.of(new byte[33])), "33");
        assertThatThrownBy(() -> ORIGIN.word(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ORIGIN.word(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Property
    void distanceIsTheXorOfBothKeys(@ForAll KadKey left, @ForAll KadKey right) {
        assertThat(number(left.distance(right))).isEqualTo(number(left.bytes()).xor(number(right.bytes())));
    }

    @Property
    void distanceIsZeroExactlyToItself(@ForAll KadKey left, @ForAll KadKey right) {
        assertThat(left.distance(left)).isEqualTo(Distance.ZERO);
        assertThat(left.distance(right).isZero()).isEqualTo(left.equals(right));
    }

    @Property
    void distanceIsSymmetric(@ForAll KadKey left, @ForAll KadKey right) {
        assertThat(left.distance(right)).isEqualTo(right.distance(left));
    }

    @Property
    void distanceSatisfiesTheTriangleInequality(@ForAll KadKey from, @ForAll KadKey over, @ForAll KadKey to) {
        BigInteger detour = number(from.distance(over)).add(number(over.distance(to)));
        assertThat(number(from.distance(to))).isLessThanOrEqualTo(detour);
    }

    @Property
    void exactlyOneKeyHasAGivenDistance(@ForAll KadKey from, @ForAll Distance distance, @ForAll KadKey other) {
        KadKey key = from.xor(distance);
        assertThat(from.distance(key)).isEqualTo(distance);
        assertThat(from.distance(other).equals(distance)).isEqualTo(other.equals(key));
    }

    @Property
    void distancesAreComparedAsUnsignedNumbers(@ForAll Distance left, @ForAll Distance right) {
        assertThat(Integer.signum(left.compareTo(right))).isEqualTo(number(left).compareTo(number(right)));
        assertThat(left.equals(right)).isEqualTo(left.compareTo(right) == 0);
        assertThat(left).isBetween(Distance.ZERO, Distance.MAX).hasSameHashCodeAs(ORIGIN.distance(ORIGIN.xor(left)));
    }

    @Property
    void theCloserOfTwoKeysHasTheSmallerDistance(@ForAll KadKey from, @ForAll KadKey left, @ForAll KadKey right) {
        int expected = number(from.distance(left)).compareTo(number(from.distance(right)));
        assertThat(Integer.signum(from.compareDistance(left, right))).isEqualTo(expected);
        assertThat(Integer.signum(from.compareDistance(right, left))).isEqualTo(-expected);
        assertThat(from.compareDistance(left, left)).isZero();
    }

    @Property
    void keysThatDifferInOneBitShareAllBitsBeforeIt(@ForAll KadKey key, @ForAll @IntRange(max = 255) int bit) {
        Distance distance = distanceOf(BigInteger.ONE.shiftLeft(bit));
        assertThat(distance.log2()).isEqualTo(bit);
        assertThat(key.commonPrefixLength(key.xor(distance))).isEqualTo(255 - bit);
    }

    @Property
    void theCommonPrefixLengthDeterminesTheMagnitudeOfTheDistance(@ForAll KadKey left, @ForAll KadKey right) {
        assertThat(left.distance(right).log2())
                .isEqualTo(number(left.distance(right)).bitLength() - 1)
                .isEqualTo(255 - left.commonPrefixLength(right));
        assertThat(left.commonPrefixLength(left)).isEqualTo(KadKey.BITS);
    }

    @Test
    void zeroAndMaximumAreTheEndsOfTheDistances() {
        assertThat(Distance.ZERO.log2()).isEqualTo(-1);
        assertThat(Distance.ZERO).hasToString("0".repeat(64));
        assertThat(Distance.MAX.log2()).isEqualTo(255);
        assertThat(Distance.MAX).hasToString("f".repeat(64));
    }

    private static Distance distanceOf(BigInteger number) {
        return Distance.of(
                number.shiftRight(192).longValue(),
                number.shiftRight(128).longValue(),
                number.shiftRight(64).longValue(),
                number.longValue());
    }

    private static BigInteger number(Distance distance) {
        return number(distance.bytes());
    }

    private static BigInteger number(Bytes bytes) {
        return new BigInteger(1, bytes.toArray());
    }
}
