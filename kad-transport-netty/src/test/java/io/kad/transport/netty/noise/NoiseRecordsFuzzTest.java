package io.kad.transport.netty.noise;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.transport.netty.support.FuzzInput;
import io.kad.transport.netty.support.Sink;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Transport messages after the handshake. The first byte of an input is the size of the segments in which messages arrive; each message has a byte
 * with its kind and one with its size.
 */
class NoiseRecordsFuzzTest {

    /** Kinds of messages: the other numbers are of valid ones. */
    private static final int RAW = 0;

    private static final int CHANGED = 1;
    private static final int TRUNCATED = 2;
    private static final int KINDS = 8;

    /** Buffer in which a message begins, however long it says that it is. */
    private static final int MIN_BUFFER_BYTES = 256;

    private static final int MAX_GROWTH = 8;

    private final NoiseHandshake.CipherStates remote = new NoiseHandshake.CipherStates(state(1), state(2));
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final ByteArrayOutputStream valid = new ByteArrayOutputStream();
    private boolean violated;

    static Stream<byte[]> seeds() {
        return Stream.of(
                FuzzInput.seed("hello".getBytes(StandardCharsets.US_ASCII), 3, 7, 5),
                FuzzInput.seed(new byte[300], 255, 7, 200, 7),
                FuzzInput.seed(new byte[] {0, 16, 1}, 0, RAW, 3),
                FuzzInput.seed(new byte[] {-1, -1, 1}, 1, RAW, 3),
                FuzzInput.seed(new byte[20], 1, 7, 0, CHANGED, 9),
                FuzzInput.seed(new byte[20], 40, 7, 9, TRUNCATED, 9));
    }

    private static CipherState state(int key) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) key;
        return new CipherState(bytes, AeadCiphers.ofProcess());
    }

    @MethodSource("seeds")
    @FuzzTest
    void deliversWhatWasSentBeforeTheFirstViolation(byte[] input) {
        NoiseRecordsFuzzTest session = new NoiseRecordsFuzzTest();
        FuzzInput in = new FuzzInput(input);
        int segmentSize = 1 + in.next();
        while (in.hasMore()) {
            session.add(in.next(KINDS), in.next((long) in.next()));
        }
        session.check(Integer.MAX_VALUE);
        session.check(segmentSize);
    }

    private void add(int kind, byte[] content) {
        if (kind == RAW) {
            violated |= content.length > 0;
            wire.writeBytes(content);
            return;
        }
        byte[] message = sealed(content);
        if (kind == CHANGED) {
            message[message.length - 1] ^= 1;
        }
        wire.write(message, 0, message.length - (kind == TRUNCATED ? 1 : 0));
        violated |= kind == CHANGED || kind == TRUNCATED;
        if (!violated) {
            valid.writeBytes(content);
        }
    }

    private byte[] sealed(byte[] plaintext) {
        byte[] message = Wire.join(new byte[2], plaintext, new byte[CipherState.TAG_BYTES]);
        int length = remote.send().encrypt(Unpooled.wrappedBuffer(message), 2, plaintext.length);
        message[0] = (byte) (length >>> Byte.SIZE);
        message[1] = (byte) length;
        return message;
    }

    private void check(int segmentSize) {
        Sink sink = new Sink();
        EmbeddedChannel channel =
                Wire.channel(new NoiseTransportHandler(new NoiseHandshake.CipherStates(state(2), state(1))), sink);
        byte[] sent = wire.toByteArray();
        Wire.deliver(channel, sent, Math.min(segmentSize, Math.max(1, sent.length)));
        assertThat(sink.received()).isEqualTo(valid.toByteArray());
        assertThat(sink.errors()).hasSize(channel.isOpen() ? 0 : 1).allMatch(NoiseException.class::isInstance);
        assertThat(channel.isOpen() || violated).isTrue();
        assertThat(Wire.heldBytes(channel)).isLessThanOrEqualTo(MIN_BUFFER_BYTES + (long) MAX_GROWTH * sent.length);
        channel.checkException();
        assertThat(Wire.leaked(channel)).isZero();
    }
}
