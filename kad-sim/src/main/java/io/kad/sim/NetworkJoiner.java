package io.kad.sim;

import io.kad.sim.network.SimPeer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Fills the tables of a network by the protocol itself, a few peers at a time. */
final class NetworkJoiner {

    private static final int MAX_PARALLELISM = 16;

    private final SimNetwork network;
    private final RandomGenerator random;

    NetworkJoiner(SimNetwork network, RandomGenerator random) {
        this.network = network;
        this.random = random;
    }

    /** Has each peer join through a server that joined before it. */
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

    void refreshAll() {
        forEach(
                new ArrayDeque<>(network.running()),
                MAX_PARALLELISM,
                peer -> peer.kademlia().bootstrap().result());
    }

    /** Does {@code task} for all of {@code peers}; few at once at first, as those that come early have nobody to ask. */
    private void forEach(Deque<SimPeer> peers, int atFirst, Function<SimPeer, CompletableFuture<?>> task) {
        int atOnce = atFirst;
        while (!peers.isEmpty()) {
            List<CompletableFuture<?>> running = new ArrayList<>();
            for (int i = 0; i < atOnce && !peers.isEmpty(); i++) {
                SimPeer peer = peers.remove();
                if (peer.isUp()) {
                    running.add(task.apply(peer).handle((result, failure) -> failure == null));
                }
            }
            running.forEach(network::await);
            atOnce = Math.min(MAX_PARALLELISM, atOnce + 1);
        }
    }
}
