package io.kad.transport.netty.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.support.FuzzInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** TXT records of {@code /dnsaddr} names. The first byte of an input tells whether the rest is a record, or a text that is put into one. */
class TxtRecordFuzzTest {

    private static final int MAX_STRING_BYTES = 255;

    static Stream<byte[]> seeds() {
        return Stream.of(
                FuzzInput.seed(record("dnsaddr=/ip4/192.0.2.1/tcp/4001".getBytes(StandardCharsets.US_ASCII), 9), 0),
                FuzzInput.seed("dnsaddr=/dnsaddr/example.com".getBytes(StandardCharsets.US_ASCII), 1, 200),
                FuzzInput.seed("dnsaddr=/dns/é".getBytes(StandardCharsets.UTF_8), 1, 1),
                FuzzInput.seed("v=spf1 -all".getBytes(StandardCharsets.US_ASCII), 1, 3),
                FuzzInput.seed(new byte[] {(byte) 200, 'd'}, 0),
                FuzzInput.seed(new byte[] {0, 0, 0}, 0));
    }

    /** Returns a record of a text in strings of up to {@code size} bytes. */
    private static byte[] record(byte[] text, int size) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at += size) {
            int length = Math.min(size, text.length - at);
            record.write(length);
            record.write(text, at, length);
        }
        return record.toByteArray();
    }

    @MethodSource("seeds")
    @FuzzTest
    void namesOneAddressOrNone(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        if (in.next(2) == 0) {
            read(in.rest()).ifPresent(TxtRecordFuzzTest::checkSplits);
            return;
        }
        int size = 1 + in.next(MAX_STRING_BYTES);
        byte[] text = in.rest();
        Optional<Multiaddr> address = read(record(text, size));
        assertThat(read(record(text, MAX_STRING_BYTES))).isEqualTo(address);
        if (text.length > 0) {
            byte[] truncated = record(text, MAX_STRING_BYTES);
            assertThat(read(Arrays.copyOf(truncated, truncated.length - 1))).isEmpty();
        }
    }

    private static void checkSplits(Multiaddr address) {
        byte[] text = ("dnsaddr=" + address).getBytes(StandardCharsets.UTF_8);
        assertThat(read(record(text, MAX_STRING_BYTES))).contains(address);
        assertThat(read(record(text, 1))).contains(address);
    }

    private static Optional<Multiaddr> read(byte[] record) {
        ByteBuf content = Unpooled.wrappedBuffer(record);
        Optional<Multiaddr> address = TxtRecord.address(content);
        assertThat(content.readableBytes()).isEqualTo(record.length);
        assertThat(content.refCnt()).isOne();
        return address;
    }
}
