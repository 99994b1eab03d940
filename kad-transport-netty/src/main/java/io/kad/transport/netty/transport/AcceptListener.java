package io.kad.transport.netty.transport;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;

/**
 * Listener for inbound connections. The calls for one connection come on its event loop: {@link #tryAccept} or {@link #tryAcceptUpgraded} as soon
 * as the remote peer has proved its address, and if that returns true, exactly one of {@link #onInboundConnection} and {@link #onInboundFailed}. A
 * connection whose upgrade fails before that has {@link #onInboundFailed} alone.
 */
public interface AcceptListener extends LocalIdentityListener {

    /**
     * Called with each new connection whose remote peer has proved its address; returns false if a limit forbids it, and the transport then
     * closes it.
     *
     * @param remote its address, or one of another transport of its listening socket
     */
    boolean tryAccept(Channel connection, Multiaddr remote);

    /**
     * Called in place of {@link #tryAccept} when the address is proved only by the end of the upgrade. If this returns true, {@link
     * #onInboundConnection} follows at once.
     */
    boolean tryAcceptUpgraded(Channel connection, Multiaddr remote);

    /**
     * Called before {@link #onSecurityAgreed}, when the remote peer has done a step of a handshake below the upgrade, such as that of TLS or of
     * WebSocket.
     */
    void onUpgradeAdvanced(Channel connection);

    /** Called when the upgrade of an accepted connection has begun: both peers have agreed on how to secure it. */
    void onSecurityAgreed(Channel connection);

    /**
     * Called with an upgraded connection, which this call starts or closes.
     *
     * @param transport name of the transport
     */
    void onInboundConnection(UpgradedConnection connection, Multiaddr remote, String transport);

    /** Called when the upgrade failed; the connection is closed after this call. */
    void onInboundFailed(Channel connection, Multiaddr remote, UpgradeException cause);
}
