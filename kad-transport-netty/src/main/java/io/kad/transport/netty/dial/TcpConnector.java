package io.kad.transport.netty.dial;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Connector over TCP: connects to one address and upgrades the connection. */
public final class TcpConnector implements DialContext.Connector {

    /** Factory of connections from secured channels; installs the muxer. Called on the event loop of the channel. */
    @FunctionalInterface
    public interface ConnectionFactory {

        /** Returns the connection, or null if the connection limit is reached. */
        @Nullable
        PeerConnection open(UpgradedConnection connection, Multiaddr remoteAddress);
    }

    /** Listener for connections whose remote peer has the identity of the local one. Called on the event loop of the channel. */
    @FunctionalInterface
    public interface LocalIdentityListener {

        /**
         * Called before the channel is closed.
         *
         * @param connection bytes that identify the connection at both of its ends
         */
        void localIdentitySeen(Channel channel, Bytes connection);
    }

    private final ConnectionUpgrade upgrade;
    private final ConnectionFactory connections;
    private final LocalIdentityListener onLocalIdentity;

    /**
     * Creates a connector whose connections are upgraded by {@code upgrade}.
     *
     * @param onLocalIdentity called if the remote peer has the identity of the local one
     */
    public TcpConnector(
            ConnectionUpgrade upgrade, ConnectionFactory connections, LocalIdentityListener onLocalIdentity) {
        this.onLocalIdentity = onLocalIdentity;
        this.upgrade = upgrade;
        this.connections = connections;
    }

    @Override
    public Runnable connect(
            EventExecutor executor, PeerId peer, Multiaddr address, InetSocketAddress socket, DialAttempt attempt) {
        AttemptListener listener = new AttemptListener(address, attempt);
        ChannelFuture connecting = new Bootstrap()
                .disableResolver()
                .group((EventLoop) executor)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TransportLimits.CONNECT_TIMEOUT.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        upgrade.dial(channel, peer, listener);
                    }
                })
                .connect(socket);
        connecting.addListener(connected -> {
            listener.connected = connected.isSuccess();
            if (!connected.isSuccess()) {
                Kind kind = isRefusal(connected.cause()) ? Kind.REFUSED : Kind.UNREACHABLE;
                attempt.fail(new TransportFailure(kind, describe(address, connected.cause())));
            }
        });
        return () -> connecting.channel().close();
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
    }

    private static String describe(Multiaddr address, @Nullable Throwable cause) {
        return address + ": " + (cause == null ? "connection failed" : String.valueOf(cause.getMessage()));
    }

    /** Listener for the upgrade of one attempt. */
    private final class AttemptListener implements UpgradeListener {

        private final Multiaddr address;
        private final DialAttempt attempt;
        private boolean connected;

        AttemptListener(Multiaddr address, DialAttempt attempt) {
            this.address = address;
            this.attempt = attempt;
        }

        @Override
        public void onUpgraded(UpgradedConnection upgraded) {
            PeerConnection connection = attempt.isPending() ? connections.open(upgraded, address) : null;
            if (connection == null) {
                upgraded.channel().close();
                attempt.fail(new TransportFailure(Kind.OVERLOADED, "connection limit reached (max-connections)"));
            } else {
                attempt.succeed(connection);
            }
        }

        @Override
        public void onFailed(Channel channel, UpgradeException cause) {
            cause.localIdentity().ifPresent(connection -> onLocalIdentity.localIdentitySeen(channel, connection));
            Kind kind = switch (cause.reason()) {
                case WRONG_PEER -> Kind.WRONG_PEER;
                case OVERLOADED -> Kind.OVERLOADED;
                case CLOSED, LIMIT, NEGOTIATION, SECURITY -> connected ? Kind.REFUSED : Kind.UNREACHABLE;
                case TIMEOUT, LOCAL_PEER, INTERNAL -> Kind.UNREACHABLE;
            };
            attempt.fail(new TransportFailure(kind, describe(address, cause)));
        }
    }
}
