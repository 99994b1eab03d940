package io.kad.core.lookup;

import org.jspecify.annotations.Nullable;

/** Strategy {@link io.kad.api.LookupStrategy#SCOPED}. Confined to one thread at a time. */
final class ScopedStrategy implements PathStrategy {
    /*
     * Stall: alpha results in a row (a response, a failure, a soft timeout) without a closer peer mean that the lookup has
     * converged, or is stuck. Then up to k requests may be in flight, until there is progress. So the end of a lookup, where the k
     * closest peers only confirm candidate other, takes one RTT instead of k / alpha.
     *
     * Scope: only the closest k + min(4f, k) candidates are queried. f is the number of candidates among them that failed or
     * exceeded the soft timeout; these do not count. If the scope did not grow, peers that know each other only through dead peers
     * would not be found. If it grew without the limit, a lookup among many dead peers would not end.
     */

    private final Candidates candidates;
    private final int k;
    private final int alpha;
    private int resultsWithoutProgress;

    ScopedStrategy(Candidates candidates, int k, int alpha) {
        this.candidates = candidates;
        this.k = k;
        this.alpha = alpha;
    }

    @Override
    public int parallelism() {
        return resultsWithoutProgress >= alpha ? Math.max(k, alpha) : alpha;
    }

    @Override
    public @Nullable Candidate next() {
        Scope scope = new Scope();
        for (Candidate candidate = scope.next(); candidate != null; candidate = scope.next()) {
            if (candidate.state == Candidate.State.KNOWN) {
                return candidate;
            }
        }
        return null;
    }

    @Override
    public boolean hasConverged() {
        Scope scope = new Scope();
        for (Candidate candidate = scope.next(); candidate != null; candidate = scope.next()) {
            if (candidate.state != Candidate.State.ANSWERED) {
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
    public void onResponse(boolean progress, boolean heldSlot) {
        if (progress) {
            resultsWithoutProgress = 0;
        } else if (heldSlot) {
            resultsWithoutProgress++;
        }
    }

    @Override
    public void missed() {
        resultsWithoutProgress++;
    }

    /** Iterator over the candidates that count, closest first: those that neither failed nor exceeded the soft timeout, within the scope. */
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
