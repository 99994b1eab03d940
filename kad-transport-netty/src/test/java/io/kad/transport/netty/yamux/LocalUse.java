package io.kad.transport.netty.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Actions of a program on the streams of a connection between any two frames. */
final class LocalUse {

    private LocalUse() {}

    /**
     * Does something, or nothing.
     *
     * @param choice returns a number from 0 to below its argument
     * @return a stream that was opened
     */
    static Optional<YamuxStreamChannel> any(TestConnection connection, IntUnaryOperator choice) {
        Optional<YamuxStreamChannel> opened = Optional.empty();
        if (choice.applyAsInt(5) == 0) {
            YamuxStreamChannel stream = connection.open();
            stream.writeAndFlush(connection.buffer(choice.applyAsInt(300_000)));
            opened = Optional.of(stream);
        }
        if (!connection.inbound.isEmpty()) {
            use(connection, connection.inbound.get(choice.applyAsInt(connection.inbound.size())), choice);
        }
        return opened;
    }

    private static void use(TestConnection connection, YamuxStreamChannel stream, IntUnaryOperator choice) {
        switch (choice.applyAsInt(9)) {
            case 0 -> stream.close();
            case 1 -> stream.reset(7);
            case 2 -> stream.shutdownOutput();
            case 3 -> stream.shutdownInput();
            case 4 -> stream.read();
            case 5 -> stream.write(connection.buffer(choice.applyAsInt(1000)));
            case 6 -> stream.writeAndFlush(connection.buffer(choice.applyAsInt(300_000)));
            case 7 -> stream.config().setAutoRead(choice.applyAsInt(2) == 0);
            default -> stream.shutdown();
        }
    }

    /** Closes the connection, and asserts that each stream has seen its begin and its end once. */
    static void closeAndCheck(TestConnection connection, List<YamuxStreamChannel> opened) {
        if (!connection.channel.isOpen()) {
            assertThat(connection.yamux.streamCount()).isZero();
        }
        connection.channel.close();
        connection.channel.runPendingTasks();
        opened.forEach(LocalUse::checkClosed);
        connection.inbound.forEach(LocalUse::checkClosed);
    }

    private static void checkClosed(YamuxStreamChannel stream) {
        assertThat(stream.isOpen()).isFalse();
        Recorder recorder = TestConnection.recorder(stream);
        assertThat(recorder.count("active")).isEqualTo(1);
        assertThat(recorder.count("inactive")).isEqualTo(1);
        assertThat(recorder.count("eof")).isLessThanOrEqualTo(1);
        assertThat(recorder.count("error")).isLessThanOrEqualTo(1);
        assertThat(recorder.events).last().isEqualTo("inactive");
    }
}
