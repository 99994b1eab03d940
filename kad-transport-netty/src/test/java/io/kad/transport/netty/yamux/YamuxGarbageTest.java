package io.kad.transport.netty.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Input from a peer that violates the protocol. */
class YamuxGarbageTest {

    @Provide
    Arbitrary<byte[]> garbage() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(2000);
    }

    /** Frames that are mostly valid one by one, but not in sequence. */
    @Provide
    Arbitrary<byte[]> frame() {
        return Arbitraries.frequencyOf(
                Tuple.of(9, likelyFrame(40_000)),
                Tuple.of(1, unlikelyFrame(0L, 262_143L, 262_144L, 262_145L, 0xffff_ffffL)));
    }

    private static Arbitrary<byte[]> likelyFrame(long maxLength) {
        Arbitrary<Integer> type =
                Arbitraries.frequency(pair(6, Frames.DATA), pair(6, Frames.WINDOW_UPDATE), pair(2, Frames.PING));
        Arbitrary<Integer> flags = Arbitraries.frequency(
                pair(10, 0), pair(6, Frames.SYN), pair(2, Frames.ACK), pair(2, Frames.FIN), pair(1, Frames.RST));
        Arbitrary<Long> stream = Arbitraries.of(1L, 3L, 5L, 7L, 9L, 11L, 13L, 15L);
        Arbitrary<Long> length = Arbitraries.longs().between(0, maxLength);
        return Combinators.combine(type, flags, stream, length).as(YamuxGarbageTest::frame);
    }

    private static Arbitrary<byte[]> unlikelyFrame(Long... lengths) {
        Arbitrary<Integer> type = Arbitraries.of(Frames.DATA, Frames.WINDOW_UPDATE, Frames.PING, 7);
        Arbitrary<Integer> flags = Arbitraries.integers().between(0, 15);
        Arbitrary<Long> stream = Arbitraries.longs().between(0, 12);
        Arbitrary<Long> length = Arbitraries.of(lengths);
        return Combinators.combine(type, flags, stream, length).as(YamuxGarbageTest::frame);
    }

    private static Tuple.Tuple2<Integer, Integer> pair(int weight, int value) {
        return Tuple.of(weight, value);
    }

    private static byte[] frame(int type, int flags, long stream, long length) {
        byte[] header = Frames.header(type, flags, stream, length);
        boolean hasPayload = type == Frames.DATA && length <= 262_145;
        return hasPayload ? Frames.join(header, new byte[(int) length]) : header;
    }

    @Provide
    Arbitrary<List<byte[]>> frames() {
        return frame().list().ofMinSize(1).ofMaxSize(40);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void garbageNeverThrowsNorLeaks(@ForAll("garbage") byte[] garbage, @ForAll long seed) {
        try (TestConnection connection = new TestConnection()) {
            connection.receiveInPieces(garbage, 1 + new Random(seed).nextInt(garbage.length + 1));
            connection.channel.checkException();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void anyFramesEitherKeepOrCloseTheConnectionAndLeakNothing(
            @ForAll("frames") List<byte[]> frames, @ForAll long seed, @ForAll boolean autoRead) {
        Random random = new Random(seed);
        try (TestConnection connection = new TestConnection()) {
            connection.autoRead = autoRead;
            List<YamuxStreamChannel> all = new ArrayList<>();
            for (byte[] frame : frames) {
                if (!connection.channel.isOpen()) {
                    break;
                }
                LocalUse.any(connection, random::nextInt).ifPresent(all::add);
                connection.receiveInPieces(frame, 1 + random.nextInt(frame.length));
                connection.channel.checkException();
                assertThat(connection.yamux.streamCount()).isLessThanOrEqualTo(all.size() + connection.inbound.size());
            }
            LocalUse.closeAndCheck(connection, all);
        }
    }

    /** So little data that no window is refilled: its credit is sent at the end of a piece, and a sender that does not wait for it may exceed the window. */
    @Provide
    Arbitrary<List<byte[]>> framesWithinTheFirstWindow() {
        Arbitrary<byte[]> frame = Arbitraries.frequencyOf(
                Tuple.of(9, likelyFrame(3000)), Tuple.of(1, unlikelyFrame(0L, 262_145L, 0xffff_ffffL)));
        return frame.list().ofMinSize(1).ofMaxSize(40);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void resultDoesNotDependOnSegmentation(
            @ForAll("framesWithinTheFirstWindow") List<byte[]> frames, @ForAll long seed) {
        byte[] input = Frames.join(frames.toArray(new byte[0][]));
        assertThat(result(input, 1 + new Random(seed).nextInt(3000))).isEqualTo(result(input, input.length));
    }

    /** Returns what the connection sends and its streams see, apart from what depends on the segments. */
    static List<String> result(byte[] input, int pieces) {
        try (TestConnection connection = new TestConnection()) {
            connection.receiveInPieces(input, pieces);
            List<String> result = new ArrayList<>(connection.sentText());
            result.removeIf(frame -> frame.startsWith("update")); // updates depend on the segments
            for (YamuxStreamChannel stream : connection.inbound) {
                Recorder recorder = TestConnection.recorder(stream);
                result.add(stream.streamId() + " " + recorder.received.length() + " " + recorder.events);
            }
            result.add("open: " + connection.channel.isOpen());
            return result;
        }
    }
}
