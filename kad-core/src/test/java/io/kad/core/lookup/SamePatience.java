package io.kad.core.lookup;

import io.kad.api.id.PeerId;

/** As patient with every peer as the round trips say. */
record SamePatience(RoundTrips roundTrips) implements Patience {

    @Override
    public long overdueNanos(PeerId peer) {
        return roundTrips.overdueNanos();
    }

    @Override
    public long hopelessNanos(PeerId peer) {
        return roundTrips.hopelessNanos();
    }
}
