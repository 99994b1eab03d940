package io.kad.transport.netty.kad;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.kad.api.KademliaConfig;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.TestConnectionInfo;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestMuxedConnection;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.message.KadCodec;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Responses that come late or fail; the tests of the transport cover those in time. */
class KadServerStreamTest {

    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0");

    private final List<Responder> responders = new ArrayList<>();
    private final EmbeddedChannel stream = Wire.channel();

    /** Whether each request is answered at once. */
    private boolean immediate;

    /** Whether the local peer is a server. */
    private boolean serving = true;

    /** Calls of the clock, one for each message that is decoded or encoded. */
    private int clockCalls;

    private Instant now() {
        clockCalls++;
        return Instant.now();
    }

    @BeforeEach
    void sendARequest() throws MessageTooLargeException {
        ConnectionInfo info = TestConnectionInfo.inbound(new TestIdentity(1).peerId(), "/ip4/127.0.0.1/tcp/1");
        TransportHandler handler = new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                responders.add(responder);
                if (immediate) {
                    responder.respond(new KadResponse.Ping());
                }
            }

            @Override
            public void onEvent(TransportEvent event) {}
        };
        stream.pipeline()
                .addLast(new KadServerStream(
                        new PeerConnection(
                                info, new TestMuxedConnection(stream), Budgets.receive(1000), Budgets.unlimited()),
                        handler,
                        new KadFrameCodec(CONFIG, this::now),
                        Budgets.rateLimiter(),
                        () -> serving));
        Wire.deliver(stream, Wire.framed(new KadCodec(CONFIG).encode(new KadRequest.Ping(), Instant.now())));
        assertThat(responders).hasSize(1);
    }

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    @Test
    void aResponseIsSentAndTheStreamWaitsForTheNextRequest() {
        responders.get(0).respond(new KadResponse.Ping());
        assertThat(Wire.sent(stream)).isNotEmpty();
        assertThat(stream.isOpen()).isTrue();
        assertThat(stream.runScheduledPendingTasks()).as("time to the timeout").isPositive();
    }

    @Test
    void requestsInARowLetOtherConnectionsHaveTheirTurn() throws MessageTooLargeException {
        immediate = true;
        responders.get(0).respond(new KadResponse.Ping());
        byte[] request = Wire.framed(new KadCodec(CONFIG).encode(new KadRequest.Ping(), Instant.now()));
        byte[][] requests = new byte[100][];
        Arrays.fill(requests, request);

        stream.pipeline().fireChannelRead(Unpooled.wrappedBuffer(requests));
        assertThat(responders).hasSize(1 + KadServerStream.MAX_IN_A_ROW);

        stream.runPendingTasks();
        assertThat(responders).hasSize(101);
        Wire.sent(stream);
    }

    @Test
    void aRequestOnAStreamOfBeforeIsNotServedByAClient() throws MessageTooLargeException {
        responders.get(0).respond(new KadResponse.Ping());
        serving = false;
        Wire.deliver(stream, Wire.framed(new KadCodec(CONFIG).encode(new KadRequest.Ping(), Instant.now())));
        assertThat(responders).hasSize(1);
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void aResponseAfterTheStreamHasClosedIsDropped() {
        stream.close();
        int before = clockCalls;
        responders.get(0).respond(new KadResponse.Ping());
        assertThat(clockCalls).as("encoded messages").isEqualTo(before);
    }

    @Test
    @SuppressWarnings("NullAway") // a defect of the caller
    void aResponseThatCannotBeEncodedClosesTheStream() {
        Logger logger = (Logger) LoggerFactory.getLogger(KadServerStream.class);
        logger.setLevel(Level.OFF);
        responders.get(0).respond(null);
        logger.setLevel(null);
        assertThat(stream.isOpen()).isFalse();
    }
}
