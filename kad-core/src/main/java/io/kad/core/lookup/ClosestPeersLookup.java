package io.kad.core.lookup;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.lookup.Candidate.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lookup on one path.
 *
 * <p>Candidates are ordered by distance to the target. The {@link PathStrategy} selects the next one to query, the parallelism, and
 * the moment at which the path has converged. A request that exceeds its soft timeout may release its slot; its late response is
 * still used. Two rules delay the end of a lookup that has converged:
 *
 * <ul>
 *   <li>While fewer than k peers have responded, it waits for late ones up to the max wait; a small network would otherwise lose its
 *       slower half.
 *   <li>While no peer at all has responded, it waits until all requests have failed.
 * </ul>
 */
public final class ClosestPeersLookup implements Lookup {

    private final int k;
    private final Patience patience;
    private final PeerId self;
    private final Candidates candidates;
    private final PathStrategy strategy;
    private final List<Candidate> inFlight = new ArrayList<>();

    private boolean finished;
    private long nextDeadlineNanos = Long.MAX_VALUE;
    private int requests;
    private int successes;
    private int failures;

    /**
     * Creates a lookup that starts at {@code seeds}.
     *
     * @param k the number of peers to find, at least 1
     * @param self the local peer, which is never queried
     * @throws IllegalArgumentException if {@code k} is less than 1
     */
    ClosestPeersLookup(
            KadKey target, int k, LookupConfig config, Patience patience, Collection<PeerId> seeds, PeerId self) {
        LookupConfig.requirePositive("k", k);
        this.k = k;
        this.patience = requireNonNull(patience, "patience");
        this.self = requireNonNull(self, "self");
        this.candidates = new Candidates(requireNonNull(target, "target"), LookupConfig.maxCandidates(k));
        this.strategy = config.newStrategy(candidates, k);
        for (PeerId seed : seeds) {
            if (!seed.equals(self)) {
                candidates.add(seed, 1);
            }
        }
        this.finished = candidates.size() == 0;
    }

    @Override
    public Optional<PeerId> next(long nowNanos) {
        if (finished) {
            return Optional.empty();
        }
        expireSoftTimeouts(nowNanos);
        Candidate chosen = inFlight.size() < strategy.parallelism() ? strategy.next() : null;
        if (chosen == null) {
            updateFinished(nowNanos);
            return Optional.empty();
        }
        chosen.state = State.IN_FLIGHT;
        chosen.sentNanos = nowNanos;
        chosen.deadlineNanos =
                strategy.freesOverduePlaces() ? nowNanos + patience.overdueNanos(chosen.peer) : Long.MAX_VALUE;
        inFlight.add(chosen);
        requests++;
        nextDeadlineNanos = Math.min(nextDeadlineNanos, chosen.deadlineNanos);
        return Optional.of(chosen.peer);
    }

    @Override
    public void onResponse(PeerId peer, Collection<PeerId> closer, long nowNanos) {
        Candidate candidate = findWaiting(peer);
        if (candidate == null) {
            return;
        }
        boolean heldSlot = inFlight.remove(candidate);
        candidate.state = State.ANSWERED;
        successes++;
        strategy.onResponse(addCandidates(closer, candidate.hop + 1), heldSlot);
        updateFinished(nowNanos);
    }

    @Override
    public void onFailure(PeerId peer, long nowNanos) {
        Candidate candidate = findWaiting(peer);
        if (candidate == null) {
            return;
        }
        boolean heldSlot = inFlight.remove(candidate);
        candidate.state = State.FAILED;
        failures++;
        if (heldSlot) {
            strategy.missed();
        }
        updateFinished(nowNanos);
    }

    private @Nullable Candidate findWaiting(PeerId peer) {
        Candidate candidate = finished ? null : candidates.find(peer);
        return candidate != null && candidate.isWaiting() ? candidate : null;
    }

    /** Adds the peers of a response. Returns whether one of them is new and among the k closest candidates. */
    private boolean addCandidates(Collection<PeerId> closer, int hop) {
        boolean progress = false;
        int remaining = LookupConfig.maxCloserPeers(k);
        for (PeerId peer : closer) {
            if (remaining-- == 0) {
                break;
            }
            if (!peer.equals(self)) {
                int rank = candidates.add(peer, hop);
                progress |= rank >= 0 && rank < k;
            }
        }
        return progress;
    }

    private void expireSoftTimeouts(long nowNanos) {
        if (nowNanos < nextDeadlineNanos) {
            return;
        }
        for (int i = inFlight.size() - 1; i >= 0; i--) {
            Candidate late = inFlight.get(i);
            if (late.deadlineNanos <= nowNanos) {
                inFlight.remove(i);
                late.state = State.OVERDUE;
                late.deadlineNanos = late.sentNanos + patience.hopelessNanos(late.peer);
                strategy.missed();
            }
        }
    }

    /** Updates whether the lookup has finished, and its next deadline. */
    private void updateFinished(long nowNanos) {
        long deadline = Long.MAX_VALUE;
        for (Candidate candidate : inFlight) {
            deadline = Math.min(deadline, candidate.deadlineNanos);
        }
        nextDeadlineNanos = deadline;
        if (strategy.hasConverged()) {
            nextDeadlineNanos = successes < k ? nextMaxWaitDeadline(nowNanos) : Long.MAX_VALUE;
            finished = nextDeadlineNanos == Long.MAX_VALUE && !hasNoResponseYet();
        }
    }

    private boolean hasNoResponseYet() {
        return successes == 0 && failures < requests;
    }

    /** Returns the earliest max wait of a late request that has not passed; {@link Long#MAX_VALUE} for none. */
    private long nextMaxWaitDeadline(long nowNanos) {
        long earliest = Long.MAX_VALUE;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate candidate = candidates.get(rank);
            if (candidate.state == State.OVERDUE && candidate.deadlineNanos > nowNanos) {
                earliest = Math.min(earliest, candidate.deadlineNanos);
            }
        }
        return earliest;
    }

    @Override
    public long nextDeadlineNanos() {
        return nextDeadlineNanos;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public void finish() {
        finished = true;
        nextDeadlineNanos = Long.MAX_VALUE;
    }

    @Override
    public List<PeerId> closest() {
        List<PeerId> closest = new ArrayList<>();
        for (int rank = 0; rank < candidates.size() && closest.size() < k; rank++) {
            Candidate candidate = candidates.get(rank);
            if (candidate.state == State.ANSWERED) {
                closest.add(candidate.peer);
            }
        }
        return List.copyOf(closest);
    }

    @Override
    public List<PeerId> respondedAmongClosest() {
        List<PeerId> responded = new ArrayList<>();
        int counted = 0;
        for (int rank = 0; rank < candidates.size() && counted < k; rank++) {
            Candidate candidate = candidates.get(rank);
            if (candidate.state == State.ANSWERED) {
                responded.add(candidate.peer);
            }
            counted += candidate.state == State.FAILED ? 0 : 1;
        }
        return List.copyOf(responded);
    }

    boolean hasCandidate(PeerId peer) {
        return candidates.find(peer) != null;
    }

    @Override
    public int hop(PeerId peer) {
        Candidate candidate = candidates.find(peer);
        if (candidate == null) {
            throw new IllegalArgumentException("peer " + peer + " is not a candidate of this lookup");
        }
        return candidate.hop;
    }

    @Override
    public int longestHop() {
        int longest = 0;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate candidate = candidates.get(rank);
            longest = candidate.state == State.ANSWERED ? Math.max(longest, candidate.hop) : longest;
        }
        return longest;
    }

    @Override
    public int requests() {
        return requests;
    }

    @Override
    public int successes() {
        return successes;
    }

    @Override
    public int failures() {
        return failures;
    }

    /** Returns the number of requests that hold a slot. */
    public int inFlight() {
        return inFlight.size();
    }

    /** Returns the number of candidates. */
    public int candidates() {
        return candidates.size();
    }
}
