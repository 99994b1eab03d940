package io.kad.core.event;

import io.kad.api.event.QueryEvent;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;

/** Measure of the events of a query. Records and providers are findings. Thread-safe. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public enum QueryEventWeigher implements EventWeigher<QueryEvent> {
    /** The measure. */
    INSTANCE;

    @Override
    public int bytes(QueryEvent event) {
        if (event instanceof QueryEvent.ResponseReceived response) {
            return BASE_BYTES + PEER_ID_BYTES * (1 + response.closerPeers().size());
        } else if (event instanceof QueryEvent.Converged converged) {
            return BASE_BYTES + PEER_ID_BYTES * converged.closest().size();
        } else if (event instanceof QueryEvent.RecordFound found) {
            return BASE_BYTES + PEER_ID_BYTES + bytes(found.record());
        } else if (event instanceof QueryEvent.ProviderFound found) {
            return BASE_BYTES + PEER_ID_BYTES + bytes(found.provider());
        }
        return BASE_BYTES + PEER_ID_BYTES;
    }

    static int bytes(Record record) {
        return BASE_BYTES
                + PEER_ID_BYTES
                + record.key().bytes().size()
                + record.value().size();
    }

    static int bytes(PeerInfo peer) {
        return PEER_ID_BYTES
                + peer.addresses().stream()
                        .mapToInt(address -> BASE_BYTES + address.bytes().size())
                        .sum();
    }

    @Override
    public boolean isFinding(QueryEvent event) {
        return event instanceof QueryEvent.RecordFound || event instanceof QueryEvent.ProviderFound;
    }
}
