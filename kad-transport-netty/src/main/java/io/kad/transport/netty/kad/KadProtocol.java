package io.kad.transport.netty.kad;

import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.protocol.ServedProtocol;
import io.netty.channel.ChannelHandler;
import java.util.function.BooleanSupplier;

/**
 * Kademlia protocol, served while the local peer is a server.
 *
 * @param id protocol ID, which names the network
 * @param isServer returns whether the local peer is a server
 * @param requestHandler handler of the requests
 */
public record KadProtocol(
        String id, int maxStreams, BooleanSupplier isServer, KadFrameCodec frameCodec, TransportHandler requestHandler)
        implements ServedProtocol {

    @Override
    public boolean isServed() {
        return isServer.getAsBoolean();
    }

    @Override
    public LimitId maxStreamsLimitId() {
        return LimitId.KAD_STREAMS;
    }

    @Override
    public ChannelHandler newStreamHandler(PeerConnection connection, PeerRates.Limiter rateLimiter) {
        return new KadServerStream(connection, requestHandler, frameCodec, rateLimiter, isServer);
    }
}
