package io.kad.core.lookup;

import org.jspecify.annotations.Nullable;

/** {@link io.kad.api.LookupStrategy#SCOPED}. */
final class ScopedStrategy implements PathStrategy {
    /*
     * Stall: alpha outcomes in a row (an answer, a failure, a request getting overdue) that bring nothing nearer mean that the
     * search has arrived, or is stuck. Then up to k may be in flight, until there is progress. So the end of a lookup, where the
     * k nearest only have to confirm each other, takes one round trip instead of k / alpha.
     *
     * Scope: only the nearest k + min(4f, k) candidates are ever asked, f being how many among them failed or are overdue, which
     * are themselves not counted. Without the widening, peers that know each other only through the dead are not found; with it,
     * but without the cap, a lookup among many dead peers asks without end.
     */

    private final Candidates candidates;
    private final int k;
    private final int alpha;
    private int outcomesWithoutProgress;

    ScopedStrategy(Candidates candidates, int k, int alpha) {
        this.candidates = candidates;
        this.k = k;
        this.alpha = alpha;
    }

    @Override
    public int parallelism() {
        return outcomesWithoutProgress >= alpha ? Math.max(k, alpha) : alpha;
    }

    @Override
    public @Nullable Candidate next() {
        Scope scope = new Scope();
        for (Candidate each = scope.next(); each != null; each = scope.next()) {
            if (each.state == Candidate.State.KNOWN) {
                return each;
            }
        }
        return null;
    }

    @Override
    public boolean hasConverged() {
        Scope scope = new Scope();
        for (Candidate each = scope.next(); each != null; each = scope.next()) {
            if (each.state != Candidate.State.ANSWERED) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean freesOverduePlaces() {
        return true;
    }

    @Override
    public void onResponse(boolean progress, boolean onTime) {
        if (progress) {
            outcomesWithoutProgress = 0;
        } else if (onTime) {
            outcomesWithoutProgress++;
        }
    }

    @Override
    public void missed() {
        outcomesWithoutProgress++;
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
                    return counted++ < LookupConfig.scope(k, missing) ? candidate : null;
                }
            }
            return null;
        }
    }
}
