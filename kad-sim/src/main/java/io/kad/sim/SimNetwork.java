package io.kad.sim;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.core.runtime.Environment;
import io.kad.core.runtime.PeerBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A network of peers that run the production code, with the memory stores, on virtual time; only the transport is simulated.
 *
 * <p>One seed decides everything: identities, latencies, and every choice of every peer. The same seed gives the same {@link
 * #traceHash()} on any machine. Not thread-safe: the thread that calls {@link #await} runs all peers.
 */
public final class SimNetwork implements AutoCloseable {

    private static final long MIN_LATENCY_NANOS = Duration.ofMillis(25).toNanos();
    private static final long MAX_LATENCY_NANOS = Duration.ofMillis(75).toNanos();

    private final VirtualTime time = new VirtualTime();
    private final List<Kademlia> peers = new ArrayList<>();
    private final KademliaConfig config;
    private final SplittableRandom random;
    private final SimLinks links;

    /**
     * Makes a network of {@code size} peers that don't know each other yet; a message takes 25 to 75 ms.
     *
     * @param config how every peer behaves
     */
    public SimNetwork(int size, long seed, KademliaConfig config) {
        this.config = config;
        this.random = new SplittableRandom(seed);
        this.links = new SimLinks(time, random.split(), MIN_LATENCY_NANOS, MAX_LATENCY_NANOS);
        for (int index = 0; index < size; index++) {
            peers.add(start(index));
        }
    }

    private Kademlia start(int index) {
        SimIdentity identity = new SimIdentity(random);
        Environment environment = new Environment(time, time, time, time, time::nanos, time, random.nextLong());
        Kademlia peer = new PeerBuilder()
                .identity(identity)
                .config(config)
                .transport(new SimTransport(identity.peerId(), config.get(KademliaConfig.PROTOCOL), links))
                .environment(environment)
                .build();
        await(peer.listen(Multiaddr.parse("/memory/" + (index + 1))));
        return peer;
    }

    /** Returns the peers. */
    public List<Kademlia> peers() {
        return List.copyOf(peers);
    }

    /** Returns how a peer is reached. */
    public static PeerInfo info(Kademlia peer) {
        return PeerInfo.of(peer.peerId(), peer.addresses());
    }

    /** Joins every peer through the first, one after the other, and then lets each fill its table once more. */
    public void join() {
        PeerInfo first = info(peers.get(0));
        for (Kademlia peer : peers.subList(1, peers.size())) {
            await(peer.addAddress(first.id(), first.addresses().get(0)));
            await(peer.bootstrap().result());
        }
        peers.stream().map(Kademlia::bootstrap).toList().forEach(bootstrap -> await(bootstrap.result()));
    }

    /**
     * Lets time pass until {@code stage} has completed, and returns its result.
     *
     * @throws CompletionException if it completed exceptionally
     * @throws IllegalStateException if nothing is left to happen and it has not completed
     */
    public <T> T await(CompletionStage<T> stage) {
        var future = stage.toCompletableFuture();
        while (!future.isDone()) {
            if (!time.step()) {
                throw new IllegalStateException("nothing is left to happen, and the future hangs");
            }
        }
        return future.join();
    }

    /** Lets {@code duration} pass. */
    public void advance(Duration duration) {
        time.advance(duration.toNanos());
    }

    /** Returns the virtual time that has passed. */
    public Duration elapsed() {
        return Duration.ofNanos(time.nanos());
    }

    /** Returns how many messages were sent. */
    public long messages() {
        return links.messages();
    }

    /** Returns a number made of every message so far: between whom, and when. */
    public long traceHash() {
        return links.trace();
    }

    @Override
    public void close() {
        peers.forEach(Kademlia::close);
    }
}
