package io.kad.transport.netty.ping;

import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.protocol.ServedProtocol;
import io.netty.channel.ChannelHandler;

/** Ping, as it is served. */
public record PingProtocol() implements ServedProtocol {

    @Override
    public String id() {
        return Ping.PROTOCOL;
    }

    @Override
    public int maxStreams() {
        return TransportLimits.MAX_INBOUND_PING_STREAMS;
    }

    @Override
    public LimitId maxStreamsLimitId() {
        return LimitId.SERVICE_STREAMS;
    }

    @Override
    public ChannelHandler newStreamHandler(PeerConnection connection, PeerRates.Limiter rateLimiter) {
        return new PingResponder();
    }
}
