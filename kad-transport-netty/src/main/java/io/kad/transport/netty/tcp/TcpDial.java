package io.kad.transport.netty.tcp;

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
            result.failed(isRefusal(cause) ? Kind.REFUSED : Kind.UNREACHABLE, cause);
        }
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
