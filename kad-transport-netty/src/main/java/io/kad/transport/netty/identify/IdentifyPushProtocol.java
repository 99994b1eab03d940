package io.kad.transport.netty.identify;

import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.protocol.ServedProtocol;
import io.netty.channel.ChannelHandler;
import java.util.Optional;

/** Identify push, as it is served. */
public record IdentifyPushProtocol(Identify identify) implements ServedProtocol {

    @Override
    public String id() {
        return Identify.PUSH_PROTOCOL;
    }

    @Override
    public int maxStreams() {
        return TransportLimits.MAX_INBOUND_PUSH_STREAMS;
    }

    @Override
    public LimitId maxStreamsLimitId() {
        return LimitId.SERVICE_STREAMS;
    }

    @Override
    public Optional<LimitId> streamRateLimit() {
        return Optional.of(LimitId.PUSHES_PER_MINUTE);
    }

    @Override
    public ChannelHandler newStreamHandler(PeerConnection connection, PeerRates.Limiter rateLimiter) {
        return identify.pushReceiver(connection);
    }
}
