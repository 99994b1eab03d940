package io.kad.sim;

import io.kad.sim.network.SimPeer;
import java.util.Optional;

/** Something that must always be so in a network; checked after each event, for the peer that the event touched. */
public interface Invariant {

    /** Returns what is wrong with {@code peer}, which runs, in one line; empty if nothing is. */
    Optional<String> violation(SimNetwork network, SimPeer peer);
}
