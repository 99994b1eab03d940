package io.kad.transport.netty.tcp;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.transport.TrafficCounter;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;

/** First handler of each accepted connection: starts its upgrade. */
@Sharable
final class TcpAcceptor extends ChannelInitializer<Channel> {

    private final ConnectionUpgrade upgrade;
    private final TrafficCounter traffic;
    private final AcceptListener listener;

    TcpAcceptor(ConnectionUpgrade upgrade, TrafficCounter traffic, AcceptListener listener) {
        this.upgrade = upgrade;
        this.traffic = traffic;
        this.listener = listener;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress socket) // the remote peer has left again
                || !listener.tryAccept(channel)) {
            channel.close();
            return;
        }
        channel.pipeline().addLast(traffic);
        Multiaddr remote = AddressPattern.TCP.address(socket);
        upgrade.upgradeInbound(channel, new UpgradeListener() {
            @Override
            public void onSecurityAgreed(Channel agreed) {
                listener.onSecurityAgreed(agreed);
            }

            @Override
            public void onUpgraded(UpgradedConnection connection) {
                listener.onInboundConnection(connection, remote, TcpTransport.NAME);
            }

            @Override
            public void onUpgradeFailed(Channel failed, UpgradeException cause) {
                listener.reportIfLocalIdentity(AddressPattern.TCP, failed.localAddress(), socket, cause);
                listener.onInboundFailed(failed, remote, cause);
            }
        });
    }
}
