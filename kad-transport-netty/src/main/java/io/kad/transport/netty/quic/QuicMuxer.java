package io.kad.transport.netty.quic;

import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.Muxer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.QuicChannel;

/** Streams of QUIC, with the limits of one transport. No protocol negotiates them. */
public final class QuicMuxer implements Muxer {

    private static final String NAME = "quic";

    private final QuicLimits limits;

    /** Creates the muxer. */
    public QuicMuxer(QuicLimits limits) {
        this.limits = limits;
    }

    @Override
    public String protocol() {
        return NAME;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** {@inheritDoc} The channel reads no streams before this call; from then on it does. */
    @Override
    public MuxedConnection install(Channel secured, boolean dialled, ChannelHandler inbound, ConnectionBudget budget) {
        QuicConnection connection = new QuicConnection((QuicChannel) secured, limits, inbound, budget);
        secured.attr(QuicConnection.ATTRIBUTE).set(connection);
        secured.pipeline().addLast(connection);
        secured.eventLoop().execute(() -> secured.config().setAutoRead(true)); // after the caller has finished
        return connection;
    }
}
