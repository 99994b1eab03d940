package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryId;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;

/** A request that was sent and has no outcome yet. Compared by identity, as its ID is never used twice. */
public final class OutboundRequest {

    private final RequestId id;
    private final QueryId query;
    private final PeerId peer;
    private final KadRequest message;
    private final int hop;
    private final long sentNanos;
    private final boolean connected;

    /**
     * Describes a request.
     *
     * @param id identifies the request; never used twice
     * @param hop how many requests, this one included, lead from this peer to the asked one
     * @param connected whether there was a connection to the peer already
     */
    public OutboundRequest(
            RequestId id, QueryId query, PeerId peer, KadRequest message, int hop, long sentNanos, boolean connected) {
        this.id = requireNonNull(id, "id");
        this.query = requireNonNull(query, "query");
        this.peer = requireNonNull(peer, "peer");
        this.message = requireNonNull(message, "message");
        this.hop = hop;
        this.sentNanos = sentNanos;
        this.connected = connected;
    }

    /** Returns the ID of the request. */
    public RequestId id() {
        return id;
    }

    /** Returns the query that sent it. */
    public QueryId query() {
        return query;
    }

    /** Returns who was asked. */
    public PeerId peer() {
        return peer;
    }

    KadRequest message() {
        return message;
    }

    int hop() {
        return hop;
    }

    /** Returns when it was sent, in monotonic nanoseconds. */
    public long sentNanos() {
        return sentNanos;
    }

    /** Returns whether there was a connection to the peer already. */
    public boolean connected() {
        return connected;
    }
}
