package io.kad.transport.netty.kad;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.TestConnectionInfo;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestMuxedConnection;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.message.KadCodec;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests beyond the rate of their peer, which is one a second. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class DelayedRequestsTest {

    private static final int RATE = 60;
    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0").toBuilder()
            .maxRequestsPerMinute(RATE)
            .maxStoredRecordsPerMinute(2)
            .build();

    private final LimitCounters counters = new LimitCounters();
    private long nanos;
    private final PeerRates rates = new PeerRates(CONFIG, counters, () -> nanos);
    private int received;
    /** Calls of the clock, one for each message that is decoded or encoded. */
    private int clockCalls;

    private final TransportHandler handler = new TransportHandler() {
        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            received++;
            responder.respond(
                    request.request() instanceof KadRequest.PutValue put
                            ? new KadResponse.PutValue(put.record())
                            : new KadResponse.Ping());
        }

        @Override
        public void onEvent(TransportEvent event) {}
    };

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    private EmbeddedChannel stream() {
        EmbeddedChannel stream = Wire.channel();
        ConnectionInfo info = TestConnectionInfo.inbound(new TestIdentity(1).peerId(), "/ip4/203.0.113.1/tcp/1");
        stream.pipeline()
                .addLast(new KadServerStream(
                        new PeerConnection(
                                info, new TestMuxedConnection(stream), Budgets.receive(100_000), Budgets.unlimited()),
                        handler,
                        new KadFrameCodec(CONFIG, this::now),
                        rates.limiter(new TestIdentity(1).peerId(), new InetSocketAddress("203.0.113.1", 1)),
                        () -> true));
        return stream;
    }

    private Instant now() {
        clockCalls++;
        return Instant.EPOCH;
    }

    private static void send(EmbeddedChannel stream, KadRequest request, int times) throws MessageTooLargeException {
        byte[] message = Wire.framed(new KadCodec(CONFIG).encode(request, Instant.EPOCH));
        byte[][] messages = new byte[times][];
        Arrays.fill(messages, message);
        stream.pipeline().fireChannelRead(Unpooled.wrappedBuffer(messages));
        settle(stream);
    }

    private static void settle(EmbeddedChannel stream) {
        stream.runScheduledPendingTasks();
        Wire.sent(stream);
    }

    private void pass(Duration time, EmbeddedChannel... streams) {
        nanos += time.toNanos();
        for (EmbeddedChannel stream : streams) {
            Wire.pass(stream, time);
            settle(stream);
        }
    }

    @Test
    void anHonestPeerThatSendsThreeTimesItsRateAtOnceHasAllAnswered() throws Exception {
        EmbeddedChannel stream = stream();
        send(stream, new KadRequest.Ping(), 3 * RATE);
        assertThat(received).isEqualTo(RATE);
        for (int second = 1; second <= 2 * RATE; second++) {
            pass(Duration.ofSeconds(1), stream);
            assertThat(received).isEqualTo(RATE + second);
        }
        assertThat(stream.isOpen()).isTrue();
        assertThat(counters.get(LimitId.REQUESTS_PER_MINUTE)).isEqualTo(2 * RATE);
    }

    @Test
    void aRequestThatWaitsIsTheOnlyOneThatIsTakenUpOfItsStream() throws Exception {
        EmbeddedChannel stream = stream();
        send(stream, new KadRequest.Ping(), RATE);
        int before = clockCalls;
        send(stream, new KadRequest.Ping(), 1000);
        assertThat(clockCalls - before).as("messages that were read").isEqualTo(1);
        assertThat(stream.config().isAutoRead()).isFalse();
        pass(Duration.ofSeconds(1), stream);
        assertThat(received).isEqualTo(RATE + 1);
    }

    @Test
    void aStreamWhoseRequestWouldWaitForTooLongIsReset() throws Exception {
        EmbeddedChannel first = stream();
        send(first, new KadRequest.Ping(), RATE);
        EmbeddedChannel[] streams = new EmbeddedChannel[20];
        for (int number = 0; number < streams.length; number++) {
            streams[number] = stream();
            send(streams[number], new KadRequest.Ping(), 1);
        }
        assertThat(Arrays.stream(streams).filter(EmbeddedChannel::isOpen))
                .as("half of the request timeout")
                .containsExactly(Arrays.copyOf(streams, 5));
        pass(Duration.ofSeconds(5), streams);
        assertThat(received).isEqualTo(RATE + 5);
    }

    @Test
    void aStreamThatEndsGivesItsTurnBack() throws Exception {
        EmbeddedChannel first = stream();
        send(first, new KadRequest.Ping(), RATE + 1);
        EmbeddedChannel second = stream();
        first.close();
        first.runPendingTasks();
        send(second, new KadRequest.Ping(), 1);
        pass(Duration.ofSeconds(1), second);
        assertThat(received).isEqualTo(RATE + 1);
    }

    @Test
    void aRecordThatWouldWaitForTooLongIsRefused() throws Exception {
        Record record = Record.of(RecordKey.utf8("/app/key"), Bytes.utf8("value"));
        EmbeddedChannel stream = stream();
        send(stream, new KadRequest.PutValue(record), 3);
        assertThat(received).isEqualTo(2);
        assertThat(stream.isOpen()).isFalse();
        assertThat(counters.get(LimitId.STORED_RECORDS_PER_MINUTE)).isEqualTo(1);
    }
}
