package io.kad.sim.scenario;

import io.kad.sim.SimNetwork;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Faults that are injected at the start of the workload.
 *
 * @param slow probability that a peer responds late, 0 to 1
 * @param slowBy additional time of a late response
 * @param cut probability that a link from one peer to another, in one direction, loses all messages, 0 to 1
 * @param cutFor duration of the cuts
 * @param crashing probability that a peer crashes, 0 to 1
 * @param downFor time until a crashed peer restarts
 */
public record Faults(double slow, Duration slowBy, double cut, Duration cutFor, double crashing, Duration downFor) {

    /** Injects the faults into {@code network}. */
    void inject(SimNetwork network) {
        RandomGenerator random = network.random();
        List<SimPeer> peers = List.copyOf(network.running());
        for (SimPeer peer : peers) {
            if (slow > 0 && random.nextDouble() < slow) {
                peer.behavior(PeerBehavior.slow(slowBy));
            }
            if (crashing > 0 && random.nextDouble() < crashing) {
                network.crash(peer);
                network.schedule(downFor, () -> rejoin(network, peer));
            }
        }
        if (cut > 0) {
            Set<Link> lost = new HashSet<>();
            Set<Link> decided = new HashSet<>();
            network.cut((from, to) -> {
                Link link = new Link(from.number(), to.number());
                if (decided.add(link) && random.nextDouble() < cut) {
                    lost.add(link);
                }
                return lost.contains(link);
            });
            network.schedule(cutFor, network::heal);
        }
    }

    /** Restarts a crashed peer, which has an empty routing table, and joins it through a running server. */
    private static void rejoin(SimNetwork network, SimPeer peer) {
        network.restart(peer);
        var unused = network.otherServers(peer).stream().findFirst().map(other -> network.join(peer, other));
    }

    /** Link of one direction, by the numbers of its peers. */
    private record Link(int from, int to) {}
}
