package io.kad.tck.support;

import io.kad.api.id.Multiaddr;

/** An address that takes connections and then says nothing. */
public interface SilentPeer extends AutoCloseable {

    /** Returns the address. */
    Multiaddr address();

    /** Returns how many connections it has taken. */
    int connections();

    /** Stops taking connections. */
    @Override
    void close();
}
