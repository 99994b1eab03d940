package io.kad.sim.scenario;

import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Counter of the rounds of a lookup until the first of the true closest peers is queried; every round trip must take the same time. */
final class RoundCounter implements Consumer<QueryEvent> {

    private final Set<PeerId> truth;
    private final WorkloadContext context;
    private final Duration start;
    private int round;

    RoundCounter(List<PeerId> truth, WorkloadContext context) {
        this.truth = new HashSet<>(truth);
        this.context = context;
        this.start = context.network().elapsed();
    }

    /** Returns the round, from 1; 0 if the searcher itself is one of the closest peers. */
    int round(boolean searcherIsClosest) {
        return searcherIsClosest ? 0 : round;
    }

    @Override
    public void accept(QueryEvent event) {
        if (round == 0 && event instanceof QueryEvent.RequestSent sent && truth.contains(sent.peer())) {
            round = 1
                    + (int) Math.round(
                            context.roundTrips(context.network().elapsed().minus(start)));
        }
    }
}
