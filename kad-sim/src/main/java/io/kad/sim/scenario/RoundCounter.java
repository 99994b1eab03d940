package io.kad.sim.scenario;

import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Counts in which round of requests the first of the true closest peers is asked, where every round trip takes the same time. */
final class RoundCounter implements Consumer<QueryEvent> {

    private final Set<PeerId> truth;
    private final WorkloadContext context;
    private final Duration began;
    private int round;

    RoundCounter(List<PeerId> truth, WorkloadContext context) {
        this.truth = new HashSet<>(truth);
        this.context = context;
        this.began = context.network().elapsed();
    }

    /** Returns the round, from 1; 0 if the searcher itself is among the closest. */
    int round(boolean searcherIsAmongThem) {
        return searcherIsAmongThem ? 0 : round;
    }

    @Override
    public void accept(QueryEvent event) {
        if (round == 0 && event instanceof QueryEvent.RequestSent asked && truth.contains(asked.peer())) {
            round = 1
                    + (int) Math.round(
                            context.roundTrips(context.network().elapsed().minus(began)));
        }
    }
}
