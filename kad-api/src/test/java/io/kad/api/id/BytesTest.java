package io.kad.api.id;

import static io.kad.api.id.Refusals.assertRefused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Domain(IdArbitraries.class)
class BytesTest {

    @Test
    void sharesNoArrays() {
        byte[] given = {1, 2, 3};
        Bytes bytes = Bytes.of(given);
        Bytes part = Bytes.copyOf(given, 1, 2);
        given[1] = 9;
        bytes.toArray()[0] = 9;
        assertThat(bytes.toArray()).containsExactly(1, 2, 3);
        assertThat(part.toArray()).containsExactly(2, 3);
        assertThatThrownBy(() -> bytes.asReadOnlyBuffer().put(0, (byte) 9)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void copiesTheRemainingBytesOfABuffer() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);
        assertThat(Bytes.copyOf(buffer).toArray()).containsExactly(2, 3);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @Test
    void refusesRangesOutOfBounds() {
        assertThatThrownBy(() -> Bytes.copyOf(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.of((byte) 1).slice(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.of((byte) 1).slice(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.EMPTY.at(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Property
    void areEqualExactlyIfTheirContentIs(@ForAll Bytes bytes, @ForAll @IntRange(max = 204) int position) {
        Bytes copy = Bytes.of(bytes.toArray());
        assertThat(copy).isEqualTo(bytes).hasSameHashCodeAs(bytes).isEqualByComparingTo(bytes);
        byte[] content = bytes.toArray();
        if (position < content.length) {
            content[position] ^= 1;
            assertThat(Bytes.of(content)).isNotEqualTo(bytes);
        }
        assertThat(Bytes.concat(bytes, Bytes.of((byte) 0))).isNotEqualTo(bytes).isGreaterThan(bytes);
    }

    @Property
    void ofOneSizeAreOrderedAsUnsignedNumbers(@ForAll KadKey left, @ForAll KadKey right) {
        int expected = new BigInteger(1, left.bytes().toArray())
                .compareTo(new BigInteger(1, right.bytes().toArray()));
        assertThat(Integer.signum(left.bytes().compareTo(right.bytes()))).isEqualTo(expected);
    }

    @Test
    void areOrderedByTheFirstDifferenceThenByLength() {
        assertThat(Bytes.fromHex("80")).isGreaterThan(Bytes.fromHex("7fff")).isLessThan(Bytes.fromHex("8000"));
        assertThat(Bytes.EMPTY).isLessThan(Bytes.fromHex("00"));
    }

    @Property
    void areSlicedAndConcatenated(@ForAll Bytes left, @ForAll Bytes right) {
        Bytes joined = Bytes.concat(left, right);
        assertThat(joined.size()).isEqualTo(left.size() + right.size());
        assertThat(joined.slice(0, left.size())).isEqualTo(left);
        assertThat(joined.slice(left.size(), joined.size())).isEqualTo(right);
        assertThat(joined.startsWith(left)).isTrue();
        assertThat(left.startsWith(joined)).isEqualTo(right.isEmpty());
    }

    @Property
    void areWrittenInHexadecimal(@ForAll Bytes bytes) {
        assertThat(bytes.hex()).hasSize(bytes.size() * 2).matches("[0-9a-f]*");
        assertThat(Bytes.fromHex(bytes.hex())).isEqualTo(bytes);
        assertThat(Bytes.fromHex(bytes.hex().toUpperCase(Locale.ROOT))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0g", "0x00", "00 ", "0\n", "００"})
    void refuseInvalidHexadecimal(String text) {
        assertRefused(() -> Bytes.fromHex(text));
    }

    @Property
    void areTextExactlyIfTheyAreUtf8(@ForAll Bytes bytes) {
        boolean valid =
                Bytes.of(new String(bytes.toArray(), UTF_8).getBytes(UTF_8)).equals(bytes);
        assertThat(bytes.utf8().isPresent()).isEqualTo(valid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/pk/ä€😀", "\ufffd", "\u0000\n"})
    void keepText(String text) {
        assertThat(Bytes.utf8(text).toArray()).isEqualTo(text.getBytes(UTF_8));
        assertThat(Bytes.utf8(text).utf8()).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c080", "eda080", "f4908080", "80", "e282", "ff"})
    void areNotTextIfMalformed(String hex) {
        assertThat(Bytes.fromHex(hex).utf8()).isEmpty();
    }

    @Test
    void refuseTextThatUtf8CannotExpress() {
        assertRefused(() -> Bytes.utf8("a\ud83d"), "surrogate");
        assertRefused(() -> Bytes.utf8("\ude00\ud83d"), "surrogate");
    }

    @Test
    void areShortInMessages() {
        assertThat(Bytes.fromHex("00ff")).hasToString("00ff");
        assertThat(Bytes.of(new byte[100]).toString()).hasSizeLessThan(90).endsWith("...(100 bytes)");
    }
}
