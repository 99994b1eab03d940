package io.kad.core.engine;

import io.kad.api.id.PeerId;
import io.kad.core.lookup.Patience;
import io.kad.core.lookup.RoundTrips;
import io.kad.core.query.OutboundRequest;

/** Waits as long as requests usually take: those to connected peers, and apart from them those that first had to dial. */
final class MeasuredPatience implements Patience {

    private final RoutingTableMaintenance routing;
    private final RoundTrips connected = new RoundTrips();
    private final RoundTrips dialled = new RoundTrips();

    MeasuredPatience(RoutingTableMaintenance routing) {
        this.routing = routing;
    }

    /** Takes in that a request was answered. */
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
