package io.kad.transport.netty.yamux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.util.ArrayList;
import java.util.List;

/** Handler of a stream that records its events. */
final class Recorder extends ChannelInboundHandlerAdapter {

    final List<String> events = new ArrayList<>();
    final StringBuilder received = new StringBuilder();
    int messages;
    int readCompletes;
    int writabilityChanges;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        events.add("active");
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        messages++;
        received.append(bytes.toString(ISO_8859_1));
        bytes.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readCompletes++;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            events.add("eof after " + received.length());
        } else if (event instanceof ChannelOutputShutdownEvent) {
            events.add("output ended");
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        writabilityChanges++;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        events.add("error after " + received.length() + ": " + cause.getMessage());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add("inactive");
        ctx.fireChannelInactive();
    }

    /** Returns the number of events with this prefix. */
    long count(String prefix) {
        return events.stream().filter(event -> event.startsWith(prefix)).count();
    }
}
