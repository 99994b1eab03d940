package io.kad.api.id;

import static io.kad.api.id.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnsignedVarintTest {

    @ParameterizedTest
    @CsvSource({
        "0,00",
        "1,01",
        "127,7f",
        "128,8001",
        "255,ff01",
        "300,ac02",
        "16383,ff7f",
        "16384,808001",
        "72057594037927935,ffffffffffffff7f",
        "9223372036854775807,ffffffffffffffff7f"
    })
    void matchesTheSpecification(long value, String hex) {
        assertThat(UnsignedVarint.encode(value).hex()).isEqualTo(hex);
        assertThat(UnsignedVarint.read(Bytes.fromHex(hex).asReadOnlyBuffer())).isEqualTo(value);
    }

    @Property
    void roundTrips(@ForAll @LongRange(min = 0) long wide, @ForAll @IntRange(max = 62) int shift) {
        long value = wide >>> shift;
        byte[] target = new byte[UnsignedVarint.MAX_BYTES + 2];
        int end = UnsignedVarint.write(value, target, 1);
        assertThat(end).isEqualTo(1 + UnsignedVarint.size(value));
        var in = Bytes.copyOf(target, 1, target.length - 1).asReadOnlyBuffer();
        assertThat(UnsignedVarint.read(in)).isEqualTo(value);
        assertThat(in.position()).isEqualTo(end - 1);
        assertThat(UnsignedVarint.encode(value)).isEqualTo(Bytes.copyOf(target, 1, end - 1));
    }

    @Property
    void isRefusedWithMoreBytesThanNeeded(
            @ForAll @LongRange(min = 0) long wide, @ForAll @IntRange(max = 62) int shift) {
        byte[] minimal = UnsignedVarint.encode(wide >>> shift).toArray();
        minimal[minimal.length - 1] |= (byte) 0x80;
        Bytes padded = Bytes.concat(Bytes.of(minimal), Bytes.of((byte) 0));
        String reason = padded.size() > UnsignedVarint.MAX_BYTES ? "exceeds the limit of 9 bytes" : "fewest bytes";
        assertRefused(() -> UnsignedVarint.read(padded.asReadOnlyBuffer()), reason);
    }

    @Property
    void isRefusedIfTruncated(@ForAll @LongRange(min = 128) long value, @ForAll @IntRange(max = 8) int kept) {
        Bytes whole = UnsignedVarint.encode(value);
        Bytes part = whole.slice(0, Math.min(kept, whole.size() - 1));
        assertRefused(() -> UnsignedVarint.read(part.asReadOnlyBuffer()), "truncated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "8000", "808000", "80808080808080808001", "ffffffffffffffffff01"})
    void isRefusedIfMalformed(String hex) {
        assertRefused(() -> UnsignedVarint.read(Bytes.fromHex(hex).asReadOnlyBuffer()), "varint");
    }

    @Test
    void isNotNegative() {
        assertRefused(() -> UnsignedVarint.encode(-1), "-1");
        assertRefused(() -> UnsignedVarint.size(-1), "-1");
        assertRefused(() -> UnsignedVarint.write(Long.MIN_VALUE, new byte[10], 0), "negative");
    }
}
