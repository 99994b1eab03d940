package io.kad.transport.netty.kad;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
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
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.connection.StreamFailures;
import io.kad.transport.netty.limit.ByteBudget;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.SendBudget;
import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.StreamLimitException;
import io.kad.transport.netty.muxer.StreamResetException;
import io.kad.transport.netty.stream.PartialMessageBudget;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.TestConnectionInfo;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestMuxedConnection;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.message.KadCodec;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Streams of one connection with slow peers, slow handlers and handlers that throw. */
class SlowStreamsTest {

    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0");
    private static final RecordKey KEY = RecordKey.of(Bytes.utf8("key"));
    private static final KadRequest FIND_NODE = new KadRequest.FindNode(Bytes.utf8("key"));
    private static final int SEND_LIMIT = 40_000;

    private final List<Responder> responders = new ArrayList<>();
    private final List<InboundRequest> requests = new ArrayList<>();
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final LimitCounters counters = new LimitCounters();
    private final ByteBudget node = new ByteBudget(1 << 30);
    private PeerConnection connection = connection(SEND_LIMIT);
    private boolean throwing;

    private final TransportHandler handler = new TransportHandler() {
        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            if (throwing) {
                throwing = false;
                throw new IllegalStateException("defect of a handler");
            }
            requests.add(request);
            responders.add(responder);
        }

        @Override
        public void onEvent(TransportEvent event) {}
    };

    /** Outbound handler that keeps writes until the test completes them. */
    private static final class HeldWrites extends ChannelOutboundHandlerAdapter {
        private final List<ChannelPromise> promises = new ArrayList<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            promises.add(promise);
        }
    }

    private PeerConnection connection(long sendLimit) {
        ConnectionBudget budget = new ConnectionBudget(
                new SendBudget(loop::add, sendLimit, 4 << 20, node.addConnection("send", () -> {}), counters),
                node.addConnection("receive", () -> {}),
                counters);
        ConnectionInfo info = TestConnectionInfo.inbound(new TestIdentity(1).peerId(), "/ip4/127.0.0.1/tcp/1");
        return new PeerConnection(
                info, new TestMuxedConnection(Wire.channel()), new PartialMessageBudget(8 << 20, budget), budget);
    }

    private KadServerStream serverStream() {
        return new KadServerStream(
                connection,
                handler,
                new KadFrameCodec(CONFIG, InstantSource.system()),
                Budgets.rateLimiter(),
                () -> true);
    }

    private EmbeddedChannel stream(KadRequest request) throws Exception {
        EmbeddedChannel stream = Wire.channel(serverStream());
        Wire.deliver(stream, Wire.framed(new KadCodec(CONFIG).encode(request, Instant.now())));
        return stream;
    }

    private void runLoop() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    @Test
    void aLargeRequestHasTheTimeOfASlowLinkAndNoMore() {
        EmbeddedChannel stream = Wire.channel(serverStream());
        Wire.deliver(stream, Arrays.copyOf(Wire.framed(new byte[4 << 20]), 2)); // a part of the length
        for (int second = 0; second < 125; second++) {
            Wire.deliver(stream, second == 0 ? new byte[] {(byte) 0x80, 2} : new byte[10]);
            Wire.pass(stream, Duration.ofSeconds(1));
        }
        assertThat(stream.isOpen()).isTrue();
        Wire.pass(stream, Duration.ofSeconds(4));
        assertThat(stream.isOpen()).isFalse();
        assertThat(counters.get(LimitId.MESSAGE_TIMEOUT)).isEqualTo(1);
        assertThat(counters.get(LimitId.STREAM_IDLE_TIMEOUT)).isZero();
    }

    @Test
    void aResponseThatLeavesSlowlyIsNotIdleAndOneThatStallsIs() throws Exception {
        HeldWrites writes = new HeldWrites();
        EmbeddedChannel stream = Wire.channel(writes, serverStream());
        Wire.deliver(stream, Wire.framed(new KadCodec(CONFIG).encode(new KadRequest.GetValue(KEY), Instant.now())));
        Record record = Record.of(KEY, Bytes.of(new byte[1_600_000]));
        responders.get(0).respond(new KadResponse.GetValue(Optional.of(record), List.of()));
        assertThat(writes.promises).hasSize(1);
        ChannelProgressivePromise sent = (ChannelProgressivePromise) writes.promises.get(0);
        long left = 0;
        for (int period = 1; period <= 3; period++) {
            Wire.pass(stream, Duration.ofSeconds(59));
            left += 110_000;
            sent.setProgress(left, 1_600_100);
            assertThat(stream.isOpen()).as("period " + period).isTrue();
        }
        sent.setProgress(left + 1000, 1_600_100);
        Wire.pass(stream, Duration.ofSeconds(60));
        assertThat(stream.isOpen()).isFalse();
        assertThat(counters.get(LimitId.STREAM_IDLE_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void aSmallResponseThatStallsIsIdleAfterOnePeriod() throws Exception {
        HeldWrites writes = new HeldWrites();
        EmbeddedChannel stream = Wire.channel(writes, serverStream());
        Wire.deliver(stream, Wire.framed(new KadCodec(CONFIG).encode(FIND_NODE, Instant.now())));
        responders.get(0).respond(new KadResponse.FindNode(List.of()));
        Wire.pass(stream, Duration.ofSeconds(60));
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void aWriteThatEndsAfterItsStreamStartsNoTimer() throws Exception {
        HeldWrites writes = new HeldWrites();
        EmbeddedChannel stream = Wire.channel(writes, serverStream());
        Wire.deliver(stream, Wire.framed(new KadCodec(CONFIG).encode(FIND_NODE, Instant.now())));
        responders.get(0).respond(new KadResponse.FindNode(List.of()));
        stream.pipeline().removeLast();
        writes.promises.get(0).setSuccess();
        assertThat(stream.runScheduledPendingTasks()).as("time to a timer").isEqualTo(-1);
        assertThat(node.chargedBytes()).isZero();
    }

    @Test
    void aHandlerThatThrowsStallsNobody() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(KadServerStream.class);
        logger.setLevel(Level.OFF);
        stream(FIND_NODE);
        stream(FIND_NODE);
        EmbeddedChannel throwsLater = stream(FIND_NODE);
        EmbeddedChannel after = stream(FIND_NODE);
        assertThat(responders).as("two have room").hasSize(2);
        throwing = true;
        responders.get(0).respond(new KadResponse.FindNode(List.of()));
        runLoop();
        logger.setLevel(null);
        assertThat(throwsLater.isOpen()).isFalse();
        assertThat(after.isOpen()).isTrue();
        assertThat(responders).hasSize(3);
        responders.forEach(responder -> responder.respond(new KadResponse.FindNode(List.of())));
        runLoop();
        assertThat(node.chargedBytes()).isZero();
    }

    @Test
    void fewRecordsAreReadForAConnectionAtATime() throws Exception {
        List<EmbeddedChannel> streams = new ArrayList<>();
        connection = connection(10 << 20);
        for (int number = 0; number < 20; number++) {
            streams.add(stream(new KadRequest.GetValue(KEY)));
            runLoop();
        }
        assertThat(responders.size()).isLessThanOrEqualTo(4);
        streams.get(19).close();
        for (int answered = 0; answered < responders.size(); answered++) {
            responders.get(answered).respond(new KadResponse.GetValue(Optional.empty(), List.of()));
            runLoop();
            assertThat(responders.size()).isLessThanOrEqualTo(answered + 5);
        }
        assertThat(responders).hasSize(19);
        assertThat(node.chargedBytes()).isZero();
    }

    @Test
    void aLimitOfTheLocalPeerIsAnOverloadAndOneOfTheRemotePeerAReset() {
        assertThat(StreamFailures.kind(new StreamLimitException("too much")))
                .isEqualTo(TransportFailure.Kind.OVERLOADED);
        assertThat(StreamFailures.kind(new StreamResetException(ErrorCode.RESOURCE_LIMIT)))
                .isEqualTo(TransportFailure.Kind.RESET);
    }

    @Test
    void aRecordThatIsReadAgainIsARepeatedRequest() throws Exception {
        stream(FIND_NODE);
        stream(new KadRequest.GetValue(KEY));
        Record record = Record.of(KEY, Bytes.of(new byte[100_000]));
        responders.get(1).respond(new KadResponse.GetValue(Optional.of(record), List.of()));
        responders.get(0).respond(new KadResponse.FindNode(List.of()));
        runLoop();
        assertThat(requests).extracting(InboundRequest::redelivered).containsExactly(false, false, true);
    }
}
