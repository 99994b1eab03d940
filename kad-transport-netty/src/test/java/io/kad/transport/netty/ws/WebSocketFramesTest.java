package io.kad.transport.netty.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;

class WebSocketFramesTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new SlowSocket(), new WebSocketFrames());

    /** Socket that has not taken what was written yet. */
    private static final class SlowSocket extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    @Test
    void whatComesAfterTheLocalPeerHasClosedIsDropped() {
        ByteBuf before = Unpooled.buffer().writeByte(1);
        channel.writeInbound(new BinaryWebSocketFrame(before));
        assertThat(channel.<Object>readInbound()).isSameAs(before);
        channel.close();
        assertThat(channel.isOpen())
                .as("until the socket has taken the frame that says so")
                .isTrue();
        ByteBuf after = Unpooled.buffer().writeByte(2);
        channel.writeInbound(new BinaryWebSocketFrame(after));
        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(after.refCnt()).isZero();
        before.release();
    }
}
