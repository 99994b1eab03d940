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
 * What goes wrong when the work begins.
 *
 * @param slow the share of peers that take longer to answer, 0 to 1
 * @param slowBy how much longer
 * @param cut the share of ways from one peer to another, each way by itself, on which nothing arrives, 0 to 1
 * @param cutFor for how long
 * @param crashing the share of peers that crash, 0 to 1
 * @param downFor after how long they are started again
 */
public record Faults(double slow, Duration slowBy, double cut, Duration cutFor, double crashing, Duration downFor) {

    /** Makes them happen to {@code network}. */
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
                Link way = new Link(from.number(), to.number());
                if (decided.add(way) && random.nextDouble() < cut) {
                    lost.add(way);
                }
                return lost.contains(way);
            });
            network.schedule(cutFor, network::heal);
        }
    }

    /** A peer that crashed remembers nobody, and joins through one that runs. */
    private static void rejoin(SimNetwork network, SimPeer peer) {
        network.restart(peer);
        var unused = network.running().stream()
                .filter(other -> other != peer && !other.isClient())
                .findFirst()
                .map(other -> network.join(peer, other));
    }

    /** A way that messages take. */
    private record Link(int from, int to) {}
}
