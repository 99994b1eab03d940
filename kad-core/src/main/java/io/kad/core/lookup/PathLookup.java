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
 * the moments at which the path has converged and has finished. A request that is late releases its slot, a peer that is presumed
 * dead leaves the scope, and after its max wait it is not waited for; the response of each still counts. While no peer at all has
 * responded, the lookup waits until all requests have failed. A candidate that did not answer lately is skipped, unless nobody else is left.
 */
final class PathLookup implements Lookup {

    /** The shortest wait for a peer while fewer peers have responded than are to be found: 2 s. */
    static final long GRACE_BELOW_COUNT_NANOS = 2_000_000_000;

    private final int count;
    private final ResponseTimesSource responseTimesSource;
    private final BackOff backOff;
    private final PeerId self;
    private final Candidates candidates;
    private final PathStrategy strategy;
    private final long finishTimeoutNanos;
    /** Outstanding candidates whose max wait has not passed. */
    private final List<Candidate> withinMaxWait = new ArrayList<>();

    private int inFlight;
    private int skipped;

    /** Whether nobody else was left, so that the skipped candidates are queried after all. */
    private boolean triesSkipped;

    private boolean converged;
    /** The time at which the lookup finishes at the latest; known once it has converged. */
    private long finishDeadlineNanos = Long.MAX_VALUE;

    private boolean finished;
    private long nextDeadlineNanos = Long.MAX_VALUE;
    private int requests;
    private int successes;
    private int failures;

    /**
     * Creates a lookup that starts at {@code seeds}.
     *
     * @param count the number of peers to find, at least 1
     * @param self the local peer, which is never queried
     * @throws IllegalArgumentException if {@code count} is less than 1
     */
    PathLookup(
            KadKey target,
            int count,
            LookupConfig config,
            ResponseTimesSource responseTimesSource,
            BackOff backOff,
            Collection<PeerId> seeds,
            PeerId self) {
        LookupConfig.requirePositive("count", count);
        this.count = count;
        this.responseTimesSource = requireNonNull(responseTimesSource, "responseTimesSource");
        this.backOff = requireNonNull(backOff, "backOff");
        this.self = requireNonNull(self, "self");
        this.candidates = new Candidates(requireNonNull(target, "target"), LookupConfig.maxCandidates(count));
        this.strategy = config.newStrategy(candidates, count);
        this.finishTimeoutNanos = config.finishTimeout().toNanos();
        for (PeerId seed : seeds) {
            if (!seed.equals(self)) {
                candidates.add(seed, 1);
            }
        }
        this.finished = candidates.size() == 0;
        this.converged = finished;
    }

    @Override
    public Optional<PeerId> next(long nowNanos) {
        if (finished) {
            return Optional.empty();
        }
        if (nowNanos >= finishDeadlineNanos) {
            finish(); // before another request is sent
            return Optional.empty();
        }
        if (nowNanos >= nextDeadlineNanos) {
            var unused = ageCandidates(nowNanos);
        }
        Candidate chosen = inFlight < strategy.parallelism() ? choose() : null;
        if (chosen == null) {
            updateStage(nowNanos);
            return Optional.empty();
        }
        chosen.query(nowNanos, responseTimesOf(chosen.peer));
        inFlight++;
        withinMaxWait.add(chosen);
        requests++;
        nextDeadlineNanos = Math.min(nextDeadlineNanos, chosen.deadlineNanos(nowNanos));
        return Optional.of(chosen.peer);
    }

    /** Returns the next candidate to query. Those that are backed off are skipped, unless no other one is left and nobody has responded. */
    private @Nullable Candidate choose() {
        Candidate chosen = strategy.next();
        while (chosen != null && !(triesSkipped && successes == 0) && backOff.isBackedOff(chosen.peer)) {
            chosen.state = State.SKIPPED;
            skipped++;
            chosen = strategy.next();
        }
        if (chosen == null && skipped > 0 && successes == 0 && failures == requests) {
            triesSkipped = true;
            skipped = 0;
            candidates.restoreSkipped();
            return strategy.next();
        }
        return chosen;
    }

    @Override
    public void onQueued(PeerId peer) {
        Candidate candidate = findOutstanding(peer);
        if (candidate != null) {
            candidate.queued();
        }
    }

    @Override
    public void onDequeued(PeerId peer, long nowNanos) {
        Candidate candidate = findOutstanding(peer);
        if (candidate != null) {
            candidate.dequeued(nowNanos, responseTimesOf(peer));
            nextDeadlineNanos = Math.min(nextDeadlineNanos, candidate.deadlineNanos(nowNanos));
        }
    }

    private @Nullable ResponseTimes responseTimesOf(PeerId peer) {
        return strategy.usesWaitTimes() ? responseTimesSource.responseTimes(peer) : null;
    }

    @Override
    public void onResponse(PeerId peer, Collection<PeerId> closer, long nowNanos) {
        Candidate candidate = findOutstanding(peer);
        if (candidate == null) {
            return;
        }
        boolean heldSlot = complete(candidate, State.RESPONDED);
        successes++;
        strategy.onResponse(addCandidates(closer, candidate.hop + 1), heldSlot);
        updateStage(nowNanos);
    }

    @Override
    public void onFailure(PeerId peer, long nowNanos) {
        Candidate candidate = findOutstanding(peer);
        if (candidate == null) {
            return;
        }
        failures++;
        if (complete(candidate, State.FAILED)) {
            strategy.onFailureOrSoftTimeout();
        }
        updateStage(nowNanos);
    }

    /** Returns whether this path still takes the result of a request. */
    boolean isOutstanding(PeerId peer) {
        return findOutstanding(peer) != null;
    }

    private @Nullable Candidate findOutstanding(PeerId peer) {
        Candidate candidate = finished ? null : candidates.find(peer);
        return candidate != null && candidate.isOutstanding() ? candidate : null;
    }

    /** Sets the result of a request. Returns whether it held its slot. */
    private boolean complete(Candidate candidate, State result) {
        boolean heldSlot = candidate.state == State.IN_FLIGHT;
        inFlight -= heldSlot ? 1 : 0;
        withinMaxWait.remove(candidate);
        candidate.state = result;
        return heldSlot;
    }

    /** Adds the peers of a response. Returns whether one of them is new and among the {@code count} closest candidates. */
    private boolean addCandidates(Collection<PeerId> closer, int hop) {
        boolean progress = false;
        for (PeerId peer : closer) {
            if (!peer.equals(self)) {
                int rank = candidates.add(peer, hop);
                progress |= rank >= 0 && rank < count;
            }
        }
        return progress;
    }

    /** Updates the states of the candidates, whether the lookup has converged and whether it has finished, and its next deadline. */
    private void updateStage(long nowNanos) {
        boolean isConverged = ageCandidates(nowNanos);
        long minWaitEnd = isConverged ? nextGraceEndNanos(nowNanos) : Long.MAX_VALUE;
        if ((isConverged && strategy.hasFinished() && minWaitEnd == Long.MAX_VALUE)
                || nowNanos >= finishDeadlineNanos) {
            finish();
        } else {
            nextDeadlineNanos = Math.min(Math.min(finishDeadlineNanos, minWaitEnd), nextStateChangeNanos(nowNanos));
        }
    }

    /** Updates the states of the candidates, and whether the lookup has converged; returns whether it is converged in these states. */
    private boolean ageCandidates(long nowNanos) {
        releaseLateSlots(nowNanos);
        // late candidates do not keep the lookup from having converged, even if they are presumed dead at the same time
        boolean isConverged = latchConverged(nowNanos);
        return updateStatesByAge(nowNanos) ? latchConverged(nowNanos) : isConverged;
    }

    private void releaseLateSlots(long nowNanos) {
        for (Candidate candidate : withinMaxWait) {
            if (candidate.becomeLateIfDue(nowNanos)) {
                inFlight--;
                strategy.onFailureOrSoftTimeout();
            }
        }
    }

    /** Returns whether a late candidate has another state now. */
    private boolean updateStatesByAge(long nowNanos) {
        boolean changed = false;
        for (Candidate candidate : withinMaxWait) {
            changed |= candidate.updateStateByAge(nowNanos);
        }
        if (changed) {
            withinMaxWait.removeIf(candidate -> !candidate.isWithinMaxWait());
        }
        return changed;
    }

    /** Returns the time of the next change of a state without a result; {@link Long#MAX_VALUE} for none. */
    private long nextStateChangeNanos(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (Candidate candidate : withinMaxWait) {
            next = Math.min(next, candidate.deadlineNanos(nowNanos));
        }
        return next;
    }

    /**
     * Returns the next end of the wait for a peer past its max wait while too few have responded; {@link Long#MAX_VALUE} for none.
     *
     * <p>If no others can be queried instead, they are waited for longer than the max wait: a burst of load of this peer delays all
     * responses at once.
     */
    private long nextGraceEndNanos(long nowNanos) {
        long earliest = Long.MAX_VALUE;
        for (int rank = 0; successes < count && rank < candidates.size(); rank++) {
            Candidate candidate = candidates.get(rank);
            long end = candidate.timeAtAgeNanos(GRACE_BELOW_COUNT_NANOS);
            if (candidate.state == State.PAST_MAX_WAIT && end > nowNanos) {
                earliest = Math.min(earliest, end);
            }
        }
        return earliest;
    }

    /** Returns whether the lookup is converged in the present states; it stays converged once it was. */
    private boolean latchConverged(long nowNanos) {
        boolean isConverged = isConvergedNow();
        if (isConverged && !converged) {
            converged = true;
            finishDeadlineNanos = nowNanos + finishTimeoutNanos;
        }
        return isConverged;
    }

    /**
     * Returns whether no candidate in the scope is to be queried or in flight; while nobody has responded, requests must fail first, also those to
     * skipped candidates.
     */
    private boolean isConvergedNow() {
        return (successes > 0 || (failures == requests && skipped == 0)) && strategy.hasConverged();
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
    public boolean hasConverged() {
        return converged;
    }

    @Override
    public void finish() {
        converged = true;
        finished = true;
        nextDeadlineNanos = Long.MAX_VALUE;
    }

    @Override
    public List<PeerId> closestResponders() {
        List<PeerId> closest = new ArrayList<>();
        for (int rank = 0; rank < candidates.size() && closest.size() < count; rank++) {
            Candidate candidate = candidates.get(rank);
            if (candidate.state == State.RESPONDED) {
                closest.add(candidate.peer);
            }
        }
        return List.copyOf(closest);
    }

    @Override
    public List<PeerId> respondersAmongClosest() {
        List<PeerId> responded = new ArrayList<>();
        int counted = 0;
        for (int rank = 0; rank < candidates.size() && counted < count; rank++) {
            Candidate candidate = candidates.get(rank);
            if (candidate.state == State.RESPONDED) {
                responded.add(candidate.peer);
            }
            counted += candidate.isOutOfScope() ? 0 : 1;
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
    public int requests() {
        return requests;
    }

    @Override
    public int successes() {
        return successes;
    }

    /** Returns the number of requests that failed; a late request counts only when it has failed. */
    int failures() {
        return failures;
    }

    /** Returns the number of requests that hold a slot. */
    int inFlight() {
        return inFlight;
    }

    /** Returns the number of candidates. */
    int candidates() {
        return candidates.size();
    }
}
