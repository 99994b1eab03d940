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
 * A search along one path.
 *
 * <p>Candidates are ordered by distance to the target. How many of them are in flight at once, who is next, and when the search has
 * arrived is decided by its {@link PathStrategy}. Where that frees the places of overdue requests, their answers count all the same whenever
 * they come; and while fewer than k have answered and there is nobody left to ask, they are waited for a while longer, since a small
 * network would else lose its slower half. While nobody at all has answered, they are waited for until they fail: a late answer is
 * better than none.
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
     * Starts the search at {@code seeds}.
     *
     * @param k how many peers to find, at least 1
     * @param self the peer that searches, which is never asked
     * @throws IllegalArgumentException if {@code k} is too small
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
        passDeadlines(nowNanos);
        Candidate chosen = inFlight.size() < strategy.parallelism() ? strategy.next() : null;
        if (chosen == null) {
            settle(nowNanos);
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
        Candidate answered = awaited(peer);
        if (answered == null) {
            return;
        }
        boolean onTime = inFlight.remove(answered);
        answered.state = State.ANSWERED;
        successes++;
        strategy.onResponse(learn(closer, answered.hop + 1), onTime);
        settle(nowNanos);
    }

    @Override
    public void onFailure(PeerId peer, long nowNanos) {
        Candidate failed = awaited(peer);
        if (failed == null) {
            return;
        }
        boolean onTime = inFlight.remove(failed);
        failed.state = State.FAILED;
        failures++;
        if (onTime) {
            strategy.missed();
        }
        settle(nowNanos);
    }

    private @Nullable Candidate awaited(PeerId peer) {
        Candidate candidate = finished ? null : candidates.find(peer);
        return candidate != null && candidate.isWaiting() ? candidate : null;
    }

    /** Takes in peers that were named. Returns whether one is new and among the k nearest. */
    private boolean learn(Collection<PeerId> named, int hop) {
        boolean progress = false;
        int room = LookupConfig.maxCloserPeers(k);
        for (PeerId peer : named) {
            if (room-- == 0) {
                break;
            }
            if (!peer.equals(self)) {
                int rank = candidates.add(peer, hop);
                progress |= rank >= 0 && rank < k;
            }
        }
        return progress;
    }

    private void passDeadlines(long nowNanos) {
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

    /** Finds out whether the lookup has finished, and its next deadline. */
    private void settle(long nowNanos) {
        long deadline = Long.MAX_VALUE;
        for (Candidate each : inFlight) {
            deadline = Math.min(deadline, each.deadlineNanos);
        }
        nextDeadlineNanos = deadline;
        if (strategy.hasConverged()) {
            nextDeadlineNanos = successes < k ? endOfPatience(nowNanos) : Long.MAX_VALUE;
            finished = nextDeadlineNanos == Long.MAX_VALUE && !isWaitingForTheFirstAnswer();
        }
    }

    private boolean isWaitingForTheFirstAnswer() {
        return successes == 0 && failures < requests;
    }

    /** Returns until when an overdue request is worth waiting for, or {@link Long#MAX_VALUE} if none is. */
    private long endOfPatience(long nowNanos) {
        long earliest = Long.MAX_VALUE;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate each = candidates.get(rank);
            if (each.state == State.OVERDUE && each.deadlineNanos > nowNanos) {
                earliest = Math.min(earliest, each.deadlineNanos);
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
        List<PeerId> answered = new ArrayList<>();
        int counted = 0;
        for (int rank = 0; rank < candidates.size() && counted < k; rank++) {
            Candidate candidate = candidates.get(rank);
            if (candidate.state == State.ANSWERED) {
                answered.add(candidate.peer);
            }
            counted += candidate.state == State.FAILED ? 0 : 1;
        }
        return List.copyOf(answered);
    }

    boolean knows(PeerId peer) {
        return candidates.find(peer) != null;
    }

    @Override
    public int hop(PeerId peer) {
        Candidate candidate = candidates.find(peer);
        if (candidate == null) {
            throw new IllegalArgumentException("peer " + peer + " is no candidate");
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

    /** Returns how many requests take up a place: those without an outcome that are not overdue. */
    public int inFlight() {
        return inFlight.size();
    }

    /** Returns how many peers the lookup knows of. */
    public int candidates() {
        return candidates.size();
    }
}
