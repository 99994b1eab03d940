package io.kad.core.lookup;

import org.jspecify.annotations.Nullable;

/** {@link io.kad.api.LookupStrategy#STALL}. */
final class StallStrategy implements PathStrategy {

    private final Candidates candidates;
    private final int k;
    private final int alpha;
    private int answersWithoutProgress;

    StallStrategy(Candidates candidates, int k, int alpha) {
        this.candidates = candidates;
        this.k = k;
        this.alpha = alpha;
    }

    @Override
    public int parallelism() {
        return answersWithoutProgress >= alpha ? Math.max(k, alpha) : alpha;
    }

    /** Returns the nearest that was not asked, unless the k nearest have answered; whoever is in flight may still name nearer ones. */
    @Override
    public @Nullable Candidate next() {
        int answered = 0;
        boolean awaits = false;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate each = candidates.get(rank);
            if (each.state == Candidate.State.KNOWN) {
                return each;
            }
            awaits |= each.state == Candidate.State.IN_FLIGHT;
            if (each.state == Candidate.State.ANSWERED && !awaits && ++answered == k) {
                return null;
            }
        }
        return null;
    }

    @Override
    public boolean hasConverged() {
        int answered = 0;
        for (int rank = 0; rank < candidates.size(); rank++) {
            switch (candidates.get(rank).state) {
                case KNOWN, IN_FLIGHT -> {
                    return false;
                }
                case ANSWERED -> {
                    if (++answered == k) {
                        return true;
                    }
                }
                case OVERDUE, FAILED -> {}
            }
        }
        return true;
    }

    @Override
    public boolean freesOverduePlaces() {
        return false;
    }

    @Override
    public void onResponse(boolean progress, boolean onTime) {
        answersWithoutProgress = progress ? 0 : answersWithoutProgress + 1;
    }

    @Override
    public void missed() {}
}
