package io.kad.core.lookup;

import io.kad.api.id.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A search for the peers closest to a place: it says whom to ask, and is told what they answered.
 *
 * <p>Call {@link #next} after each step until it returns nobody, and by {@link #nextDeadlineNanos}. Each peer it returns is then
 * in flight, until exactly one of {@link #onResponse} and {@link #onFailure} tells what came of it; a failure has to come in the
 * end if an answer does not. No peer is returned twice. Times are monotonic nanoseconds. Confined to one thread at a time.
 */
public interface Lookup {

    /**
     * Returns whom to ask next; that peer is then in flight. Empty if nobody is to be asked before something happens, or if the
     * lookup has finished.
     */
    Optional<PeerId> next(long nowNanos);

    /** Takes in the answer of {@code peer}, that named {@code closer}. Of no effect if that peer is not awaited. */
    void onResponse(PeerId peer, Collection<PeerId> closer, long nowNanos);

    /** Takes in that the request to {@code peer} failed. Of no effect if that peer is not awaited. */
    void onFailure(PeerId peer, long nowNanos);

    /**
     * Returns the earliest instant at which {@link #next} is to be called even if nothing happens; {@link Long#MAX_VALUE} for
     * none. It lies in the future once {@link #next} returned empty.
     */
    long nextDeadlineNanos();

    /** Returns whether the lookup has ended: everybody who counts has answered, or {@link #finish} was called. */
    boolean isFinished();

    /** Ends the lookup with what it has. */
    void finish();

    /** Returns those that answered, nearest first, as many as the lookup is to find; disjoint paths find as many each. */
    List<PeerId> closest();

    /**
     * Returns those that answered among the nearest peers known, of which failed ones don't count; nearest first. Before the
     * lookup has finished these are fewer than {@link #closest}, which holds whoever answered on the way, too.
     */
    List<PeerId> respondedAmongClosest();

    /**
     * Returns how many requests it takes to get to {@code peer}: 1 for a seed, one more than for the peer that named it
     * otherwise.
     *
     * @throws IllegalArgumentException if the lookup does not know the peer
     */
    int hop(PeerId peer);

    /** Returns the largest {@link #hop} of those that answered; 0 if nobody did. */
    int longestHop();

    /** Returns how many peers were asked. */
    int requests();

    /** Returns how many of them answered. */
    int successes();

    /** Returns how many requests failed; overdue ones are not among them until they do. */
    int failures();
}
