package io.kad.transport.netty.roundtrip;

import io.kad.api.id.Multiaddr;

/**
 * Relay between a dialer and a listener that counts round trips by what crosses, and not by a clock: from the last flight of the dialer on that may
 * come before its first response, it holds what the listener sends. What then reaches the listener has waited for no further round trip.
 */
interface Relay extends AutoCloseable {

    /** Returns where to dial. */
    Multiaddr address();

    /** Called when the dialer takes its connection for open. */
    void onDialerConnected();

    /** Returns the direction from the listener to the dialer. */
    Valve answers();

    @Override
    void close();
}
