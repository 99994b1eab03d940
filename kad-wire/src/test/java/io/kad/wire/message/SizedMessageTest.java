package io.kad.wire.message;

import static io.kad.wire.TestMessages.CODEC;
import static io.kad.wire.TestMessages.NOW;
import static io.kad.wire.TestMessages.peers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.kad.api.id.Bytes;
import io.kad.api.id.UnsignedVarint;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.wire.encoding.ProtoWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are written with their length prefix to a place in a larger array. */
class SizedMessageTest {

    private static final int BEFORE = 3;
    private static final int BEHIND = 5;

    private static void assertWritten(SizedMessage frame, byte[] message) {
        byte[] expected = Bytes.concat(UnsignedVarint.encode(message.length), Bytes.of(message))
                .toArray();
        assertThat(frame.size()).isEqualTo(expected.length);
        byte[] target = new byte[BEFORE + expected.length + BEHIND];
        Arrays.fill(target, (byte) 0x55);
        frame.writeTo(target, BEFORE);
        assertThat(Arrays.copyOfRange(target, BEFORE, BEFORE + expected.length)).isEqualTo(expected);
        Arrays.fill(target, BEFORE, BEFORE + expected.length, (byte) 0x55);
        assertThat(target).as("nothing else is written").containsOnly(0x55);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 20, 200})
    void aFrameIsTheMessageWithItsPrefix(int count) {
        KadResponse response = new KadResponse.FindNode(peers(count, 3));
        assertWritten(CODEC.prepare(response, NOW), CODEC.encode(response, NOW));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 126, 127, 128, 10_000})
    void aRequestTooWhateverItsKey(int keyBytes) throws Exception {
        KadRequest request = new KadRequest.FindNode(Bytes.of(new byte[keyBytes]));
        assertWritten(CODEC.prepare(request, NOW), CODEC.encode(request, NOW));
    }

    @Test
    void aWriterOfAnArrayNeverWritesBehindIt() {
        byte[] target = new byte[100];
        ProtoWriter writer = ProtoWriter.into(target, 4, 6).bytes(1, Bytes.of(new byte[4]));
        assertThatIllegalStateException()
                .isThrownBy(() -> writer.varint(2, 1))
                .withMessage("message exceeds the space of 6 bytes");
    }
}
