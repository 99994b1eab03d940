package io.kad.transport.netty.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.transport.netty.support.FuzzInput;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole sessions. The first byte of an input tells whether the rest is what the remote peer sends, or a script: frames, each after something that the
 * local program does with its streams.
 */
class YamuxFuzzTest {

    /** Payload of the frames of a script: more than a window in two of them. */
    private static final int MAX_PAYLOAD = 200_000;

    private static final int MAX_FRAMES = 64;

    static Stream<byte[]> seeds() {
        byte[] raw = Frames.join(
                Frames.update(Frames.SYN, 1, 0),
                Frames.data(0, 1, "hello"),
                Frames.ping(Frames.SYN, 7),
                Frames.data(Frames.SYN | Frames.FIN, 3, "x"),
                Frames.update(Frames.RST, 1, 0),
                Frames.goAway(0));
        return Stream.of(
                FuzzInput.seed(raw, 0, 4),
                FuzzInput.seed(Frames.header(Frames.DATA, Frames.SYN, 1, 0xffff_ffffL), 0, 1),
                FuzzInput.seed(Frames.header(7, 0, 0, 0), 0, 3),
                script(frame(0, 1, Frames.SYN, 1, 10), frame(6, 0, 0, 1, 1000), frame(1, 0, Frames.FIN, 1, 0)),
                script(frame(0, 0, Frames.SYN, 1, 60_000), frame(3, 1, 0, 1, 65_000), frame(7, 0, Frames.RST, 1, 0)));
    }

    private static byte[] script(byte[]... frames) {
        return FuzzInput.seed(Frames.join(frames), 1, 0);
    }

    /** Returns a frame of a script: three bytes that choose what is done before it, and the frame. */
    private static byte[] frame(int use, int type, int flags, int stream, int length) {
        return new byte[] {
            1, 0, (byte) use, 0, 0, (byte) type, (byte) flags, (byte) stream, 0, (byte) (length >> 8), (byte) length
        };
    }

    @MethodSource("seeds")
    @FuzzTest
    void keepsOrClosesTheConnectionAndLeaksNothing(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        if (in.next(2) == 0) {
            int segmentSize = 1 + in.next();
            byte[] received = in.rest();
            assertThat(YamuxGarbageTest.result(received, segmentSize))
                    .isEqualTo(YamuxGarbageTest.result(received, Math.max(1, received.length)));
        } else {
            runScript(in);
        }
    }

    private static void runScript(FuzzInput in) {
        YamuxLimits limits = YamuxLimits.defaults();
        try (TestConnection connection = new TestConnection(false, limits)) {
            connection.autoRead = in.next(2) == 0;
            List<YamuxStreamChannel> opened = new ArrayList<>();
            for (int frames = 0; frames < MAX_FRAMES && in.hasMore() && connection.channel.isOpen(); frames++) {
                LocalUse.any(connection, bound -> (int) (in.nextTwo(1 << 16) * (1L + (bound >> 16)) % bound))
                        .ifPresent(opened::add);
                byte[] frame = frame(in);
                connection.receiveInPieces(frame, frame.length);
                connection.channel.checkException();
                assertThat(connection.yamux.streamCount())
                        .isLessThanOrEqualTo(limits.maxInboundStreams() + limits.maxOutboundStreams())
                        .isLessThanOrEqualTo(opened.size() + connection.inbound.size());
            }
            LocalUse.closeAndCheck(connection, opened);
        }
    }

    private static byte[] frame(FuzzInput in) {
        int type = in.next(4);
        int flags = in.next(16);
        long stream = in.next();
        int small = in.next(4);
        long length = small == 3 ? in.nextFour() : in.nextTwo(65_536) * (long) (small + 1);
        byte[] header = Frames.header(type, flags, stream, length);
        return type == Frames.DATA && length <= MAX_PAYLOAD ? Frames.join(header, new byte[(int) length]) : header;
    }
}
