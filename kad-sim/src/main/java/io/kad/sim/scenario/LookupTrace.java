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

    private static final int SHOWN_PEERS = 5;

    private final SimNetwork network;
    private final KadKey target;
    private final Consumer<String> lines;
    private final Duration start;
    private final Set<PeerId> seen = new HashSet<>();

    LookupTrace(SimNetwork network, KadKey target, Consumer<String> lines) {
        this.network = network;
        this.target = target;
        this.lines = lines;
        this.start = network.elapsed();
    }

    @Override
    public void accept(QueryEvent event) {
        if (event instanceof QueryEvent.RequestSent sent) {
            seen.add(sent.peer());
            write("request   %s, hop %d, %s".formatted(describe(sent.peer()), sent.hop(), distance(sent.peer())));
        } else if (event instanceof QueryEvent.ResponseReceived response) {
            write("response  %s after %s ms: %s"
                    .formatted(
                            describe(response.peer()), millis(response.elapsed()), describe(response.closerPeers())));
        } else if (event instanceof QueryEvent.RequestFailed failure) {
            write("failure   %s after %s ms: %s"
                    .formatted(describe(failure.peer()), millis(failure.elapsed()), failure.failure()));
        } else if (event instanceof QueryEvent.Ended finished) {
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

    private void write(String text) {
        lines.accept("%9s ms  %s".formatted(millis(network.elapsed().minus(start)), text));
    }

    private String describe(List<PeerId> peers) {
        long fresh = peers.stream().filter(seen::add).count();
        String first = peers.stream()
                .limit(SHOWN_PEERS)
                .map(peer -> describe(peer) + " at " + distance(peer))
                .collect(Collectors.joining(", "));
        return peers.size() + " peers, " + fresh + " of them new" + (first.isEmpty() ? "" : "; first " + first);
    }

    private String distance(PeerId peer) {
        return "2^" + target.distance(peer.kadKey()).log2();
    }

    private String describe(PeerId id) {
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
