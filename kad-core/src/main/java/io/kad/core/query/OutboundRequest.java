package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryId;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.message.ResponseMatcher;
import java.time.Duration;
import java.util.function.Predicate;

/** Request of this peer without a result: it is in flight, or queued and not sent yet. Compared by identity. */
public final class OutboundRequest {

    /** Failure of a request whose response does not match it. */
    public static final TransportFailure MISMATCH =
            new TransportFailure(TransportFailure.Kind.INVALID, "response does not match the request");

    private final RequestId id;
    private final QueryId queryId;
    private final PeerInfo peer;
    private final KadRequest message;
    private final int hop;
    private final Predicate<Multiaddr> dialPermit;
    private long sentNanos;
    private boolean connected;
    private Duration timeout;
    private boolean queued;

    /**
     * Creates the description of a request.
     *
     * @param id identifies the request; never used twice
     * @param peer the queried peer with the addresses to dial
     * @param hop the number of requests that lead to the peer, this one included: 1 for a peer of the routing table
     * @param dialPermit tells whether an address may be dialled for it
     * @param sentNanos time of sending in monotonic nanoseconds
     * @param connected whether the peer was connected at the time of sending
     * @param timeout time that the transport has for the request
     */
    public OutboundRequest(
            RequestId id,
            QueryId queryId,
            PeerInfo peer,
            KadRequest message,
            int hop,
            Predicate<Multiaddr> dialPermit,
            long sentNanos,
            boolean connected,
            Duration timeout) {
        this.id = requireNonNull(id, "id");
        this.queryId = requireNonNull(queryId, "queryId");
        this.peer = requireNonNull(peer, "peer");
        this.message = requireNonNull(message, "message");
        this.hop = hop;
        this.dialPermit = requireNonNull(dialPermit, "dialPermit");
        this.sentNanos = sentNanos;
        this.connected = connected;
        this.timeout = requireNonNull(timeout, "timeout");
    }

    /** Returns the ID of the request. */
    public RequestId id() {
        return id;
    }

    /** Returns what tells whether an address may be dialled for the request; may be asked from any thread. */
    public Predicate<Multiaddr> dialPermit() {
        return dialPermit;
    }

    /** Returns the query that sent the request. */
    public QueryId queryId() {
        return queryId;
    }

    /** Returns the queried peer. */
    public PeerId peer() {
        return peer.id();
    }

    /** Returns the queried peer with the addresses to dial. */
    public PeerInfo peerInfo() {
        return peer;
    }

    /** Returns whether the remote peer responds to the request. */
    public boolean expectsResponse() {
        return !(message instanceof KadRequest.AddProvider);
    }

    /** Returns whether the request changes nothing at the remote peer. */
    public boolean isReadOnly() {
        return expectsResponse() && !(message instanceof KadRequest.PutValue);
    }

    /** Returns the message. */
    public KadRequest message() {
        return message;
    }

    int hop() {
        return hop;
    }

    /** Returns whether {@code response} answers this request. */
    public boolean isMatchedBy(KadResponse response) {
        return ResponseMatcher.matches(message, response);
    }

    /** Called when the request waits for others of the local peer. */
    public void onQueued() {
        queued = true;
    }

    /** Returns whether the request waits for others of the local peer, so that the remote one has not got it. */
    public boolean isQueued() {
        return queued;
    }

    /** Called when the request is handed to the transport, which has {@code newTimeout} for it. */
    public void onHandedOver(long nanos, boolean isConnected, Duration newTimeout) {
        timeout = newTimeout;
        onDequeued(nanos, isConnected);
    }

    /** Called when the transport sends the request, which it had queued. */
    public void onDequeued(long nanos, boolean isConnected) {
        queued = false;
        sentNanos = nanos;
        connected = isConnected;
    }

    /** Returns the time of sending in monotonic nanoseconds. */
    public long sentNanos() {
        return sentNanos;
    }

    /** Returns the time that the transport has for the request, since it was handed to it. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns whether the peer was connected at the time of sending. */
    public boolean wasConnected() {
        return connected;
    }
}
