package io.kad.sim;

import io.kad.sim.network.SimPeer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Join and refresh of all peers of a network by the protocol, a few peers at a time. Confined to the thread of the network. */
final class NetworkJoiner {

    /** Maximum number of peers that join or refresh concurrently. */
    private static final int MAX_PARALLELISM = 16;

    private final SimNetwork network;
    private final RandomGenerator random;

    NetworkJoiner(SimNetwork network, RandomGenerator random) {
        this.network = network;
        this.random = random;
    }

    /** Joins each peer through a random server that joined before it. */
    void joinAll() {
        List<SimPeer> joined = new ArrayList<>();
        Deque<SimPeer> newcomers = new ArrayDeque<>(network.running());
        for (SimPeer peer : network.running()) {
            if (!peer.isClient()) {
                joined.add(peer);
                newcomers.remove(peer);
                break;
            }
        }
        if (!joined.isEmpty()) {
            forEach(newcomers, joined.size(), peer -> {
                CompletableFuture<?> joining = network.join(peer, joined.get(random.nextInt(joined.size())));
                if (!peer.isClient()) {
                    joined.add(peer);
                }
                return joining;
            });
        }
    }

    /** Refreshes the routing table of each running peer once. */
    void refreshAll() {
        forEach(
                new ArrayDeque<>(network.running()),
                MAX_PARALLELISM,
                peer -> peer.kademlia().bootstrap().result());
    }

    /**
     * Runs {@code task} for each of {@code peers} and waits for the results.
     *
     * @param initialParallelism number of peers of the first round; each round has one more, as the first peers find few others
     */
    private void forEach(Deque<SimPeer> peers, int initialParallelism, Function<SimPeer, CompletableFuture<?>> task) {
        int parallelism = initialParallelism;
        while (!peers.isEmpty()) {
            List<CompletableFuture<?>> running = new ArrayList<>();
            for (int i = 0; i < parallelism && !peers.isEmpty(); i++) {
                SimPeer peer = peers.remove();
                if (peer.isUp()) {
                    running.add(task.apply(peer).handle((result, failure) -> failure == null));
                }
            }
            running.forEach(network::await);
            parallelism = Math.min(MAX_PARALLELISM, parallelism + 1);
        }
    }
}
