package io.kad.transport.netty.tcp;

import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.DialResult;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt to connect over TCP. Confined to the event loop of the connection, but for {@link #connect}. */
public final class TcpDial implements UpgradeListener {

    private final DialResult result;
    private boolean connected;

    /**
     * Creates an attempt.
     *
     * @param addresses form of the addresses of the transport
     */
    public TcpDial(AddressPattern addresses, DialListener listener) {
        this.result = new DialResult(addresses, listener);
    }

    /**
     * Starts the attempt.
     *
     * @param setUp adds the handlers of the connection, whose upgrade has this as its listener
     * @return cancels the attempt; may be called from any thread
     */
    public Runnable connect(TcpSockets sockets, EventLoop loop, InetSocketAddress socket, Consumer<Channel> setUp) {
        ChannelFuture connecting = sockets.connect(loop, socket, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(sockets.traffic());
                setUp.accept(channel);
            }
        });
        connecting.addListener(connected -> connected(connected.cause()));
        return () -> connecting.channel().close();
    }

    /** Called when the connection is established, or failed with {@code cause}. */
    private void connected(@Nullable Throwable cause) {
        connected = cause == null;
        if (cause != null) {
            result.failed(isRefusal(cause) ? Kind.REFUSED : Kind.UNREACHABLE, dial(cause), cause);
        }
    }

    private static Optional<DialFailure> dial(Throwable cause) {
        if (isRefusal(cause)) {
            return Optional.of(DialFailure.CONNECTION_REFUSED);
        }
        // The system tells an unreachable network by a plain SocketException
        boolean isRoute = cause instanceof SocketException && !(cause instanceof ConnectException);
        return Optional.of(isRoute ? DialFailure.NO_ROUTE : DialFailure.NO_RESPONSE);
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
    }

    @Override
    public void onUpgraded(UpgradedConnection connection) {
        result.upgraded(connection);
    }

    @Override
    public void onUpgradeFailed(Channel channel, UpgradeException cause) {
        result.failed(channel.localAddress(), channel.remoteAddress(), connected, cause);
    }
}
