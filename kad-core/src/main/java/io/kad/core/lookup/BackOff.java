package io.kad.core.lookup;

import io.kad.api.id.PeerId;

/** Back-off of silent peers: which peers a lookup skips for now. Confined to one thread at a time. */
@FunctionalInterface
public interface BackOff {

    /** Back-off of no peer. */
    BackOff NONE = peer -> false;

    /** Returns whether {@code peer} was silent lately, so that a lookup queries it only if nobody else is left. */
    boolean isBackedOff(PeerId peer);
}
