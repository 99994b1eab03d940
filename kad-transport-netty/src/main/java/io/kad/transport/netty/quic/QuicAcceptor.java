package io.kad.transport.netty.quic;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import java.net.InetSocketAddress;
import java.time.Duration;

/** First handler of an inbound connection: asks whether to accept it, and starts its handshake. */
final class QuicAcceptor extends ChannelInitializer<QuicChannel> {

    private final QuicContexts contexts;
    private final Duration timeout;
    private final HalfOpenHandshakes handshakes;
    private final AcceptListener listener;

    QuicAcceptor(QuicContexts contexts, Duration timeout, HalfOpenHandshakes handshakes, AcceptListener listener) {
        this.contexts = contexts;
        this.timeout = timeout;
        this.handshakes = handshakes;
        this.listener = listener;
    }

    @Override
    protected void initChannel(QuicChannel channel) {
        if (!(channel.remoteSocketAddress() instanceof InetSocketAddress remote)) {
            channel.close();
            return;
        }
        RemoteSocket.set(channel, remote);
        if (!listener.tryAccept(channel)) {
            channel.close();
            return;
        }
        handshakes.begin();
        channel.pipeline()
                .addLast(contexts.handshake(null, timeout, new Handshake(QuicTransport.ADDRESSES.address(remote))));
    }

    /** Result of the handshake of one connection. */
    private final class Handshake implements UpgradeListener {

        private final Multiaddr remote;

        Handshake(Multiaddr remote) {
            this.remote = remote;
        }

        @Override
        public void onUpgraded(UpgradedConnection connection) {
            handshakes.end();
            listener.onUpgraded(connection, remote, QuicTransport.NAME);
        }

        @Override
        public void onFailed(Channel channel, UpgradeException cause) {
            handshakes.end();
            if (((QuicChannel) channel).localSocketAddress() instanceof InetSocketAddress local) {
                cause.localIdentity()
                        .ifPresent(
                                name -> listener.onLocalIdentity(QuicTransport.ADDRESSES.address(local), remote, name));
            }
            listener.onFailed(channel, remote, cause);
        }
    }
}
