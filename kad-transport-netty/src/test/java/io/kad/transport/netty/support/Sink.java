package io.kad.transport.netty.support;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Handler at the end of a pipeline that records what reaches it. */
public final class Sink extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<Throwable> errors = new ArrayList<>();
    private int reads;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        received.writeBytes(ByteBufUtil.getBytes(buffer));
        buffer.release();
        reads++;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        errors.add(cause);
    }

    /** Returns all received bytes. */
    public byte[] received() {
        return received.toByteArray();
    }

    /** Returns the number of received buffers. */
    public int reads() {
        return reads;
    }

    /** Returns the received exceptions. */
    public List<Throwable> errors() {
        return errors;
    }
}
