package io.kad.tck.support;

import io.kad.api.id.Multiaddr;

/** Address that accepts connections and never sends. */
public interface SilentPeer extends AutoCloseable {

    /** Returns the address. */
    Multiaddr address();

    /** Returns the number of accepted connections. */
    int connections();

    /** Stops accepting connections, and closes the accepted ones. */
    @Override
    void close();
}
