package io.kad.transport.netty.psk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.transport.netty.support.FuzzInput;
import io.kad.transport.netty.support.Sink;
import io.kad.transport.netty.support.Wire;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of pre-shared keys, and connections with such a key: the first byte of an input tells which the rest is, the second the size of the segments
 * in which a connection receives it.
 */
class PreSharedKeyFuzzTest {

    private static final String FILE = "/key/swarm/psk/1.0.0/\n";
    private static final byte[] HEADER = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY = new byte[PreSharedKey.BYTES];
    private static final PreSharedKey VALID =
            PreSharedKey.parse(file("/base16/\n" + HexFormat.of().formatHex(KEY)));

    static Stream<byte[]> seeds() {
        return Stream.of(
                FuzzInput.seed(file("/base16/\n" + HexFormat.of().formatHex(KEY) + "\n"), 0, 0),
                FuzzInput.seed(file("/base64/\r\n" + Base64.getEncoder().encodeToString(KEY)), 0, 0),
                FuzzInput.seed(Wire.join(file("/bin/\n"), KEY), 0, 0),
                FuzzInput.seed(Wire.join(HEADER, new byte[30]), 1, 5),
                FuzzInput.seed(new byte[60], 2, 0));
    }

    private static byte[] file(String rest) {
        return (FILE + rest).getBytes(StandardCharsets.ISO_8859_1);
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrAKeyOrAConnectionWithIt(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int kind = in.next(3);
        int segmentSize = 1 + in.next();
        byte[] rest = in.rest();
        if (kind == 0) {
            parse(rest)
                    .ifPresent(key ->
                            assertThat(received(key, encrypted(key, HEADER), 1)).isEqualTo(HEADER));
        } else {
            byte[] wire = kind == 1 ? encrypted(VALID, rest) : rest;
            byte[] whole = received(VALID, wire, Math.max(1, wire.length));
            byte[] inSegments = received(VALID, wire, segmentSize);
            assertThat(whole.length == 0 || Arrays.equals(whole, inSegments)).isTrue();
            assertThat(inSegments).hasSizeLessThanOrEqualTo(wire.length);
            if (kind == 1 && hasHeader(rest)) {
                assertThat(whole).isEqualTo(rest);
            } else {
                assertThat(inSegments).hasSizeLessThan(HEADER.length);
            }
        }
    }

    private static boolean hasHeader(byte[] plain) {
        return plain.length >= HEADER.length && Arrays.equals(plain, 0, HEADER.length, HEADER, 0, HEADER.length);
    }

    private static Optional<PreSharedKey> parse(byte[] file) {
        try {
            return Optional.of(PreSharedKey.parse(file));
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage().lines()).hasSize(1);
            return Optional.empty();
        }
    }

    private static byte[] encrypted(PreSharedKey key, byte[] plain) {
        // The end of the pipeline takes the exception that a connection without a header ends with
        EmbeddedChannel channel = Wire.channel(key.newHandler(), new Sink());
        channel.writeOutbound(Unpooled.wrappedBuffer(plain));
        byte[] sent = Wire.sent(channel);
        assertThat(Wire.leaked(channel)).isZero();
        return sent;
    }

    private static byte[] received(PreSharedKey key, byte[] wire, int segmentSize) {
        Sink sink = new Sink();
        EmbeddedChannel channel = Wire.channel(key.newHandler(), sink);
        Wire.deliver(channel, wire, segmentSize);
        assertThat(sink.errors()).hasSizeLessThanOrEqualTo(1).allMatch(UpgradeException.class::isInstance);
        assertThat(Wire.leaked(channel)).isZero();
        return sink.received();
    }
}
