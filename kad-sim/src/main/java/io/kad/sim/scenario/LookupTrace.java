package io.kad.sim.scenario;

import io.kad.api.event.QueryEvent;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writer of the steps of one query: each request, each response and the peers in it. */
final class LookupTrace implements Consumer<QueryEvent> {

    private static final int NAMED_SHOWN = 5;

    private final SimNetwork network;
    private final KadKey target;
    private final Consumer<String> lines;
    private final Duration began;
    private final Set<PeerId> seen = new HashSet<>();

    LookupTrace(SimNetwork network, KadKey target, Consumer<String> lines) {
        this.network = network;
        this.target = target;
        this.lines = lines;
        this.began = network.elapsed();
    }

    @Override
    public void accept(QueryEvent event) {
        if (event instanceof QueryEvent.RequestSent asked) {
            seen.add(asked.peer());
            write("request   %s, hop %d, %s".formatted(described(asked.peer()), asked.hop(), distance(asked.peer())));
        } else if (event instanceof QueryEvent.ResponseReceived answered) {
            write("response  %s after %s ms: %s"
                    .formatted(described(answered.peer()), millis(answered.elapsed()), named(answered.closerPeers())));
        } else if (event instanceof QueryEvent.RequestFailed failed) {
            write("failure   %s after %s ms: %s"
                    .formatted(described(failed.peer()), millis(failed.elapsed()), failed.failure()));
        } else if (event instanceof QueryEvent.Finished finished) {
            write("finished  %d requests, %d responses, %d failures, %d hops"
                    .formatted(
                            finished.stats().requests(),
                            finished.stats().successes(),
                            finished.stats().failures(),
                            finished.stats().hops()));
        } else {
            write(event.toString());
        }
    }

    private void write(String what) {
        lines.accept("%9s ms  %s".formatted(millis(network.elapsed().minus(began)), what));
    }

    private String named(List<PeerId> peers) {
        long fresh = peers.stream().filter(seen::add).count();
        String first = peers.stream()
                .limit(NAMED_SHOWN)
                .map(peer -> described(peer) + " at " + distance(peer))
                .collect(Collectors.joining(", "));
        return peers.size() + " peers, " + fresh + " of them new" + (first.isEmpty() ? "" : "; first " + first);
    }

    private String distance(PeerId peer) {
        return "2^" + target.distance(peer.kadKey()).log2();
    }

    private String described(PeerId id) {
        Optional<SimPeer> peer = network.find(id);
        if (peer.isEmpty()) {
            return "a fabricated peer";
        }
        String kind = !peer.get().isUp() ? " [down]" : peer.get().behavior().isAdversarial() ? " [adversarial]" : "";
        return peer.get() + kind;
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
    }
}
