package io.kad.core.engine;

import io.kad.api.id.PeerId;
import io.kad.core.lookup.Patience;
import io.kad.core.lookup.RoundTrips;
import io.kad.core.query.OutboundRequest;

/**
 * Soft timeout and max wait by measured RTTs: one window for connected peers, and one for peers that have to be dialled first. Confined
 * to one thread at a time.
 */
final class MeasuredPatience implements Patience {

    private final RoutingTableMaintenance routing;
    private final RoundTrips connected = new RoundTrips();
    private final RoundTrips dialled = new RoundTrips();

    MeasuredPatience(RoutingTableMaintenance routing) {
        this.routing = routing;
    }

    /** Records the RTT of a request that has a response. */
    void record(OutboundRequest request, long nowNanos) {
        (request.connected() ? connected : dialled).record(Math.max(0, nowNanos - request.sentNanos()));
    }

    @Override
    public long overdueNanos(PeerId peer) {
        return measured(peer).overdueNanos();
    }

    @Override
    public long hopelessNanos(PeerId peer) {
        return measured(peer).hopelessNanos();
    }

    private RoundTrips measured(PeerId peer) {
        return routing.isConnected(peer) ? connected : dialled;
    }
}
