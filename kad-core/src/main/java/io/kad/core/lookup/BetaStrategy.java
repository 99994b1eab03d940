package io.kad.core.lookup;

import io.kad.core.lookup.Candidate.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strategy {@link io.kad.api.LookupStrategy#BETA}. Confined to one thread at a time. */
final class BetaStrategy implements PathStrategy {

    private final Candidates candidates;
    private final int k;
    private final int alpha;
    private final int beta;

    /** The k closest candidates at the moment when the beta closest had responded; null before that. */
    private @Nullable List<Candidate> finalCandidates;

    BetaStrategy(Candidates candidates, int k, int alpha, int beta) {
        this.candidates = candidates;
        this.k = k;
        this.alpha = alpha;
        this.beta = Math.min(beta, k);
    }

    @Override
    public int parallelism() {
        return finalCandidates == null ? alpha : Math.max(k, alpha);
    }

    @Override
    public @Nullable Candidate next() {
        List<Candidate> fixed = finalCandidates;
        if (fixed != null) {
            return fixed.stream()
                    .filter(candidate -> candidate.state == State.KNOWN)
                    .findFirst()
                    .orElse(null);
        }
        for (int rank = 0; rank < candidates.size(); rank++) {
            if (candidates.get(rank).state == State.KNOWN) {
                return candidates.get(rank);
            }
        }
        return null;
    }

    @Override
    public boolean hasConverged() {
        List<Candidate> fixed = finalCandidates;
        if (fixed != null) {
            return fixed.stream().noneMatch(BetaStrategy::isKnownOrInFlight);
        }
        for (int rank = 0; rank < candidates.size(); rank++) {
            if (isKnownOrInFlight(candidates.get(rank))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKnownOrInFlight(Candidate candidate) {
        return candidate.state == State.KNOWN || candidate.state == State.IN_FLIGHT;
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
            for (int rank = 0; rank < candidates.size() && closest.size() < k; rank++) {
                if (!candidates.get(rank).isFailedOrPresumedDead()) {
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
            if (isKnownOrInFlight(candidate)) {
                return false;
            }
            if (candidate.state == State.RESPONDED && ++responded == beta) {
                return true;
            }
        }
        return false;
    }
}
