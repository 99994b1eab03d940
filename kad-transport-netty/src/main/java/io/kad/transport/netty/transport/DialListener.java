package io.kad.transport.netty.transport;

import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import java.util.Optional;

/**
 * Listener for the result of one attempt to connect: exactly one call of {@link #onDialled} or {@link #onDialFailed}, on the event loop of the
 * connection.
 */
public interface DialListener extends LocalIdentityListener {

    /** Called with the connection, which this call starts or closes. */
    void onDialled(UpgradedConnection connection);

    /**
     * Called when there is no connection.
     *
     * @param kind {@code REFUSED} if the host has answered, and does not want the connection
     * @param dial the step that failed; empty if it is the fault of the local peer
     */
    void onDialFailed(Kind kind, Optional<DialFailure> dial, String reason);
}
