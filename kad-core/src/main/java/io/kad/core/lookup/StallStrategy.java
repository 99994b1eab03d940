package io.kad.core.lookup;

import org.jspecify.annotations.Nullable;

/** Strategy {@link io.kad.api.LookupStrategy#STALL}. Confined to one thread at a time. */
final class StallStrategy implements PathStrategy {

    private final Candidates candidates;
    private final int count;
    private final int alpha;
    private int responsesWithoutProgress;

    StallStrategy(Candidates candidates, int count, int alpha) {
        this.candidates = candidates;
        this.count = count;
        this.alpha = alpha;
    }

    @Override
    public int parallelism() {
        return responsesWithoutProgress >= alpha ? Math.max(count, alpha) : alpha;
    }

    /** Returns the closest candidate that was not queried; a lookup of which the {@code count} closest have responded has ended before. */
    @Override
    public @Nullable Candidate next() {
        return candidates.closestNotQueried();
    }

    @Override
    public boolean hasConverged() {
        int responded = 0;
        for (int rank = 0; rank < candidates.size(); rank++) {
            switch (candidates.get(rank).state) {
                case NOT_QUERIED, IN_FLIGHT -> {
                    return false;
                }
                case RESPONDED -> {
                    if (++responded == count) {
                        return true;
                    }
                }
                case LATE, PRESUMED_DEAD, PAST_MAX_WAIT, FAILED, SKIPPED -> {}
            }
        }
        return true;
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
        responsesWithoutProgress = progress ? 0 : responsesWithoutProgress + 1;
    }

    @Override
    public void onFailureOrSoftTimeout() {}
}
