package io.kad.core.lookup;

import io.kad.api.id.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Search for the peers closest to a target key: returns the next peer to query, and is called with the results.
 *
 * <p>The caller must call {@link #next} after each result until it returns empty, and again at {@link #nextDeadlineNanos}. A returned
 * peer is outstanding (queried, without a result) until the caller calls one of {@link #onResponse} and {@link #onFailure} for it, which it
 * must do in the end unless the lookup has finished. No peer is returned twice. Times are monotonic nanoseconds. Confined to one thread at a
 * time.
 */
public interface Lookup {

    /**
     * Returns the next peer to query, which is then outstanding; empty if no peer is to be queried before the next result or deadline,
     * or if the lookup has finished.
     */
    Optional<PeerId> next(long nowNanos);

    /** Called when the request to {@code peer} waits for others of the local peer: it does not age until {@link #onDequeued}. */
    void onQueued(PeerId peer);

    /** Called when the queued request to {@code peer} is sent. */
    void onDequeued(PeerId peer, long nowNanos);

    /**
     * Called when {@code peer} responded with the peers {@code closer}, which the caller has limited to {@link LookupConfig#maxCloserPeers}. Has
     * no effect if it is not outstanding.
     */
    void onResponse(PeerId peer, Collection<PeerId> closer, long nowNanos);

    /** Called when the request to {@code peer} failed. Has no effect if it is not outstanding. */
    void onFailure(PeerId peer, long nowNanos);

    /**
     * Returns the time at which {@link #next} must be called even without a result; {@link Long#MAX_VALUE} for none. Once {@link
     * #next} has returned empty, it is in the future.
     */
    long nextDeadlineNanos();

    /**
     * Returns whether the lookup has converged: no candidate that its strategy still needs is to be queried or in flight. Stays true. A
     * read that has found what it needs ends then.
     */
    boolean hasConverged();

    /**
     * Returns whether the lookup has finished: it has converged, and the {@linkplain #closestResponders closest that responded} cannot change, as every
     * closer candidate has responded, failed or passed its max wait. While fewer have responded than are to be found, requests that are less than 2 s
     * old are waited for as well. It has also finished if the time limit of this last stage has passed, or {@link #finish} was called.
     */
    boolean isFinished();

    /** Finishes the lookup with the results so far. */
    void finish();

    /**
     * Returns the closest of all peers that responded, closest first, at most as many as the lookup has to find; of each disjoint path. Others that
     * are closer may not have responded.
     */
    List<PeerId> closestResponders();

    /**
     * Returns the peers that responded among the closest candidates in the scope, of which there are as many as the lookup has to find; closest first.
     * Before the lookup has finished these may be fewer than {@link #closestResponders}, which also has farther peers that responded on the way.
     */
    List<PeerId> respondersAmongClosest();

    /**
     * Returns the number of requests that lead to {@code peer}, each to the peer that returned the next: 1 for a seed.
     *
     * @throws IllegalArgumentException if the peer is not a candidate
     */
    int hop(PeerId peer);

    /** Returns the number of queried peers. */
    int requests();

    /** Returns the number of queried peers that responded. */
    int successes();
}
