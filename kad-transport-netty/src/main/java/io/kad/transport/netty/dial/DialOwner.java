package io.kad.transport.netty.dial;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Owner of the connections for which a dialer dials. Thread-safe. */
public interface DialOwner {

    /** Returns the gate that is asked before a dial, and when the dialled peer is authenticated. */
    ConnectionGate gate();

    /** Returns an open connection to {@code peer}. */
    Optional<PeerConnection> openConnection(PeerId peer);

    /** Returns whether no connection is open. */
    boolean isOffline();

    /** Returns the addresses of the open listeners. */
    List<Multiaddr> listenAddresses();

    /**
     * Starts a connection, on its event loop; returns null if the connection limit is reached.
     *
     * @param transport name of its transport
     */
    @Nullable
    PeerConnection open(UpgradedConnection connection, Multiaddr remoteAddress, String transport);

    /**
     * Called when a dialled peer has the identity of the local one.
     *
     * @param channelBinding bytes that identify the connection at both of its ends
     */
    void localIdentitySeen(Multiaddr local, Multiaddr remote, Bytes channelBinding);

    /** Called when {@code address} could not be dialled. */
    void addressFailed(PeerId peer, Multiaddr address, TransportFailure failure);
}
