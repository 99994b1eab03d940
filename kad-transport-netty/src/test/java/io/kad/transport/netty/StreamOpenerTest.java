package io.kad.transport.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.Operations;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.Callbacks;
import io.kad.transport.netty.support.TestConnectionInfo;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestMuxedConnection;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Opening of a stream on a connection whose events come in an unusual order. */
class StreamOpenerTest {

    private static final String PROTOCOL = "/test/1.0.0";
    private static final byte[] AGREEMENT = "\u0013/multistream/1.0.0\n\u000c/test/1.0.0\n".getBytes(UTF_8);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EmbeddedChannel stream = Wire.channel();

    /** Stream that can be told from others, and no more. */
    private record Stream(Channel channel) implements MuxedStream {

        @Override
        public ChannelFuture writeAndFinish(ByteBuf last) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChannelFuture finish() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public ChannelFuture reset(long code) {
            throw new UnsupportedOperationException();
        }
    }

    /** Connection that tells of its stream only when the remote peer has agreed to the protocol already. */
    private final class LateConnection implements MuxedConnection {

        private final MuxedConnection idle = new TestMuxedConnection(Wire.channel());

        @Override
        public Channel channel() {
            return idle.channel();
        }

        @Override
        public Future<MuxedStream> openStream(ChannelHandler first) {
            MuxedStream opened = new Stream(stream);
            stream.attr(MuxedStream.ATTRIBUTE).set(opened);
            stream.pipeline().addLast(first);
            Wire.sent(stream);
            Wire.deliver(stream, AGREEMENT);
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(opened);
        }

        @Override
        public boolean hasReceivedStreamFrame() {
            return true;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public Optional<String> endReason() {
            return Optional.empty();
        }

        @Override
        public int streamCount() {
            return 1;
        }

        @Override
        public long openedStreamCount() {
            return 1;
        }

        @Override
        public void probe() {}

        @Override
        public Future<Void> close(long code) {
            return idle.close(code);
        }
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        Wire.assertNothingLeaked();
    }

    @Test
    void aStreamThatIsAgreedOnBeforeItsOpenIsToldStaysOpen() throws Exception {
        ConnectionInfo info = TestConnectionInfo.outbound(new TestIdentity(1).peerId(), "/ip4/127.0.0.1/tcp/1");
        PeerConnection connection =
                new PeerConnection(info, new LateConnection(), Budgets.receive(1000), Budgets.unlimited());
        CompletableFuture<MuxedStream> result = new CompletableFuture<>();
        ChannelHandler handler = new ChannelInboundHandlerAdapter();
        StreamOpener opener = new StreamOpener(PROTOCOL, handler, Duration.ofSeconds(10));
        CompletableFuture<Operation<MuxedStream>> started = new CompletableFuture<>();
        new Operations(group).start(Duration.ofSeconds(60), Callbacks.completing(result), operation -> {
            opener.open(connection, operation);
            started.complete(operation);
        });
        assertThat(result.get(60, TimeUnit.SECONDS).channel()).isSameAs(stream);
        started.get(60, TimeUnit.SECONDS).executor().submit(() -> {}).sync();
        assertThat(stream.isOpen()).isTrue();
        assertThat(stream.pipeline().last()).isSameAs(handler);
    }
}
