package io.kad.core.lookup;

import io.kad.api.id.PeerId;

/** Soft timeout and max wait of lookups for each peer; see the package description. Confined to one thread at a time. */
public interface Patience {

    /** Returns the soft timeout of a request to {@code peer}, counted from its sending, in nanoseconds, above 0. */
    long overdueNanos(PeerId peer);

    /** Returns the max wait for {@code peer}, counted from the sending of the request, in nanoseconds. */
    long hopelessNanos(PeerId peer);
}
