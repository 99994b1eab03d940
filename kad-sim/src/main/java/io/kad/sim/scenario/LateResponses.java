package io.kad.sim.scenario;

import io.kad.api.id.Bytes;
import io.kad.api.message.KadRequest;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.TrafficListener;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Census of the responses to the requests of lookups, by whether they are of use: those in time, after a timeout, after the end. */
final class LateResponses implements TrafficListener {

    private final Set<Bytes> targets = new HashSet<>();
    private @Nullable Bytes running;
    private int responses;
    private int afterTimeout;
    private int afterEnd;

    /** Called when a lookup starts; lookups run one after the other, each with a target of its own. */
    void lookupStarted(Bytes target) {
        targets.add(target);
        running = target;
    }

    void lookupEnded() {
        running = null;
    }

    @Override
    public void responseReceived(SimPeer from, SimPeer to, KadRequest request, Timing timing) {
        if (request instanceof KadRequest.FindNode find && targets.contains(find.target())) {
            responses++;
            if (!Objects.equals(running, find.target())) {
                afterEnd++;
            } else if (timing != Timing.IN_TIME) {
                afterTimeout++;
            }
        }
    }

    void report(Report report, String suffix) {
        report.metric("late-responses" + suffix, share(afterEnd + afterTimeout));
        report.metric("responses-after-end" + suffix, share(afterEnd));
        report.metric("responses-after-timeout" + suffix, share(afterTimeout));
    }

    private double share(int count) {
        return responses == 0 ? 0 : count / (double) responses;
    }
}
