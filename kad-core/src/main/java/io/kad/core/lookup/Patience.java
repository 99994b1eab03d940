package io.kad.core.lookup;

import io.kad.api.id.PeerId;

/** How long lookups wait for a peer before they go on without it. Confined to one thread at a time. */
public interface Patience {

    /** Returns how long after it was sent a request to {@code peer} is overdue, in nanoseconds, above 0. */
    long overdueNanos(PeerId peer);

    /** Returns how long after it was sent an overdue request is no longer waited for at all, in nanoseconds. */
    long hopelessNanos(PeerId peer);
}
