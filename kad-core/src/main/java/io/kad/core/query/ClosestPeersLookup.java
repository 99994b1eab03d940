package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.query.Candidate.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search for the k peers closest to a place: it says whom to ask, and is told what they answered.
 *
 * <p>Call {@link #next} after each step until it returns nobody, and by {@link #nextDeadlineNanos}. Each peer it returns is then
 * in flight, until exactly one of {@link #onAnswer} and {@link #onFailure} tells what came of it; a failure has to come in the
 * end if an answer does not. Times are monotonic nanoseconds. Confined to one thread at a time.
 */
public final class ClosestPeersLookup {
    /*
     * Candidates are ordered by distance to the target; alpha of them are in flight at once, the nearest first.
     *
     * Stall: alpha outcomes in a row (an answer, a failure, a request getting overdue) that bring nothing nearer mean that the
     * search has arrived, or is stuck. Then up to k may be in flight, until there is progress. So the end of a lookup, where the
     * k nearest only have to confirm each other, takes one round trip instead of k / alpha.
     *
     * Overdue: a request that takes twice the usual round trip frees its place, but its answer counts whenever it comes.
     *
     * Scope: only the nearest k + min(4f, k) candidates are ever asked, f being how many among them failed or are overdue, which
     * are themselves not counted. Without the widening, peers that know each other only through the dead are not found; with it,
     * but without the cap, a lookup among many dead peers asks without end. The lookup ends when everybody in the scope has
     * answered.
     *
     * One addition: while fewer than k have answered and there is nobody left to ask, overdue requests are waited for a while
     * longer. A small network would else lose its slower half. While nobody at all has answered, they are waited for until they
     * fail: a late answer is better than none.
     */

    /** The most peers of one answer that are looked at, in units of k or of {@link #USUAL_K}, whichever is larger. */
    public static final int MAX_ANSWER_FACTOR = 2;
    /** The most candidates, in units of k or of {@link #USUAL_K}, whichever is larger; so the most requests, too. */
    public static final int MAX_CANDIDATES_FACTOR = 32;
    /** The k of the public network, which others may use even where ours is smaller. */
    public static final int USUAL_K = 20;

    private static final int WIDENING = 4;

    private final int k;
    private final int alpha;
    private final RoundTrips roundTrips;
    private final PeerId self;
    private final Candidates candidates;
    private final List<Candidate> inFlight = new ArrayList<>();

    private int outcomesWithoutProgress;
    private boolean finished;
    private long nextDeadlineNanos = Long.MAX_VALUE;
    private int requests;
    private int successes;
    private int failures;

    /**
     * Starts the search at {@code seeds}.
     *
     * @param k how many peers to find, at least 1
     * @param alpha how many requests run at once while there is progress, at least 1
     * @param self the peer that searches, which is never asked
     * @throws IllegalArgumentException if a number is too small
     */
    public ClosestPeersLookup(
            KadKey target, int k, int alpha, RoundTrips roundTrips, Collection<PeerId> seeds, PeerId self) {
        if (k < 1 || alpha < 1) {
            throw new IllegalArgumentException(
                    "a lookup needs a k and an alpha of at least 1, not " + k + " and " + alpha);
        }
        this.k = k;
        this.alpha = alpha;
        this.roundTrips = requireNonNull(roundTrips, "roundTrips");
        this.self = requireNonNull(self, "self");
        this.candidates =
                new Candidates(requireNonNull(target, "target"), MAX_CANDIDATES_FACTOR * Math.max(k, USUAL_K));
        for (PeerId seed : seeds) {
            if (!seed.equals(self)) {
                candidates.add(seed, 1);
            }
        }
        this.finished = candidates.size() == 0;
    }

    /**
     * Returns whom to ask next; that peer is then in flight. Empty if nobody is to be asked before something happens, or if the
     * lookup has finished.
     */
    public Optional<PeerId> next(long nowNanos) {
        if (finished) {
            return Optional.empty();
        }
        passDeadlines(nowNanos);
        Candidate chosen = inFlight.size() < capacity() ? nearestToAsk() : null;
        if (chosen == null) {
            settle(nowNanos);
            return Optional.empty();
        }
        chosen.state = State.IN_FLIGHT;
        chosen.askedNanos = nowNanos;
        chosen.deadlineNanos = nowNanos + roundTrips.overdueNanos();
        inFlight.add(chosen);
        requests++;
        nextDeadlineNanos = Math.min(nextDeadlineNanos, chosen.deadlineNanos);
        return Optional.of(chosen.peer);
    }

    /** Takes in the answer of {@code peer}, that named {@code closer}. Of no effect if that peer is not awaited. */
    public void onAnswer(PeerId peer, Collection<PeerId> closer, long nowNanos) {
        Candidate answered = awaited(peer);
        if (answered == null) {
            return;
        }
        boolean onTime = inFlight.remove(answered);
        answered.state = State.ANSWERED;
        successes++;
        roundTrips.record(Math.max(0, nowNanos - answered.askedNanos));
        if (learn(closer, answered.hop + 1)) {
            outcomesWithoutProgress = 0;
        } else if (onTime) {
            outcomesWithoutProgress++;
        }
        settle(nowNanos);
    }

    /** Takes in that the request to {@code peer} failed. Of no effect if that peer is not awaited. */
    public void onFailure(PeerId peer, long nowNanos) {
        Candidate failed = awaited(peer);
        if (failed == null) {
            return;
        }
        if (inFlight.remove(failed)) {
            outcomesWithoutProgress++;
        }
        failed.state = State.FAILED;
        failures++;
        settle(nowNanos);
    }

    private @Nullable Candidate awaited(PeerId peer) {
        Candidate candidate = finished ? null : candidates.find(peer);
        return candidate != null && candidate.isAwaited() ? candidate : null;
    }

    /** Takes in peers that were named. Returns whether one is new and among the k nearest. */
    private boolean learn(Collection<PeerId> named, int hop) {
        boolean progress = false;
        int room = MAX_ANSWER_FACTOR * Math.max(k, USUAL_K);
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

    private int capacity() {
        return outcomesWithoutProgress >= alpha ? Math.max(k, alpha) : alpha;
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
                late.deadlineNanos = late.askedNanos + roundTrips.hopelessNanos();
                outcomesWithoutProgress++;
            }
        }
    }

    /** Returns the nearest candidate in the scope that was not asked. */
    private @Nullable Candidate nearestToAsk() {
        Scope scope = new Scope();
        for (Candidate each = scope.next(); each != null; each = scope.next()) {
            if (each.state == State.KNOWN) {
                return each;
            }
        }
        return null;
    }

    /** The candidates that count, nearest first: those that are neither failed nor overdue, up to k and the widening. */
    private final class Scope {
        private int rank;
        private int missing;
        private int counted;

        @Nullable
        Candidate next() {
            while (rank < candidates.size()) {
                Candidate candidate = candidates.get(rank++);
                if (candidate.isMissing()) {
                    missing++;
                } else {
                    return counted++ < k + Math.min(WIDENING * missing, k) ? candidate : null;
                }
            }
            return null;
        }
    }

    /** Finds out whether the lookup has finished, and its next deadline. */
    private void settle(long nowNanos) {
        long deadline = Long.MAX_VALUE;
        for (Candidate each : inFlight) {
            deadline = Math.min(deadline, each.deadlineNanos);
        }
        nextDeadlineNanos = deadline;
        if (hasAnsweredScope()) {
            nextDeadlineNanos = successes < k ? patience(nowNanos) : Long.MAX_VALUE;
            finished = nextDeadlineNanos == Long.MAX_VALUE && !isWaitingForTheFirstAnswer();
        }
    }

    private boolean isWaitingForTheFirstAnswer() {
        return successes == 0 && failures < requests;
    }

    private boolean hasAnsweredScope() {
        Scope scope = new Scope();
        for (Candidate each = scope.next(); each != null; each = scope.next()) {
            if (each.state != State.ANSWERED) {
                return false;
            }
        }
        return true;
    }

    /** Returns until when an overdue request is worth waiting for, or {@link Long#MAX_VALUE} if none is. */
    private long patience(long nowNanos) {
        long earliest = Long.MAX_VALUE;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate each = candidates.get(rank);
            if (each.state == State.OVERDUE && each.deadlineNanos > nowNanos) {
                earliest = Math.min(earliest, each.deadlineNanos);
            }
        }
        return earliest;
    }

    /**
     * Returns the earliest instant at which {@link #next} is to be called even if nothing happens; {@link Long#MAX_VALUE} for
     * none. It lies in the future once {@link #next} returned empty. Constant time.
     */
    public long nextDeadlineNanos() {
        return nextDeadlineNanos;
    }

    /** Returns whether the lookup has ended: everybody who counts has answered, or {@link #finish} was called. */
    public boolean isFinished() {
        return finished;
    }

    /** Ends the lookup with what it has. */
    public void finish() {
        finished = true;
        nextDeadlineNanos = Long.MAX_VALUE;
    }

    /** Returns those that answered, nearest first, up to k. */
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

    /**
     * Returns those that answered among the k nearest peers known, of which failed ones don't count; nearest first. Before the
     * lookup has finished these are fewer than {@link #closest}, which holds whoever answered on the way, too.
     */
    public List<PeerId> answeredAmongNearest() {
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

    /**
     * Returns how many requests it takes to get to {@code peer}: 1 for a seed, one more than for the peer that named it
     * otherwise.
     *
     * @throws IllegalArgumentException if the lookup does not know the peer
     */
    public int hop(PeerId peer) {
        Candidate candidate = candidates.find(peer);
        if (candidate == null) {
            throw new IllegalArgumentException("peer " + peer + " is no candidate");
        }
        return candidate.hop;
    }

    /** Returns the largest {@link #hop} of those that answered; 0 if nobody did. */
    public int longestHop() {
        int longest = 0;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate candidate = candidates.get(rank);
            longest = candidate.state == State.ANSWERED ? Math.max(longest, candidate.hop) : longest;
        }
        return longest;
    }

    /** Returns how many peers were asked. */
    public int requests() {
        return requests;
    }

    /** Returns how many of them answered. */
    public int successes() {
        return successes;
    }

    /** Returns how many requests failed; overdue ones are not among them until they do. */
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
