package io.kad.transport.netty.yamux;

import static io.kad.transport.netty.yamux.Frames.ACK;
import static io.kad.transport.netty.yamux.Frames.SYN;
import static io.kad.transport.netty.yamux.Frames.data;
import static io.kad.transport.netty.yamux.Frames.goAway;
import static io.kad.transport.netty.yamux.Frames.header;
import static io.kad.transport.netty.yamux.Frames.ping;
import static io.kad.transport.netty.yamux.Frames.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State of a connection: pings, close, stream IDs. */
class YamuxSessionTest {

    private TestConnection connection = new TestConnection();

    @AfterEach
    void assertNothingLeaked() {
        connection.close();
    }

    private void connect(boolean initiator, YamuxLimits limits) {
        connection.close();
        connection = new TestConnection(initiator, limits);
    }

    // --- pings

    @Test
    void pingGetsOnePongWithItsValue() {
        connection.receive(ping(SYN, 0xfedc_ba98L));
        assertThat(connection.sentText()).containsExactly("ping+ack 0 4275878552");
    }

    @Test
    void unexpectedPongIsIgnored() {
        connection.receive(ping(ACK, 0), ping(ACK, 1), ping(0, 2));
        assertThat(connection.sent()).isEmpty();
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @Test
    void pingMeasuresTheRtt() {
        Future<Duration> rtt = connection.yamux.ping();
        List<Frames.Sent> sent = connection.sent();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).has(SYN)).isTrue();
        connection.channel.advanceTimeBy(25, TimeUnit.MILLISECONDS);
        connection.receive(ping(ACK, sent.get(0).length() + 1)); // of another ping
        assertThat(rtt.isDone()).isFalse();
        connection.receive(ping(ACK, sent.get(0).length()));
        assertThat(rtt.getNow()).isEqualTo(Duration.ofMillis(25));
    }

    @Test
    void atMostOnePingIsInFlight() {
        Future<Duration> first = connection.yamux.ping();
        Future<Duration> second = connection.yamux.ping();
        List<Frames.Sent> sent = connection.sent();
        assertThat(sent).hasSize(1);
        connection.receive(ping(ACK, sent.get(0).length()));
        assertThat(first.isSuccess()).isTrue();
        assertThat(second.isSuccess()).isTrue();
        connection.yamux.ping();
        assertThat(connection.sent()).hasSize(1).noneMatch(sent::contains);
    }

    @Test
    void pingWithoutPongFailsAndLeavesTheConnectionOpenIfAnythingElseArrives() {
        Future<Duration> rtt = connection.yamux.ping();
        long value = connection.sent().get(0).length();
        connection.advance(9);
        connection.receive(ping(SYN, 7)); // slow, not dead
        assertThat(rtt.isDone()).isFalse();
        connection.advance(1);
        assertThat(rtt.cause()).isInstanceOf(TimeoutException.class);
        connection.receive(ping(ACK, value)); // late
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @Test
    void pingFailsWhenTheConnectionEnds() {
        Future<Duration> under = connection.yamux.ping();
        connection.receive(goAway(0));
        assertThat(under.cause()).isInstanceOf(YamuxConnectionException.class);
        assertThat(connection.yamux.ping().cause()).isInstanceOf(YamuxConnectionException.class);
    }

    @Test
    void keepAliveClosesAConnectionWithoutPongs() {
        connect(
                true,
                YamuxLimits.defaults().toBuilder()
                        .keepAlive(Duration.ofSeconds(30))
                        .build());
        connection.advance(29);
        assertThat(connection.sent()).isEmpty();
        connection.advance(1);
        List<Frames.Sent> sent = connection.sent();
        assertThat(sent).hasSize(1);
        connection.receive(ping(ACK, sent.get(0).length()));
        connection.advance(29);
        connection.receive(ping(ACK, 12345)); // any byte counts
        connection.advance(1);
        connection.advance(29);
        assertThat(connection.sent()).isEmpty();
        connection.advance(1);
        assertThat(connection.sent()).hasSize(1);
        connection.advance(9);
        assertThat(connection.channel.isOpen()).isTrue();
        connection.advance(1);
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void aProbeClosesAConnectionThatIsSilentFromThenOn() {
        Future<Duration> rtt = connection.yamux.ping();
        connection.advance(5);
        connection.receive(ping(SYN, 7)); // the last byte
        connection.advance(1);
        connection.yamux.probe();
        connection.advance(4);
        assertThat(rtt.cause()).isInstanceOf(TimeoutException.class);
        assertThat(connection.channel.isOpen())
                .as("open: bytes came after the first ping")
                .isTrue();
        connection.advance(10);
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void aPeerThatTakesDataFromAFullSocketIsNotSilent() {
        YamuxStreamChannel stream = connection.open();
        connection.writes.block();
        stream.writeAndFlush(connection.buffer(10));
        connection.setWritable(false);
        Future<Duration> rtt = connection.yamux.ping();
        connection.advance(5);
        connection.writes.unblock();
        connection.advance(5);
        assertThat(rtt.cause()).isInstanceOf(TimeoutException.class);
        assertThat(connection.channel.isOpen()).isTrue();
        connection.setWritable(true);
        connection.yamux.ping();
        stream.writeAndFlush(connection.buffer(10)); // the socket was not full: it takes this from nobody
        connection.advance(10);
        assertThat(connection.channel.isOpen()).isFalse();
    }

    // --- closing

    @Test
    void closingTheConnectionSendsOneGoAwayAndEndsEachStreamOnce() {
        connection.receive(update(SYN, 1, 0));
        YamuxStreamChannel opened = connection.open();
        ChannelFuture written = opened.write(connection.buffer(10));
        connection.channel.close();
        assertThat(connection.sentText()).containsExactly("goaway 0 0");
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(written.cause()).isInstanceOf(YamuxConnectionException.class);
        for (YamuxStreamChannel stream : List.of(opened, connection.inbound.get(0))) {
            assertThat(stream.isOpen()).isFalse();
            assertThat(stream.failure()).isInstanceOf(YamuxConnectionException.class);
            assertThat(TestConnection.recorder(stream).events)
                    .containsExactly("active", "error after 0: connection closed by the local peer", "inactive");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 0x1000})
    void goAwayOfThePeerEndsTheConnectionWhateverItsCode(long code) {
        connection.receive(update(SYN, 1, 0), goAway(code), data(0, 1, "after"));
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(connection.sent()).isEmpty();
        assertThat(connection.inbound.get(0).failure())
                .isInstanceOfSatisfying(
                        YamuxConnectionException.class,
                        e -> assertThat(e.code()).isEqualTo(code));
        assertThat(connection.last().received).isEmpty();
        assertThat(connection.last().count("inactive")).isEqualTo(1);
    }

    @Test
    void lostConnectionEndsEachStreamOnce() {
        connection.receive(update(SYN, 1, 0));
        YamuxStreamChannel stream = connection.inbound.get(0);
        ChannelFuture written = stream.writeAndFlush(connection.buffer(YamuxLimits.INITIAL_WINDOW_BYTES + 1));
        connection.sent();
        connection.channel.unsafe().close(connection.channel.newPromise()); // as the socket does
        connection.channel.runPendingTasks();
        assertThat(written.cause()).isInstanceOf(YamuxConnectionException.class);
        assertThat(connection.last().events).containsExactly("active", "error after 0: connection lost", "inactive");
        assertThat(stream.closeFuture().isSuccess()).isTrue();
        assertThat(connection.yamux.openStream(TestConnection.recording()).cause())
                .isInstanceOf(YamuxConnectionException.class);
    }

    @Test
    void failedWriteEndsTheConnection() {
        connection.receive(update(SYN, 1, 0));
        connection.writes.block();
        ChannelFuture written = connection.inbound.get(0).writeAndFlush(connection.buffer(10));
        connection.writes.fail(new IllegalStateException("no key"));
        assertThat(written.cause()).hasMessage("no key");
        connection.channel.runPendingTasks();
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(connection.last().count("inactive")).isEqualTo(1);
    }

    @Test
    void removingTheHandlerEndsTheStreams() {
        connection.receive(update(SYN, 1, 0));
        connection.channel.pipeline().remove(connection.yamux);
        connection.channel.runPendingTasks();
        assertThat(connection.last().count("inactive")).isEqualTo(1);
        assertThat(connection.yamux.streamCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "type"})
    void unknownVersionOrTypeEndsTheConnection(String what) {
        byte[] frame = header(0, 0, 1, 0);
        frame["version".equals(what) ? 0 : 1] = 9;
        connection.receive(frame, ping(SYN, 1));
        assertThat(connection.sentText()).containsExactly("goaway 0 1");
        assertThat(connection.channel.isOpen()).isFalse();
    }

    // --- stream IDs

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 0xffff_fffeL})
    void openingAnIdThatIsNotRemoteEndsTheConnection(long id) {
        connection.receive(data(SYN, id, "x"));
        assertThat(connection.sentText()).containsExactly("goaway 0 1");
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(connection.inbound).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 0xffff_ffffL})
    void theDialerAcceptsEvenStreamIdsOnly(long id) {
        connect(true, YamuxLimits.defaults());
        connection.receive(update(SYN, id, 0));
        assertThat(connection.sentText()).containsExactly("goaway 0 1");
    }

    @Test
    void openingAStreamIdTwiceEndsTheConnection() {
        connection.receive(update(SYN, 1, 0), update(SYN, 1, 0));
        assertThat(connection.sentText()).containsExactly("goaway 0 1");
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void streamIdsNeedNoOrder() {
        connection.receive(update(SYN, 0xffff_ffffL, 0), data(SYN, 9, "nine"), update(SYN, 3, 0));
        assertThat(connection.inbound).extracting(YamuxStreamChannel::streamId).containsExactly(0xffff_ffffL, 9L, 3L);
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @Test
    void localStreamIdsIncreaseByTwoFromOneOrTwo() {
        assertThat(connection.open().streamId()).isEqualTo(2);
        assertThat(connection.open().streamId()).isEqualTo(4);
        connect(true, YamuxLimits.defaults());
        YamuxStreamChannel first = connection.open();
        assertThat(first.streamId()).isEqualTo(1);
        first.close();
        assertThat(connection.open().streamId()).isEqualTo(3);
    }

    @Test
    void streamIsAChildOfTheConnection() {
        YamuxStreamChannel stream = connection.open();
        assertThat(stream.parent()).isSameAs(connection.channel);
        assertThat(stream.eventLoop()).isSameAs(connection.channel.eventLoop());
        assertThat(stream.remoteAddress()).isEqualTo(connection.channel.remoteAddress());
        assertThat(stream.isActive()).isTrue();
        assertThat(stream.isRegistered()).isTrue();
        assertThat(stream.isOutbound()).isTrue();
        assertThat(stream.alloc()).isSameAs(connection.allocator);
        YamuxStreamChannel other = connection.open();
        assertThat(stream.id()).isNotEqualTo(other.id()).isLessThan(other.id());
        assertThat(stream.compareTo(other)).isNegative();
        assertThat(stream.bind(stream.localAddress()).cause()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(stream.connect(stream.localAddress()).cause()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(stream.deregister().cause()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void handlerOutsideAPipelineOpensNothing() {
        YamuxHandler loose = new YamuxHandler(true, YamuxLimits.defaults(), TestConnection.recording());
        assertThatThrownBy(() -> loose.openStream(TestConnection.recording()))
                .isInstanceOf(IllegalStateException.class);
    }
}
