package io.kad.core.lookup;

import io.kad.core.lookup.Candidate.State;
import org.jspecify.annotations.Nullable;

/** Strategy {@link io.kad.api.LookupStrategy#SCOPED}. Confined to one thread at a time. */
final class ScopedStrategy implements PathStrategy {
    /*
     * Stall: alpha results in a row (a response, a failure, a soft timeout) without progress mean that the closest
     * peers are known already, or that the lookup is stuck. Then up to count requests may be in flight, until there is progress. So the end of
     * a lookup, where the count closest peers only confirm each other, takes one RTT instead of count / alpha.
     *
     * Scope: the closest count candidates are queried, and four more for each closer one that is out of the scope, as it failed, is presumed dead or past
     * its max wait, or is skipped; at most twice count in all. Those out of the scope do not count. If the scope did not grow, peers that know each
     * other only through dead peers would not be found. If it grew without the limit, a lookup among many dead peers would not end. A
     * late candidate stays in the scope: if late ones were replaced, a network with unequal RTTs would cost twice as many requests.
     */

    /** Share of the scope that must have responded before the rest may be late. */
    private static final double CONVERGED_SHARE = .75;

    private final Candidates candidates;
    private final int count;
    private final int alpha;
    private int resultsWithoutProgress;

    ScopedStrategy(Candidates candidates, int count, int alpha) {
        this.candidates = candidates;
        this.count = count;
        this.alpha = alpha;
    }

    @Override
    public int parallelism() {
        return resultsWithoutProgress >= alpha ? Math.max(count, alpha) : alpha;
    }

    @Override
    public @Nullable Candidate next() {
        Scope scope = new Scope();
        for (Candidate candidate = scope.next(); candidate != null; candidate = scope.next()) {
            if (candidate.state == State.NOT_QUERIED) {
                return candidate;
            }
        }
        return null;
    }

    @Override
    public boolean hasConverged() {
        int responded = 0;
        int late = 0;
        Scope scope = new Scope();
        for (Candidate candidate = scope.next(); candidate != null; candidate = scope.next()) {
            if (candidate.state == State.RESPONDED) {
                responded++;
            } else if (candidate.state == State.LATE) {
                late++;
            } else {
                return false;
            }
        }
        return late == 0 || responded >= CONVERGED_SHARE * (responded + late);
    }

    /** Returns whether the {@code count} closest that responded are final: no candidate that is closer than the last of them is awaited. */
    @Override
    public boolean hasFinished() {
        int responded = 0;
        for (int rank = 0; rank < candidates.size(); rank++) {
            Candidate candidate = candidates.get(rank);
            if (candidate.isWithinMaxWait()) {
                return false;
            }
            if (candidate.state == State.RESPONDED && ++responded == count) {
                return true;
            }
        }
        return true;
    }

    @Override
    public boolean usesWaitTimes() {
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
    public void onFailureOrSoftTimeout() {
        resultsWithoutProgress++;
    }

    /** Iterator over the candidates in the scope, closest first; those that are out of it are left out. */
    private final class Scope {
        private int rank;
        private int outOfScope;
        private int inScope;

        @Nullable
        Candidate next() {
            while (rank < candidates.size()) {
                Candidate candidate = candidates.get(rank++);
                if (candidate.isOutOfScope()) {
                    outOfScope++;
                } else {
                    return inScope++ < LookupConfig.scopeSize(count, outOfScope) ? candidate : null;
                }
            }
            return null;
        }
    }
}
