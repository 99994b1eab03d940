/** The libp2p connection stack. */
module io.kad.transport.netty {
    requires transitive io.kad.api;
    requires io.kad.wire;
    requires transitive io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.classes.quic;
    requires io.netty.codec.dns;
    requires io.netty.codec.http;
    requires transitive io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires transitive io.netty.transport;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.kad.transport.netty;
    exports io.kad.transport.netty.limit;
    exports io.kad.transport.netty.muxer;

    provides io.kad.api.spi.transport.TransportProvider with
            io.kad.transport.netty.NettyTransportProvider;
}
