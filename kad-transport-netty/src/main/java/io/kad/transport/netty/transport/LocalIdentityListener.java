package io.kad.transport.netty.transport;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.upgrade.UpgradeException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Listener for connections whose remote peer has the identity of the local one. */
public interface LocalIdentityListener {

    /**
     * Called before the failure of such a connection is reported.
     *
     * @param channelBinding bytes that identify the connection at both of its ends
     */
    void onLocalIdentity(Multiaddr local, Multiaddr remote, Bytes channelBinding);

    /** Calls {@link #onLocalIdentity} if that is why the upgrade of a connection between two sockets has failed. */
    default void reportIfLocalIdentity(
            AddressPattern addresses,
            @Nullable SocketAddress local,
            @Nullable SocketAddress remote,
            UpgradeException cause) {
        if (local instanceof InetSocketAddress from && remote instanceof InetSocketAddress to) {
            cause.channelBinding()
                    .ifPresent(
                            connection -> onLocalIdentity(addresses.address(from), addresses.address(to), connection));
        }
    }
}
