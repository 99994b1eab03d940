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
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt to connect. Confined to the event loop of the connection. */
final class TcpDial implements UpgradeListener {

    private final DialResult result;
    private boolean connected;

    TcpDial(DialListener listener) {
        this.result = new DialResult(AddressPattern.TCP, listener);
    }

    /** Called when the connection is established, or failed with {@code cause}. */
    void connected(@Nullable Throwable cause) {
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
    public void onFailed(Channel channel, UpgradeException cause) {
        result.failed(channel.localAddress(), channel.remoteAddress(), connected, cause);
    }
}
