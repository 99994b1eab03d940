package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryId;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;

/** Request that this peer has sent and that is in flight. Compared by identity, as its ID is never used twice. */
public final class OutboundRequest {

    private final RequestId id;
    private final QueryId query;
    private final PeerId peer;
    private final KadRequest message;
    private final int hop;
    private long sentNanos;
    private boolean connected;

    /**
     * Creates the description of a request.
     *
     * @param id identifies the request; never used twice
     * @param hop length of the path to the peer in requests, this one included
     * @param sentNanos time of sending in monotonic nanoseconds
     * @param connected whether the peer was connected at the time of sending
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

    /** Returns the query that sent the request. */
    public QueryId query() {
        return query;
    }

    /** Returns the queried peer. */
    public PeerId peer() {
        return peer;
    }

    /** Returns whether the remote peer responds to the request. */
    public boolean hasResponse() {
        return !(message instanceof KadRequest.AddProvider);
    }

    /** Returns whether the request changes nothing at the remote peer. */
    public boolean isRead() {
        return hasResponse() && !(message instanceof KadRequest.PutValue);
    }

    KadRequest message() {
        return message;
    }

    int hop() {
        return hop;
    }

    /** Called when a delayed request is sent. */
    public void onSent(long nanos, boolean isConnected) {
        sentNanos = nanos;
        connected = isConnected;
    }

    /** Returns the time of sending in monotonic nanoseconds. */
    public long sentNanos() {
        return sentNanos;
    }

    /** Returns whether the peer was connected at the time of sending. */
    public boolean connected() {
        return connected;
    }
}
