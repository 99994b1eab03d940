package io.kad.transport.netty.transport;

import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Result of one attempt to connect, whose listener is told of the first one alone. Confined to the event loop of the connection. */
public final class DialResult {

    private final AddressPattern addresses;
    private final DialListener listener;
    private boolean done;

    /**
     * Creates a result.
     *
     * @param addresses form of the addresses of the transport
     */
    public DialResult(AddressPattern addresses, DialListener listener) {
        this.addresses = addresses;
        this.listener = listener;
    }

    /** Returns whether there is a result, or none is wanted. */
    public boolean isDone() {
        return done;
    }

    /** Called when nobody wants the result. */
    public void cancel() {
        done = true;
    }

    /** Passes a connection on; closes it if nobody wants it. */
    public void upgraded(UpgradedConnection connection) {
        if (done) {
            connection.channel().close();
        } else {
            done = true;
            listener.onDialled(connection);
        }
    }

    /**
     * Reports that an upgrade has failed.
     *
     * @param responded whether the remote host has answered
     */
    public void failed(
            @Nullable SocketAddress local, @Nullable SocketAddress remote, boolean responded, UpgradeException cause) {
        if (!done) {
            listener.reportIfLocalIdentity(addresses, local, remote, cause);
        }
        failed(kind(cause.reason(), responded), dial(cause, responded), cause);
    }

    private static Optional<DialFailure> dial(UpgradeException cause, boolean responded) {
        boolean isOfNobody =
                cause.reason() == UpgradeException.Reason.TIMEOUT || cause.reason() == UpgradeException.Reason.CLOSED;
        return isOfNobody && !responded ? Optional.of(DialFailure.NO_RESPONSE) : cause.dial();
    }

    private static Kind kind(UpgradeException.Reason reason, boolean responded) {
        return switch (reason) {
            case WRONG_PEER -> Kind.WRONG_PEER;
            case OVERLOADED -> Kind.OVERLOADED;
            case SECURITY -> Kind.REFUSED;
            case CLOSED, LIMIT, NEGOTIATION -> responded ? Kind.REFUSED : Kind.UNREACHABLE;
            case TIMEOUT, LOCAL_PEER, INTERNAL -> Kind.UNREACHABLE;
        };
    }

    /** Reports a failure. */
    public void failed(Kind kind, Optional<DialFailure> dial, Throwable cause) {
        failed(kind, dial, String.valueOf(cause.getMessage()));
    }

    /** Reports a failure. */
    public void failed(Kind kind, Optional<DialFailure> dial, String reason) {
        if (!done) {
            done = true;
            listener.onDialFailed(kind, dial, reason);
        }
    }
}
