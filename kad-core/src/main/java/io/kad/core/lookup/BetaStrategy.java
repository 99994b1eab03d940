package io.kad.core.lookup;

import io.kad.core.lookup.Candidate.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strategy {@link io.kad.api.LookupStrategy#BETA}. Confined to one thread at a time. */
final class BetaStrategy implements PathStrategy {

    private final Candidates candidates;
    private final int count;
    private final int alpha;
    private final int beta;

    /** The k closest candidates at the moment when the beta closest had responded; null before that. */
    private @Nullable List<Candidate> finalCandidates;

    BetaStrategy(Candidates candidates, int count, int alpha, int beta) {
        this.candidates = candidates;
        this.count = count;
        this.alpha = alpha;
        this.beta = Math.min(beta, count);
    }

    @Override
    public int parallelism() {
        return finalCandidates == null ? alpha : Math.max(count, alpha);
    }

    @Override
    public @Nullable Candidate next() {
        List<Candidate> fixed = finalCandidates;
        if (fixed != null) {
            return fixed.stream()
                    .filter(candidate -> candidate.state == State.NOT_QUERIED)
                    .findFirst()
                    .orElse(null);
        }
        return candidates.closestNotQueried();
    }

    @Override
    public boolean hasConverged() {
        List<Candidate> fixed = finalCandidates;
        if (fixed != null) {
            return fixed.stream().noneMatch(BetaStrategy::isNotQueriedOrInFlight);
        }
        for (int rank = 0; rank < candidates.size(); rank++) {
            if (isNotQueriedOrInFlight(candidates.get(rank))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNotQueriedOrInFlight(Candidate candidate) {
        return candidate.state == State.NOT_QUERIED || candidate.state == State.IN_FLIGHT;
    }

    @Override
    public boolean hasFinished() {
        return true;
    }

    @Override
    public boolean usesWaitTimes() {
        return false;
    }

    @Override
    public void onResponse(boolean progress, boolean heldSlot) {
        fixFinalCandidates();
    }

    @Override
    public void onFailureOrSoftTimeout() {
        fixFinalCandidates();
    }

    /** Fixes the candidates that are still to be queried, once the beta closest that have not failed have responded. */
    private void fixFinalCandidates() {
        if (finalCandidates == null && haveClosestResponded()) {
            List<Candidate> closest = new ArrayList<>();
            for (int rank = 0; rank < candidates.size() && closest.size() < count; rank++) {
                if (!candidates.get(rank).isOutOfScope()) {
                    closest.add(candidates.get(rank));
                }
            }
            finalCandidates = closest;
        }
    }

    private boolean haveClosestResponded() {
        int responded = 0;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate candidate = candidates.get(rank);
            if (isNotQueriedOrInFlight(candidate)) {
                return false;
            }
            if (candidate.state == State.RESPONDED && ++responded == beta) {
                return true;
            }
        }
        return false;
    }
}
