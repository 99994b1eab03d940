package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.Muxer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/**
 * Connection whose remote peer is authenticated and whose muxer is agreed, before its first stream.
 *
 * @param channel the secured channel
 * @param dialled whether the local peer dialled
 * @param peer authenticated peer ID
 * @param security name of the security protocol, such as {@code noise}
 * @param muxer stream muxer
 */
public record UpgradedConnection(Channel channel, boolean dialled, PeerId peer, String security, Muxer muxer) {
    public UpgradedConnection {
        requireNonNull(channel, "channel");
        requireNonNull(peer, "peer");
        requireNonNull(security, "security");
        requireNonNull(muxer, "muxer");
    }

    /** Installs the muxer; see {@link Muxer#install}. */
    public MuxedConnection installMuxer(ChannelHandler inbound, ConnectionBudget budget) {
        return muxer.install(channel, dialled, inbound, budget);
    }
}
