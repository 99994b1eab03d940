package io.kad.transport.netty.identify;

import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.protocol.ServedProtocol;
import io.netty.channel.ChannelHandler;

/** Identify, as it is served. */
public record IdentifyProtocol(Identify identify) implements ServedProtocol {

    @Override
    public String id() {
        return Identify.PROTOCOL;
    }

    @Override
    public int maxStreams() {
        return TransportLimits.MAX_INBOUND_IDENTIFY_STREAMS;
    }

    @Override
    public LimitId maxStreamsLimitId() {
        return LimitId.SERVICE_STREAMS;
    }

    @Override
    public ChannelHandler newStreamHandler(PeerConnection connection, PeerRates.Limiter rateLimiter) {
        return identify.responder(connection);
    }
}
