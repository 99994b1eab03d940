package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.ping.Ping;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Protocols of an application between two transports. */
@Timeout(120)
class StreamProtocolTest {

    private static final String ECHO = "/test/echo/1.0.0";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<Node> nodes = new ArrayList<>();

    private record Protocol(String id, int maxInboundStreams, Function<PeerId, ChannelHandler> handlers)
            implements StreamProtocol {

        @Override
        public ChannelHandler handler(PeerId remote) {
            return handlers.apply(remote);
        }
    }

    /** Sends back what arrives, as fast as the remote peer reads. */
    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
            ctx.fireChannelWritabilityChanged();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                MuxedStream.of(ctx.channel()).finish();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Collects what arrives until the remote peer finishes. */
    private static final class Collector extends ChannelInboundHandlerAdapter {

        final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
            bytes.release();
            received.writeBytes(copy);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                whole.complete(received.toByteArray());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            whole.completeExceptionally(cause);
        }
    }

    private final class Node implements TransportHandler {

        final TestIdentity identity;
        final NettyTransport transport;
        final Queue<PeerIdentification> identified = new ConcurrentLinkedQueue<>();

        Node(long number, StreamProtocol... protocols) {
            identity = new TestIdentity(number);
            KademliaConfig config = KademliaConfig.builder().build();
            transport = new NettyTransport(
                    identity, config, InstantSource.system(), NodeBudgets.of(config), List.of(protocols));
            transport.start(this);
            nodes.add(this);
        }

        PeerInfo listen() throws Exception {
            return PeerInfo.of(
                    identity.peerId(),
                    StartedTransports.listen(transport, "/ip4/127.0.0.1/tcp/0").get(30, TimeUnit.SECONDS));
        }

        /** Returns this peer without an address: reached only on an open connection. */
        PeerInfo withoutAddress() {
            return PeerInfo.of(identity.peerId(), List.of());
        }

        MuxedStream open(PeerInfo peer, ChannelHandler handler) throws Exception {
            return transport.openStream(peer, ECHO, handler, LONG).get(60, TimeUnit.SECONDS);
        }

        long count(LimitId limit) {
            return transport.counters().get(limit.counter());
        }

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            responder.reset();
        }

        @Override
        public void onEvent(TransportEvent event) {
            if (event instanceof TransportEvent.PeerIdentified peer) {
                identified.add(peer.identification());
            }
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.transport.close());
    }

    private static Protocol echo(int maxStreams) {
        return new Protocol(ECHO, maxStreams, remote -> new Echo());
    }

    private static Kind kind(CompletableFuture<?> failed) {
        try {
            failed.get(60, TimeUnit.SECONDS);
            throw new AssertionError("it succeeded");
        } catch (ExecutionException e) {
            return ((KadException.TransportFailed) e.getCause()).failure().kind();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachPeerOpensStreamsToTheOtherOnOneConnection() throws Exception {
        Node server = new Node(1, echo(32));
        Node client = new Node(2, echo(32));
        PeerInfo there = server.listen();
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        Collector one = new Collector();
        MuxedStream stream = client.open(there, one);
        for (int from = 0; from < bytes.length; from += 100_000) {
            stream.channel()
                    .writeAndFlush(Unpooled.wrappedBuffer(bytes, from, 100_000))
                    .sync();
        }
        stream.finish();
        assertThat(one.whole.get(60, TimeUnit.SECONDS)).isEqualTo(bytes);
        Collector other = new Collector();
        server.open(client.withoutAddress(), other).writeAndFinish(Unpooled.wrappedBuffer(bytes, 0, 1000));
        assertThat(other.whole.get(60, TimeUnit.SECONDS)).hasSize(1000);
        assertThat(client.transport.connections()).hasSize(1);
        assertThat(server.transport.connections()).hasSize(1);
        await().atMost(LONG).until(() -> stream.channel().closeFuture().isDone());
    }

    @Test
    void theHandlerIsToldWhoIsThere() throws Exception {
        Queue<PeerId> remotes = new ConcurrentLinkedQueue<>();
        Node server = new Node(1, new Protocol(ECHO, 32, remote -> {
            remotes.add(remote);
            return new Echo();
        }));
        Node client = new Node(2);
        Collector answer = new Collector();
        client.open(server.listen(), answer).writeAndFinish(Unpooled.wrappedBuffer(new byte[10]));
        assertThat(answer.whole.get(60, TimeUnit.SECONDS)).hasSize(10);
        assertThat(remotes).containsExactly(client.identity.peerId());
    }

    @Test
    void identifyListsTheProtocols() throws Exception {
        Node server = new Node(1, echo(32), new Protocol("/test/other/1", 1, remote -> new Echo()));
        Node client = new Node(2);
        client.open(server.listen(), new Collector());
        await().atMost(LONG).until(() -> !client.identified.isEmpty());
        assertThat(client.identified.element().protocols()).contains(ECHO, "/test/other/1", Ping.PROTOCOL);
    }

    @Test
    void aProtocolThatThePeerDoesNotServeIsUnsupported() throws Exception {
        Node server = new Node(1);
        Node client = new Node(2, echo(32));
        assertThat(kind(client.transport.openStream(server.listen(), ECHO, new Collector(), LONG)))
                .isEqualTo(Kind.UNSUPPORTED);
        assertThat(kind(server.transport
                        .openStream(client.withoutAddress(), ECHO, new Collector(), LONG)
                        .thenCompose(stream -> server.transport.openStream(
                                client.withoutAddress(), "/none/1", new Collector(), LONG))))
                .isEqualTo(Kind.UNSUPPORTED);
    }

    @Test
    void aPeerThatCannotBeReachedFailsTheOpen() {
        Node client = new Node(2);
        assertThat(kind(client.transport.openStream(new Node(3).withoutAddress(), ECHO, new Collector(), LONG)))
                .isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void streamsBeyondTheLimitOfAConnectionAreResetAndCounted() throws Exception {
        Node server = new Node(1, echo(2));
        Node client = new Node(2);
        PeerInfo there = server.listen();
        MuxedStream first = client.open(there, new Collector());
        client.open(there, new Collector());
        Collector refused = new Collector();
        client.transport.openStream(there, ECHO, refused, LONG); // the agreement may come before the reset
        await().atMost(LONG).until(() -> server.count(LimitId.APPLICATION_STREAMS) == 1);
        first.channel().close().sync();
        await().atMost(LONG).untilAsserted(() -> {
            Collector answer = new Collector();
            client.open(there, answer).writeAndFinish(Unpooled.wrappedBuffer(new byte[7]));
            assertThat(answer.whole.get(10, TimeUnit.SECONDS)).hasSize(7);
        });
    }

    @Test
    void aHandlerThatCannotBeMadeResetsItsStreamAlone() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(ApplicationProtocol.class);
        logger.setLevel(Level.OFF);
        Queue<Boolean> defects = new ConcurrentLinkedQueue<>(List.of(true));
        Node server = new Node(1, new Protocol(ECHO, 32, remote -> {
            if (defects.poll() != null) {
                throw new IllegalStateException("defect of a handler");
            }
            return new Echo();
        }));
        Node client = new Node(2);
        PeerInfo there = server.listen();
        Collector reset = new Collector();
        CompletableFuture<MuxedStream> opened = client.transport.openStream(there, ECHO, reset, LONG);
        assertThatThrownBy(() -> opened.thenCompose(stream -> reset.whole).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        Collector answer = new Collector();
        client.open(there, answer).writeAndFinish(Unpooled.wrappedBuffer(new byte[5]));
        assertThat(answer.whole.get(60, TimeUnit.SECONDS)).hasSize(5);
        logger.setLevel(null);
    }

    @Test
    void aCancelledOpenLeavesNoStream() throws Exception {
        Node server = new Node(1, echo(32));
        Node client = new Node(2);
        PeerInfo there = server.listen();
        client.open(there, new Collector()).channel().close().sync();
        for (int number = 0; number < 50; number++) {
            client.transport.openStream(there, ECHO, new Collector(), LONG).cancel(true);
        }
        await().atMost(LONG)
                .until(() -> client.transport.connections().get(0).streams() == 0
                        && server.transport.connections().get(0).streams() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "chat", "/with space", "/umlaut-ä"})
    void anIdThatIsNoneIsRefused(String id) {
        Node client = new Node(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Node(1, new Protocol(id, 1, remote -> new Echo())))
                .withMessageContaining("such as /chat/1.0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.transport.openStream(client.withoutAddress(), id, new Echo(), LONG));
    }

    @Test
    void whatCannotBeServedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Node(1, echo(1), echo(2)))
                .withMessageContaining("served twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Node(1, new Protocol(Ping.PROTOCOL, 1, remote -> new Echo())))
                .withMessageContaining("served twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Node(1, echo(0)))
                .withMessageContaining("at least 1");
        StreamProtocol[] many = IntStream.rangeClosed(0, ApplicationProtocol.MAX_PROTOCOLS)
                .mapToObj(number -> new Protocol("/test/" + number, 1, remote -> new Echo()))
                .toArray(StreamProtocol[]::new);
        assertThatIllegalArgumentException().isThrownBy(() -> new Node(1, many)).withMessageContaining("at most 64");
    }
}
