package io.kad.sim;

import static java.util.Objects.requireNonNull;

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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A network of peers that run the production code, with the memory stores, on virtual time; only the transport is simulated.
 *
 * <p>One seed decides everything: identities, latencies, faults, and every choice of every peer. The same seed gives the same {@link
 * #traceHash()} on any machine. Not thread-safe: the thread that calls {@link #await} or {@link #advance} runs all peers, and what it
 * does next happens at the moment in virtual time that was reached.
 */
public final class SimNetwork implements AutoCloseable {

    private final VirtualTime time = new VirtualTime();
    private final List<SimPeer> peers = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final long seed;
    private final SplittableRandom random;
    private final SimLinks links;
    private final PeerFactory factory;
    private @Nullable KeySpace servers;
    private @Nullable SimPeer active;
    private boolean closed;

    SimNetwork(SimNetworkBuilder builder) {
        this.seed = builder.seed;
        this.random = new SplittableRandom(seed);
        this.links = new SimLinks(time, random.split(), builder.config, builder.conditions);
        this.factory = new PeerFactory(builder.config, builder.limits, time);
        builder.invariants.forEach(this::check);
        for (int index = 0; index < builder.peers; index++) {
            addPeer(random.nextDouble() < builder.clients);
        }
        initTables(builder.fill);
    }

    /** Returns a builder of networks: 20 peers that know nobody, by default. */
    public static SimNetworkBuilder builder() {
        return new SimNetworkBuilder();
    }

    private SimPeer addPeer(boolean client) {
        SimPeer peer = new SimPeer(links, peers.size(), new SimIdentity(random), client);
        peers.add(peer);
        links.add(peer);
        return peer;
    }

    private void initTables(TableInit fill) {
        if (fill != TableInit.IDEAL) {
            peers.forEach(peer -> startPeer(peer, List.of()));
            if (fill == TableInit.JOINED) {
                new NetworkJoiner(this, random.split()).joinAll();
            }
            return;
        }
        KeySpace space = new KeySpace(
                peers.stream().filter(peer -> !peer.isClient()).map(SimPeer::id).toList());
        IdealTables tables = new IdealTables(space, factory.bucketSize(), random.split());
        for (SimPeer peer : peers) {
            startPeer(peer, tables.table(peer.id()).stream().map(this::infoOf).toList());
            while (time.stepUntil(time.nanos())) {}
        }
    }

    private PeerInfo infoOf(PeerId peer) {
        return requireNonNull(links.find(peer), "peer").info();
    }

    private void startPeer(SimPeer peer, List<PeerInfo> remembered) {
        peer.onStarted(factory.create(peer, remembered, random.nextLong()));
        servers = null;
        active = peer;
        await(peer.kademlia().listen(peer.address()));
    }

    // --- peers

    /** Returns every peer that was ever made, those that no longer run included, by number. */
    public List<SimPeer> peers() {
        return List.copyOf(peers);
    }

    /** Returns the peer of that number. */
    public SimPeer peer(int number) {
        return peers.get(number);
    }

    /** Returns the peer of that id, if it was ever made. */
    public Optional<SimPeer> find(PeerId peer) {
        return Optional.ofNullable(links.find(peer)).filter(each -> each.number() >= 0);
    }

    /** Returns the peers that run, by number. */
    public List<SimPeer> running() {
        return peers.stream().filter(SimPeer::isUp).toList();
    }

    /** Makes and starts one more peer, which knows nobody. */
    public SimPeer start() {
        SimPeer peer = addPeer(false);
        startPeer(peer, List.of());
        return peer;
    }

    /** Starts a peer again that had stopped or crashed: with the same identity, and nothing of what it knew. */
    public void restart(SimPeer peer) {
        if (!peer.isUp()) {
            startPeer(peer, List.of());
        }
    }

    /** Stops a peer in good order: its connections are closed. */
    public void stop(SimPeer peer) {
        shutDown(peer, false);
    }

    /** Stops a peer at once: nobody is told. */
    public void crash(SimPeer peer) {
        shutDown(peer, true);
    }

    private void shutDown(SimPeer peer, boolean crash) {
        if (peer.isUp()) {
            Kademlia running = peer.kademlia();
            if (crash) {
                peer.transport().crash();
            }
            running.close();
            peer.onStopped();
            servers = null;
        }
    }

    /** Has {@code newcomer} join through {@code known}, which yields when its table is filled. */
    public CompletableFuture<?> join(SimPeer newcomer, SimPeer known) {
        return newcomer.kademlia()
                .addAddress(known.id(), known.address())
                .thenCompose(update -> newcomer.kademlia().bootstrap().result());
    }

    /** Has every running peer refresh its table once, a few at a time, and waits for them. */
    public void refreshAll() {
        new NetworkJoiner(this, random.split()).refreshAll();
    }

    /** Returns the running servers that are closest to {@code key}, nearest first, {@code except} one: what a lookup should find. */
    public List<PeerId> closest(Bytes key, int count, SimPeer except) {
        return servers().closest(KadKey.hash(key), count, peer -> !peer.equals(except.id()));
    }

    /** Returns the running servers in the order of their places. */
    public KeySpace servers() {
        KeySpace known = servers;
        if (known == null) {
            known = new KeySpace(peers.stream()
                    .filter(peer -> peer.isUp() && !peer.isClient())
                    .map(SimPeer::id)
                    .toList());
            servers = known;
        }
        return known;
    }

    // --- conditions

    /** Changes what messages meet on their way from now on. */
    public void conditions(NetworkConditions conditions) {
        links.conditions(conditions);
    }

    /** Returns what messages meet on their way. */
    public NetworkConditions conditions() {
        return links.conditions();
    }

    /** Loses every message from a peer to another for which {@code cut} says so, one way, until {@link #heal}. */
    public void cut(BiPredicate<SimPeer, SimPeer> cut) {
        links.cut(cut);
    }

    /** Loses no message for a {@link #cut} any more. */
    public void heal() {
        links.heal();
    }

    /** Tells {@code watcher} of all requests and answers from now on. */
    public void addTrafficListener(TrafficListener listener) {
        links.addListener(listener);
    }

    /** Lets {@code resolver} answer for peers that don't exist. */
    public void fabricatedPeers(Function<PeerId, Optional<SimPeer>> resolver) {
        links.fabricatedPeers(resolver);
    }

    /** Checks {@code invariant} after each event from now on. */
    public void check(Invariant invariant) {
        invariants.add(invariant);
        links.onActivity(peer -> active = peer);
    }

    // --- time

    /**
     * Lets time pass until {@code stage} has completed, and returns its result.
     *
     * @throws CompletionException if it completed exceptionally
     * @throws IllegalStateException if no events are scheduled and it has not completed
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

    /** Lets time pass until {@code query} has ended, and returns its answer; empty if it failed. */
    public <T> Optional<T> tryAwait(Query<T> query) {
        try {
            return Optional.of(await(query.result()));
        } catch (CompletionException failed) {
            return Optional.empty();
        }
    }

    /** Lets {@code duration} pass. */
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

    /** Returns the error that says with which seed and when {@code what} was seen. */
    public InvariantViolation violation(String what) {
        return new InvariantViolation(seed, "after " + DurationText.of(elapsed()) + ", " + what);
    }

    /** Runs {@code task} when {@code delay} has passed. */
    public void schedule(Duration delay, Runnable task) {
        time.schedule(delay.toNanos(), task);
    }

    /** Returns the virtual time that has passed. */
    public Duration elapsed() {
        return Duration.ofNanos(time.nanos());
    }

    /** Returns the time on the wall clock of every peer. */
    public Instant now() {
        return time.instant();
    }

    public SimLinks links() {
        return links;
    }

    // --- figures

    /** Returns the seed of this network. */
    public long seed() {
        return seed;
    }

    /** Returns a new source of chance that the seed decides. */
    public RandomGenerator random() {
        return random.split();
    }

    /** Returns how many messages were sent. */
    public long messages() {
        return links.messages();
    }

    /** Returns how many requests arrived. */
    public long requests() {
        return links.requests();
    }

    /** Returns a number made of every message so far: between whom, when, and what. */
    public long traceHash() {
        return links.trace();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Collection<SimPeer> up = running();
            up.forEach(peer -> peer.kademlia().close());
        }
    }
}
