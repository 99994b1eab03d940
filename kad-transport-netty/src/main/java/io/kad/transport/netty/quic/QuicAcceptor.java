package io.kad.transport.netty.quic;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.limit.RemoteSource;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * First handler of an inbound connection: asks whether to accept it, and starts its handshake. A remote peer that has not proved its address
 * does so by the handshake, and the connection is accepted after it.
 */
final class QuicAcceptor extends ChannelInitializer<QuicChannel> {

    private final QuicContexts contexts;
    private final Duration timeout;
    /** Error code of QUIC for a connection that is not wanted: CONNECTION_REFUSED of RFC 9000, section 20.1. */
    static final int CONNECTION_REFUSED = 0x2;

    private final RetryTokens tokens;
    private final HalfOpenHandshakes handshakes;
    private final AcceptListener listener;

    QuicAcceptor(
            QuicContexts contexts,
            Duration timeout,
            RetryTokens tokens,
            HalfOpenHandshakes handshakes,
            AcceptListener listener) {
        this.contexts = contexts;
        this.timeout = timeout;
        this.tokens = tokens;
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
        boolean proven = tokens.isProven();
        if (proven && !listener.tryAccept(channel, QuicTransport.ADDRESSES.address(remote))) {
            // After the first packet, which has the keys of the answer
            channel.eventLoop().execute(() -> refuse(channel));
            return;
        }
        if (proven) {
            listener.onSecurityAgreed(channel);
        }
        channel.pipeline().addLast(contexts.handshake(null, timeout, new Handshake(remote, proven)));
    }

    private static void refuse(QuicChannel channel) {
        channel.close(false, CONNECTION_REFUSED, Unpooled.EMPTY_BUFFER);
    }

    /** Result of the handshake of one connection. */
    private final class Handshake implements UpgradeListener {

        private final Multiaddr remote;
        private final RemoteSource source;
        private final boolean proven;

        Handshake(InetSocketAddress remote, boolean proven) {
            this.remote = QuicTransport.ADDRESSES.address(remote);
            this.source = RemoteSource.of(remote);
            this.proven = proven;
            if (proven) {
                handshakes.begin();
            } else {
                handshakes.beginUnproven(source);
            }
        }

        private void end() {
            if (proven) {
                handshakes.end();
            } else {
                handshakes.endUnproven(source);
            }
        }

        @Override
        public void onUpgraded(UpgradedConnection connection) {
            end();
            if (proven || listener.tryAcceptUpgraded(connection.channel(), remote)) {
                listener.onInboundConnection(connection, remote, QuicTransport.NAME);
            } else {
                refuse((QuicChannel) connection.channel());
            }
        }

        @Override
        public void onUpgradeFailed(Channel channel, UpgradeException cause) {
            end();
            QuicChannel quic = (QuicChannel) channel;
            listener.reportIfLocalIdentity(
                    QuicTransport.ADDRESSES, quic.localSocketAddress(), RemoteSocket.of(quic), cause);
            listener.onInboundFailed(channel, remote, cause);
        }
    }
}
