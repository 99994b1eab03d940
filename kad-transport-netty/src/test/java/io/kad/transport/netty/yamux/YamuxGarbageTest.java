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

/** Input from a peer that follows no rules. */
class YamuxGarbageTest {

    @Provide
    Arbitrary<byte[]> noise() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(2000);
    }

    /** Frames that make sense one by one, mostly, but not together. */
    @Provide
    Arbitrary<byte[]> frame() {
        return Arbitraries.frequencyOf(Tuple.of(9, likelyFrame()), Tuple.of(1, unlikelyFrame()));
    }

    private static Arbitrary<byte[]> likelyFrame() {
        Arbitrary<Integer> type =
                Arbitraries.frequency(pair(6, Frames.DATA), pair(6, Frames.WINDOW_UPDATE), pair(2, Frames.PING));
        Arbitrary<Integer> flags = Arbitraries.frequency(
                pair(10, 0), pair(6, Frames.SYN), pair(2, Frames.ACK), pair(2, Frames.FIN), pair(1, Frames.RST));
        Arbitrary<Long> stream = Arbitraries.of(1L, 3L, 5L, 7L, 9L, 11L, 13L, 15L);
        Arbitrary<Long> length = Arbitraries.longs().between(0, 40_000);
        return Combinators.combine(type, flags, stream, length).as(YamuxGarbageTest::frame);
    }

    private static Arbitrary<byte[]> unlikelyFrame() {
        Arbitrary<Integer> type = Arbitraries.of(Frames.DATA, Frames.WINDOW_UPDATE, Frames.PING, 7);
        Arbitrary<Integer> flags = Arbitraries.integers().between(0, 15);
        Arbitrary<Long> stream = Arbitraries.longs().between(0, 12);
        Arbitrary<Long> length = Arbitraries.of(0L, 262_143L, 262_144L, 262_145L, 0xffff_ffffL);
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
    void noiseNeverThrowsNorLeaks(@ForAll("noise") byte[] noise, @ForAll long seed) {
        try (TestConnection connection = new TestConnection()) {
            connection.receiveInPieces(noise, 1 + new Random(seed).nextInt(noise.length + 1));
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
                all.addAll(misuse(connection, random));
                connection.receiveInPieces(frame, 1 + random.nextInt(frame.length));
                connection.channel.checkException();
                assertThat(connection.yamux.streamCount()).isLessThanOrEqualTo(all.size() + connection.inbound.size());
            }
            all.addAll(connection.inbound);
            if (!connection.channel.isOpen()) {
                assertThat(connection.yamux.streamCount()).isZero();
            }
            connection.channel.close();
            connection.channel.runPendingTasks();
            for (YamuxStreamChannel stream : all) {
                assertThat(stream.isOpen()).isFalse();
                Recorder recorder = TestConnection.recorder(stream);
                assertThat(recorder.count("active")).isEqualTo(1);
                assertThat(recorder.count("inactive")).isEqualTo(1);
                assertThat(recorder.count("eof")).isLessThanOrEqualTo(1);
                assertThat(recorder.count("error")).isLessThanOrEqualTo(1);
                assertThat(recorder.events).last().isEqualTo("inactive");
            }
        }
    }

    /** Does something that a program might do between two frames. */
    private static List<YamuxStreamChannel> misuse(TestConnection connection, Random random) {
        List<YamuxStreamChannel> opened = new ArrayList<>();
        if (random.nextInt(5) == 0) {
            YamuxStreamChannel stream = connection.open();
            stream.writeAndFlush(connection.buffer(random.nextInt(300_000)));
            opened.add(stream);
        }
        if (!connection.inbound.isEmpty()) {
            act(connection, connection.inbound.get(random.nextInt(connection.inbound.size())), random);
        }
        return opened;
    }

    private static void act(TestConnection connection, YamuxStreamChannel stream, Random random) {
        switch (random.nextInt(9)) {
            case 0 -> stream.close();
            case 1 -> stream.reset(7);
            case 2 -> stream.shutdownOutput();
            case 3 -> stream.shutdownInput();
            case 4 -> stream.read();
            case 5 -> stream.write(connection.buffer(random.nextInt(1000)));
            case 6 -> stream.writeAndFlush(connection.buffer(random.nextInt(300_000)));
            case 7 -> stream.config().setAutoRead(random.nextBoolean());
            default -> stream.shutdown();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void resultDoesNotDependOnWhereTheInputIsCut(@ForAll("frames") List<byte[]> frames, @ForAll long seed) {
        byte[] input = Frames.join(frames.toArray(new byte[0][]));
        assertThat(outcome(input, 1 + new Random(seed).nextInt(3000))).isEqualTo(outcome(input, input.length));
    }

    private static List<String> outcome(byte[] input, int pieces) {
        try (TestConnection connection = new TestConnection()) {
            connection.receiveInPieces(input, pieces);
            List<String> outcome = new ArrayList<>(connection.sentText());
            outcome.removeIf(frame -> frame.startsWith("update")); // credit goes with the pieces that are read
            for (YamuxStreamChannel stream : connection.inbound) {
                Recorder recorder = TestConnection.recorder(stream);
                outcome.add(stream.streamId() + " " + recorder.received.length() + " " + recorder.events);
            }
            outcome.add("open: " + connection.channel.isOpen());
            return outcome;
        }
    }
}
