package io.kad.transport.netty.tcp;

import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One attempt to connect: reports the first of its results. Confined to the event loop of the connection. */
final class TcpDial implements UpgradeListener {

    private final DialListener listener;
    private boolean connected;
    private boolean reported;

    TcpDial(DialListener listener) {
        this.listener = listener;
    }

    /** Called when the connection is established, or failed with {@code cause}. */
    void connected(@Nullable Throwable cause) {
        connected = cause == null;
        if (cause != null) {
            fail(isRefusal(cause) ? Kind.REFUSED : Kind.UNREACHABLE, cause);
        }
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
    }

    @Override
    public void onUpgraded(UpgradedConnection connection) {
        reported = true;
        listener.onUpgraded(connection);
    }

    @Override
    public void onFailed(Channel channel, UpgradeException cause) {
        if (channel.localAddress() instanceof InetSocketAddress local
                && channel.remoteAddress() instanceof InetSocketAddress remote) {
            cause.localIdentity()
                    .ifPresent(connection -> listener.onLocalIdentity(
                            AddressPattern.TCP.address(local), AddressPattern.TCP.address(remote), connection));
        }
        Kind kind = switch (cause.reason()) {
            case WRONG_PEER -> Kind.WRONG_PEER;
            case OVERLOADED -> Kind.OVERLOADED;
            case CLOSED, LIMIT, NEGOTIATION, SECURITY -> connected ? Kind.REFUSED : Kind.UNREACHABLE;
            case TIMEOUT, LOCAL_PEER, INTERNAL -> Kind.UNREACHABLE;
        };
        fail(kind, cause);
    }

    private void fail(Kind kind, Throwable cause) {
        if (!reported) {
            reported = true;
            listener.onFailed(kind, String.valueOf(cause.getMessage()));
        }
    }
}
