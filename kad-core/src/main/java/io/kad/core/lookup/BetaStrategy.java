package io.kad.core.lookup;

import io.kad.core.lookup.Candidate.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link io.kad.api.LookupStrategy#BETA}. */
final class BetaStrategy implements PathStrategy {

    private final Candidates candidates;
    private final int k;
    private final int alpha;
    private final int beta;

    /** The k nearest at the moment of arrival, once the beta nearest have answered. */
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
        List<Candidate> last = finalCandidates;
        if (last != null) {
            return last.stream()
                    .filter(each -> each.state == State.KNOWN)
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
        List<Candidate> last = finalCandidates;
        if (last != null) {
            return last.stream().noneMatch(BetaStrategy::isOpen);
        }
        for (int rank = 0; rank < candidates.size(); rank++) {
            if (isOpen(candidates.get(rank))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOpen(Candidate candidate) {
        return candidate.state == State.KNOWN || candidate.state == State.IN_FLIGHT;
    }

    @Override
    public boolean freesOverduePlaces() {
        return false;
    }

    @Override
    public void onResponse(boolean progress, boolean onTime) {
        fixFinalCandidates();
    }

    @Override
    public void missed() {
        fixFinalCandidates();
    }

    /** Fixes who is still to be asked, if the beta nearest that don't fail have answered. */
    private void fixFinalCandidates() {
        if (finalCandidates == null && haveNearestAnswered()) {
            List<Candidate> nearest = new ArrayList<>();
            for (int rank = 0; rank < candidates.size() && nearest.size() < k; rank++) {
                if (!candidates.get(rank).isMissing()) {
                    nearest.add(candidates.get(rank));
                }
            }
            finalCandidates = nearest;
        }
    }

    private boolean haveNearestAnswered() {
        int answered = 0;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate each = candidates.get(rank);
            if (isOpen(each)) {
                return false;
            }
            if (each.state == State.ANSWERED && ++answered == beta) {
                return true;
            }
        }
        return false;
    }
}
