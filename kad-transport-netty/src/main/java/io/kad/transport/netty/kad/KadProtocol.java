package io.kad.transport.netty.kad;

import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.protocol.ServedProtocol;
import io.netty.channel.ChannelHandler;
import java.util.function.BooleanSupplier;

/**
 * Kademlia protocol, served while the local peer is a server.
 *
 * @param id protocol ID, which names the network
 * @param serving returns whether the local peer is a server
 * @param handler handler of the requests
 */
public record KadProtocol(
        String id, int maxStreams, BooleanSupplier serving, KadFrameCodec frameCodec, TransportHandler handler)
        implements ServedProtocol {

    @Override
    public boolean isServed() {
        return serving.getAsBoolean();
    }

    @Override
    public Limit streamLimit() {
        return Limit.KAD_STREAMS;
    }

    @Override
    public ChannelHandler handler(PeerConnection connection, PeerRates.OfPeer rates) {
        return new KadServerStream(connection, handler, frameCodec, rates, serving);
    }
}
