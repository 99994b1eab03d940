package io.kad.core.event;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.spi.transport.TransportEvent;
import java.util.List;

/** Measure of the events of a peer, none of which is a finding. Thread-safe. */
public enum DhtEventWeigher implements EventWeigher<DhtEvent> {
    /** The measure. */
    INSTANCE;

    @Override
    public int bytes(DhtEvent event) {
        if (event instanceof DhtEvent.RequestServed served) {
            return 2 * BASE_BYTES + PEER_ID_BYTES + bytes(served.request().request());
        } else if (event instanceof DhtEvent.RoutingUpdated updated) {
            return BASE_BYTES + 2 * PEER_ID_BYTES + bytes(updated.addresses());
        } else if (event instanceof DhtEvent.RoutablePeer routable) {
            return BASE_BYTES + PEER_ID_BYTES + bytes(routable.addresses());
        } else if (event instanceof DhtEvent.RecordEvicted evicted) {
            return BASE_BYTES
                    + evicted.key().bytes().size()
                    + evicted.closer().bytes().size();
        } else if (event instanceof DhtEvent.RequestTaken taken) {
            return BASE_BYTES + PEER_ID_BYTES + bytes(taken.request().request());
        } else if (event instanceof DhtEvent.TakenStored taken) {
            return BASE_BYTES + PEER_ID_BYTES + bytes(taken.request().request());
        } else if (event instanceof DhtEvent.QuotaExceeded refused) {
            return 2 * BASE_BYTES + PEER_ID_BYTES + refused.key().bytes().size();
        } else if (event instanceof DhtEvent.ProtocolMismatch mismatch) {
            return BASE_BYTES
                    + PEER_ID_BYTES
                    + mismatch.local().length()
                    + mismatch.remote().length();
        } else if (event instanceof DhtEvent.Republished republished) {
            return 4 * BASE_BYTES + republished.key().bytes().size();
        } else if (event instanceof DhtEvent.TransportEventReceived received) {
            return bytes(received.event());
        }
        return BASE_BYTES + PEER_ID_BYTES;
    }

    private static int bytes(KadRequest request) {
        if (request instanceof KadRequest.PutValue put) {
            return QueryEventWeigher.bytes(put.record());
        } else if (request instanceof KadRequest.AddProvider add) {
            return BASE_BYTES
                    + add.key().bytes().size()
                    + add.providers().stream()
                            .mapToInt(QueryEventWeigher::bytes)
                            .sum();
        } else if (request instanceof KadRequest.GetValue get) {
            return BASE_BYTES + get.key().bytes().size();
        } else if (request instanceof KadRequest.GetProviders get) {
            return BASE_BYTES + get.key().bytes().size();
        } else if (request instanceof KadRequest.FindNode find) {
            return BASE_BYTES + find.target().size();
        }
        return BASE_BYTES;
    }

    private static int bytes(TransportEvent event) {
        int connection = 4 * BASE_BYTES + PEER_ID_BYTES;
        return event instanceof TransportEvent.PeerIdentified identified
                ? connection
                        + bytes(identified.identification().listenAddresses())
                        + BASE_BYTES * identified.identification().protocols().size()
                : connection;
    }

    private static int bytes(List<Multiaddr> addresses) {
        return addresses.stream()
                .mapToInt(address -> BASE_BYTES + address.bytes().size())
                .sum();
    }

    @Override
    public boolean isFinding(DhtEvent event) {
        return false;
    }
}
