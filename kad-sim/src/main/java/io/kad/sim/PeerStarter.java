package io.kad.sim;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.sim.network.KeySpace;
import io.kad.sim.network.SimLinks;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.VirtualTime;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Start of the peers of a network with ideal tables.
 *
 * <p>A peer without background jobs does nothing before somebody contacts it. Its production code is then created at that moment, as if it
 * had been started at the beginning: with the same table and the same random choices, so the trace is the same. Until then it takes a few
 * hundred bytes. Confined to the thread of the network.
 */
final class PeerStarter {

    private final PeerFactory factory;
    private final VirtualTime time;
    private final SimLinks links;

    PeerStarter(PeerFactory factory, VirtualTime time, SimLinks links) {
        this.factory = factory;
        this.time = time;
        this.links = links;
    }

    /** Starts {@code peer} now; the future completes when it listens. */
    CompletableFuture<List<Multiaddr>> start(SimPeer peer, List<PeerInfo> tablePeers, long seed) {
        peer.onStarting();
        peer.onStarted(factory.create(peer, tablePeers, seed));
        return peer.kademlia().listen(peer.address());
    }

    /**
     * Starts {@code peers} with ideal tables, those that do nothing by themselves when they are contacted. Returns the servers among them.
     *
     * @param random source of the seeds of the peers; a generator of the tables is split from it
     * @param mayWait whether peers wait for a contact; if not, all are started now
     * @param startNow starts a peer with its table and its seed, and waits until it listens
     */
    KeySpace startAll(List<SimPeer> peers, ReplayableRandom random, boolean mayWait, EagerStart startNow) {
        KeySpace space = new KeySpace(
                peers.stream().filter(peer -> !peer.isClient()).map(SimPeer::id).toList());
        Dormant dormant = new Dormant(space, random.split(), peers.size());
        Boolean[] idle = new Boolean[2];
        for (SimPeer peer : peers) {
            int kind = peer.isClient() ? 1 : 0;
            if (Boolean.TRUE.equals(idle[kind])) {
                dormant.add(peer, random);
                continue;
            }
            long scheduled = time.scheduled() + links.messages();
            startNow.start(peer, dormant.nextTable(peer), random.nextLong());
            while (time.stepUntil(time.nanos())) {}
            // What one peer does by itself, all do: they have the same configuration, and tables with the same number
            // of peers or none
            idle[kind] = mayWait && time.scheduled() + links.messages() == scheduled;
        }
        return space;
    }

    /** Start of a peer that is not to wait for a contact. */
    interface EagerStart {
        void start(SimPeer peer, List<PeerInfo> tablePeers, long seed);
    }

    /** Tables and seeds of the peers that nobody has contacted; a table is sampled again when it is needed. */
    private final class Dormant {

        private final IdealTables tables;
        /** Peers in the order of the key space. */
        private final PeerInfo[] infos;

        private final ReplayableRandom tableRandom;
        private final long[] tableStates;
        private final long[] seeds;

        Dormant(KeySpace space, ReplayableRandom tableRandom, int peers) {
            this.tables = new IdealTables(space, factory.bucketSize(), tableRandom);
            this.tableRandom = tableRandom;
            this.tableStates = new long[peers];
            this.seeds = new long[peers];
            this.infos = new PeerInfo[space.size()];
            for (int index = 0; index < infos.length; index++) {
                infos[index] = infoOf(space.at(index));
            }
        }

        private PeerInfo infoOf(PeerId peer) {
            return requireNonNull(links.find(peer), "peer").info();
        }

        List<PeerInfo> nextTable(SimPeer peer) {
            return infosOf(tables.indices(peer.id(), tableRandom));
        }

        private List<PeerInfo> infosOf(int[] indices) {
            return Arrays.stream(indices).mapToObj(index -> infos[index]).toList();
        }

        void add(SimPeer peer, ReplayableRandom random) {
            tableStates[peer.number()] = tableRandom.state();
            tables.skip(peer.id(), tableRandom);
            seeds[peer.number()] = random.nextLong();
            peer.onDormant(this::wake);
        }

        private CompletableFuture<?> wake(SimPeer peer) {
            ReplayableRandom again = tableRandom.from(tableStates[peer.number()]);
            return start(peer, infosOf(tables.indices(peer.id(), again)), seeds[peer.number()]);
        }
    }
}
