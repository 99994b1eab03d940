package io.kad.sim;

import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.text.DurationText;
import io.kad.sim.network.KeySpace;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.SimIdentity;
import io.kad.sim.network.SimLinks;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.TrafficListener;
import io.kad.sim.network.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Network of peers that run the production code, with the memory stores, on virtual time; only the transport is simulated.
 *
 * <p>Deterministic: identities, latencies, faults and every choice of every peer come from one seed. The same seed gives the same {@link
 * #traceHash()} on any machine. Not thread-safe: the thread that calls {@link #await} or {@link #advance} runs all peers. Virtual time
 * stands still between these calls.
 */
public final class SimNetwork implements AutoCloseable {

    private final VirtualTime time = new VirtualTime();
    private final List<SimPeer> peers = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final long seed;
    private final ReplayableRandom random;
    private final SimLinks links;
    private final PeerStarter starter;
    private @Nullable KeySpace servers;
    private @Nullable SimPeer active;
    private boolean closed;

    SimNetwork(SimNetworkBuilder builder) {
        this.seed = builder.seed;
        this.random = new ReplayableRandom(seed);
        this.links = new SimLinks(time, seed, random.split(), builder.config, builder.conditions);
        this.starter = new PeerStarter(new PeerFactory(builder.config, builder.limits, time), time, links);
        if (builder.codecs != null) {
            links.encodeMessages(builder.codecs.create(builder.config));
        }
        builder.invariants.forEach(this::check);
        for (int index = 0; index < builder.peers; index++) {
            addPeer(random.nextDouble() < builder.clients);
        }
        initTables(builder.tables, builder.dormant);
    }

    /** Returns a builder of networks. Default: 20 peers with empty routing tables. */
    public static SimNetworkBuilder builder() {
        return new SimNetworkBuilder();
    }

    private SimPeer addPeer(boolean client) {
        SimPeer peer = new SimPeer(links, peers.size(), new SimIdentity(random), client);
        peers.add(peer);
        links.add(peer);
        return peer;
    }

    private void initTables(TableInit init, boolean dormant) {
        if (init == TableInit.IDEAL) {
            servers = starter.startAll(peers, random, dormant, this::startPeer);
            return;
        }
        peers.forEach(peer -> startPeer(peer, List.of(), random.nextLong()));
        if (init == TableInit.JOINED) {
            new NetworkJoiner(this, random.split()).joinAll();
        }
    }

    private void startPeer(SimPeer peer, List<PeerInfo> tablePeers, long peerSeed) {
        var listening = starter.start(peer, tablePeers, peerSeed);
        servers = null;
        active = peer;
        await(listening);
    }

    // --- peers

    /** Returns all peers in the order of their numbers, including stopped and crashed ones. */
    public List<SimPeer> peers() {
        return List.copyOf(peers);
    }

    /** Returns the peer with that number, from 0. */
    public SimPeer peer(int number) {
        return peers.get(number);
    }

    /** Returns the peer with that ID, running or not; empty if it was never part of the network, as fabricated peers are. */
    public Optional<SimPeer> find(PeerId peer) {
        return Optional.ofNullable(links.find(peer)).filter(found -> found.number() >= 0);
    }

    /** Returns the running peers in the order of their numbers. */
    public List<SimPeer> running() {
        return peers.stream().filter(SimPeer::isUp).toList();
    }

    /** Creates and starts another peer, with an empty routing table. */
    public SimPeer start() {
        SimPeer peer = addPeer(false);
        startPeer(peer, List.of(), random.nextLong());
        return peer;
    }

    /** Restarts a stopped or crashed peer with the same identity, and with an empty routing table and empty stores. */
    public void restart(SimPeer peer) {
        if (!peer.isUp()) {
            startPeer(peer, List.of(), random.nextLong());
        }
    }

    /**
     * Stops the process of a peer gracefully, and leaves its host: its connections are closed, and dials of it are refused after a round
     * trip.
     */
    public void stop(SimPeer peer) {
        shutDown(peer, false);
    }

    /**
     * Crashes a peer together with its host: whoever contacts it hears nothing until a timeout. The remote ends of its connections close
     * after {@link NetworkConditions#keepAlive()}.
     */
    public void crash(SimPeer peer) {
        shutDown(peer, true);
    }

    private void shutDown(SimPeer peer, boolean withHost) {
        if (peer.isUp()) {
            Kademlia running = peer.kademlia();
            if (withHost) {
                peer.transport().crash();
            }
            running.close();
            peer.transport().close();
            peer.onStopped(withHost);
            servers = null;
        }
    }

    /** Suspends the process of a peer for {@code duration}; see {@link SimPeer#suspend}. */
    public void suspend(SimPeer peer, Duration duration) {
        peer.suspend();
        schedule(duration, peer::resume);
    }

    /** Joins {@code newcomer} through {@code contact}; the future completes when the bootstrap of the newcomer has finished. */
    public CompletableFuture<?> join(SimPeer newcomer, SimPeer contact) {
        return newcomer.kademlia()
                .addAddress(contact.id(), contact.address())
                .thenCompose(update -> newcomer.kademlia().bootstrap().result());
    }

    /** Refreshes the routing table of every running peer once, a few at a time, and waits for the results. */
    public void refreshAll() {
        new NetworkJoiner(this, random.split()).refreshAll();
    }

    /** Returns the running servers closest to {@code key}, closest first, without {@code excluded}: the true result of a lookup. */
    public List<PeerId> closest(Bytes key, int count, SimPeer excluded) {
        return servers().closest(KadKey.hash(key), count, peer -> !peer.equals(excluded.id()));
    }

    /** Returns the running servers in the order of their Kademlia keys. */
    public KeySpace servers() {
        KeySpace current = servers;
        if (current == null) {
            current = new KeySpace(peers.stream()
                    .filter(peer -> peer.isUp() && !peer.isClient())
                    .map(SimPeer::id)
                    .toList());
            servers = current;
        }
        return current;
    }

    /** Returns the running servers other than {@code peer}, in the order of their numbers: the peers that it can join through. */
    public List<SimPeer> otherServers(SimPeer peer) {
        return running().stream()
                .filter(other -> other != peer && !other.isClient())
                .toList();
    }

    // --- conditions

    /** Sets the conditions for messages that are sent from now on. */
    public void conditions(NetworkConditions conditions) {
        links.conditions(conditions);
    }

    /** Returns the current network conditions. */
    public NetworkConditions conditions() {
        return links.conditions();
    }

    /** Loses every message for whose sender and receiver {@code cut} returns true, one way, until {@link #heal}. */
    public void cut(BiPredicate<SimPeer, SimPeer> cut) {
        links.cut(cut);
    }

    /**
     * Takes the network interface of {@code peer} down until {@link #heal}: its connections close, each of its dials fails at once, and other peers
     * hear nothing of it.
     */
    public void unplug(SimPeer peer) {
        links.unplug(peer);
    }

    /** Removes all cuts, and brings all network interfaces up. */
    public void heal() {
        links.heal();
    }

    /** Adds a listener for all requests and responses from now on. */
    public void addTrafficListener(TrafficListener listener) {
        links.addListener(listener);
    }

    /** Sets the lookup of fabricated peers, which are reachable although they are not part of the network. */
    public void fabricatedPeers(Function<PeerId, Optional<SimPeer>> resolver) {
        links.fabricatedPeers(resolver);
    }

    /** Adds an invariant, which is checked after each event from now on. */
    public void check(Invariant invariant) {
        invariants.add(invariant);
        links.onActivity(peer -> active = peer);
    }

    // --- time

    /**
     * Advances time until {@code stage} completes, and returns its result.
     *
     * @throws CompletionException if the future completes exceptionally
     * @throws IllegalStateException if no events are scheduled and the stage is not complete; a retry gives the same
     * @throws InvariantViolation if an invariant does not hold
     */
    public <T> T await(CompletableFuture<T> future) {
        while (!future.isDone()) {
            if (!step(Long.MAX_VALUE)) {
                throw new IllegalStateException(
                        "deadlock: no events are scheduled, but the awaited future is not complete");
            }
        }
        return future.join();
    }

    /** Advances time until {@code query} finishes, and returns its result; empty if the query failed. */
    public <T> Optional<T> tryAwait(Query<T> query) {
        try {
            return Optional.of(await(query.result()));
        } catch (CompletionException e) {
            return Optional.empty();
        }
    }

    /** Advances time by {@code duration}, and runs all events that are scheduled until then. */
    public void advance(Duration duration) {
        long until = time.nanos() + duration.toNanos();
        while (step(until)) {}
        time.advance(until - time.nanos());
    }

    private boolean step(long untilNanos) {
        boolean stepped = time.stepUntil(untilNanos);
        SimPeer peer = active;
        if (stepped && peer != null && !invariants.isEmpty()) {
            active = null;
            inspect(peer);
        }
        return stepped;
    }

    private void inspect(SimPeer peer) {
        if (!peer.isUp()) {
            return;
        }
        for (Invariant invariant : invariants) {
            Optional<String> violation = invariant.violation(this, peer);
            if (violation.isPresent()) {
                throw violation(peer + ": " + violation.get());
            }
        }
    }

    /** Returns an error with the seed and the virtual time of the violation that {@code message} describes. */
    public InvariantViolation violation(String message) {
        return new InvariantViolation(seed, "after " + DurationText.of(elapsed()) + ", " + message);
    }

    /** Schedules {@code task} after {@code delay}. */
    public void schedule(Duration delay, Runnable task) {
        time.schedule(delay.toNanos(), task);
    }

    /** Returns the virtual time since the creation of the network. */
    public Duration elapsed() {
        return Duration.ofNanos(time.nanos());
    }

    /** Returns the wall-clock time of every peer whose clock has not jumped; starts at 2024-01-01T00:00:00Z. */
    public Instant now() {
        return time.instant();
    }

    /** Returns the links between the peers. */
    public SimLinks links() {
        return links;
    }

    // --- metrics

    /** Returns the seed of this network. */
    public long seed() {
        return seed;
    }

    /** Returns a new random generator, seeded from the seed of this network. */
    public RandomGenerator random() {
        return random.split();
    }

    /** Returns the number of messages sent so far, including lost ones. */
    public long messages() {
        return links.messages();
    }

    /** Returns the number of requests received by servers so far. */
    public long requests() {
        return links.requests();
    }

    /** Returns the hash over all messages so far: sender, receiver, arrival time and content. */
    public long traceHash() {
        return links.traceHash();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            peers.stream()
                    .filter(SimPeer::isAwake)
                    .forEach(peer -> peer.kademlia().close());
        }
    }
}
