package io.kad.sim;

import io.kad.sim.network.SimPeer;
import java.util.Optional;

/**
 * Condition that every running peer must satisfy at all times; checked after each event, for the peer that executed it.
 *
 * <p>Called on the thread of the network. An implementation must not change the network.
 */
public interface Invariant {

    /** Returns the violation by {@code peer}, which is running, in one line; empty if the condition holds. */
    Optional<String> violation(SimNetwork network, SimPeer peer);
}
