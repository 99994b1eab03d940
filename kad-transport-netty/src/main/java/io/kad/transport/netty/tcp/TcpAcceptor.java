package io.kad.transport.netty.tcp;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.AddressPattern;
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
    private final AcceptListener listener;

    TcpAcceptor(ConnectionUpgrade upgrade, AcceptListener listener) {
        this.upgrade = upgrade;
        this.listener = listener;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress socket) // the remote peer has left again
                || !listener.tryAccept(channel, false)) {
            channel.close();
            return;
        }
        Multiaddr remote = AddressPattern.TCP.address(socket);
        upgrade.accept(channel, new UpgradeListener() {
            @Override
            public void onSecurityAgreed(Channel agreed) {
                listener.onBegun(agreed);
            }

            @Override
            public void onUpgraded(UpgradedConnection connection) {
                listener.onUpgraded(connection, remote, TcpTransport.NAME);
            }

            @Override
            public void onFailed(Channel failed, UpgradeException cause) {
                if (failed.localAddress() instanceof InetSocketAddress local) {
                    cause.localIdentity()
                            .ifPresent(connection ->
                                    listener.onLocalIdentity(AddressPattern.TCP.address(local), remote, connection));
                }
                listener.onFailed(failed, remote, cause);
            }
        });
    }
}
