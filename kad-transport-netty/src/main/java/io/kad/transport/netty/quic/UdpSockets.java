package io.kad.transport.netty.quic;

import io.kad.transport.netty.transport.TrafficCounter;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** UDP sockets of one address family each, for QUIC. */
final class UdpSockets {

    private static final Logger LOG = LoggerFactory.getLogger(UdpSockets.class);

    /** Bytes that the system may keep for a socket, whose connections share it. */
    private static final int BUFFER_BYTES = 1 << 20;

    private UdpSockets() {}

    /** Returns a bootstrap of sockets of the family of {@code address}, whose bytes {@code traffic} counts and whose connections {@code codec} handles. */
    static Bootstrap bootstrap(
            EventLoopGroup group, InetAddress address, TrafficCounter traffic, ChannelHandler codec) {
        SocketProtocolFamily family =
                address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return new Bootstrap()
                .group(group)
                .channelFactory(() -> new NioDatagramChannel(family))
                .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel socket) {
                        socket.pipeline().addLast(traffic, codec, new SocketErrors());
                    }
                });
    }

    /** Last handler of a socket: an error of it is that of one packet. */
    private static final class SocketErrors extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("UDP socket {}: {}", ctx.channel().localAddress(), cause.getMessage());
        }
    }
}
