package io.kad.sim.network;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Links between all peers of a network: finds the receiver of a message, draws its latency and its faults, and adds it to the trace.
 * Confined to the thread of the network.
 */
public final class SimLinks {

    /** Maximum latency of a reordered message, as a multiple of its normal latency. */
    private static final int MAX_REORDERING_FACTOR = 10;

    private final VirtualTime time;
    private final long seed;
    private final RandomGenerator random;
    private final KademliaConfig config;
    private final Map<PeerId, SimPeer> peers = new HashMap<>();
    /** Peers in the order in which they were added, which is that of their numbers and addresses. */
    private final List<SimPeer> numbered = new ArrayList<>();

    private final List<BiPredicate<SimPeer, SimPeer>> cuts = new ArrayList<>();
    private final Set<SimPeer> unplugged = new HashSet<>();
    private final List<TrafficListener> listeners = new ArrayList<>();
    private final TraceHash trace = new TraceHash();
    private Function<PeerId, Optional<SimPeer>> fabricatedPeers = peer -> Optional.empty();
    private @Nullable Consumer<SimPeer> activityListener;
    private NetworkConditions conditions;
    private Latency latency;
    private MessageTransit transit = new ObjectTransit();
    private long connections;
    private long messages;
    private long requests;

    /**
     * Creates links without peers.
     *
     * @param seed seed of the latencies that are fixed per pair of peers or per peer
     * @param random source of the latencies that are drawn for each exchange, and of faults
     * @param config configuration of the peers, for the protocol and the limits of connections
     */
    public SimLinks(
            VirtualTime time, long seed, RandomGenerator random, KademliaConfig config, NetworkConditions conditions) {
        this.time = time;
        this.seed = seed;
        this.random = random;
        this.config = config;
        this.conditions = conditions;
        this.latency = conditions.latency().withSeed(seed);
    }

    /** Returns the current conditions. */
    public NetworkConditions conditions() {
        return conditions;
    }

    /** Sets the conditions for messages that are sent from now on. */
    public void conditions(NetworkConditions next) {
        conditions = next;
        latency = next.latency().withSeed(seed);
    }

    /** Makes all messages travel as bytes, from now on. */
    public void encodeMessages(MessageCodec codec) {
        transit = new EncodedTransit(codec, config, peers);
    }

    MessageTransit transit() {
        return transit;
    }

    String protocol() {
        return config.get(KademliaConfig.PROTOCOL);
    }

    Duration idleTimeout() {
        return config.get(KademliaConfig.IDLE_CONNECTION_TIMEOUT);
    }

    int maxConnections() {
        return config.get(KademliaConfig.MAX_CONNECTIONS);
    }

    /** Adds a peer, running or not. */
    public void add(SimPeer peer) {
        peers.put(peer.id(), peer);
        numbered.add(peer);
    }

    /** Returns the peer at {@code address}, running or not; null if nobody has the address. */
    @Nullable
    SimPeer findAt(Multiaddr address) {
        long number = SimAddress.numberAt(address);
        return number >= 0 && number < numbered.size() ? numbered.get((int) number) : null;
    }

    /** Sets the lookup of peers that are reachable although they were not added. */
    public void fabricatedPeers(Function<PeerId, Optional<SimPeer>> resolver) {
        fabricatedPeers = resolver;
    }

    /** Returns the peer with that ID, running or not, or else the fabricated one; null if there is neither. */
    public @Nullable SimPeer find(PeerId peer) {
        SimPeer added = peers.get(peer);
        return added != null ? added : fabricatedPeers.apply(peer).orElse(null);
    }

    /** Calls {@code listener} before each task that a peer queues from now on; there is one listener. */
    public void onActivity(Consumer<SimPeer> listener) {
        activityListener = listener;
    }

    @Nullable
    Consumer<SimPeer> activityListener() {
        return activityListener;
    }

    long nextConnection() {
        return ++connections;
    }

    long nanos() {
        return time.nanos();
    }

    VirtualTime time() {
        return time;
    }

    /** Loses every message for whose sender and receiver {@code cut} returns true, until {@link #heal}. */
    public void cut(BiPredicate<SimPeer, SimPeer> cut) {
        cuts.add(cut);
    }

    /**
     * Takes the network interface of {@code peer} down until {@link #heal}: its connections close, each of its dials fails at once, and other peers
     * hear nothing of it.
     */
    public void unplug(SimPeer peer) {
        cut((from, to) -> from == peer || to == peer);
        unplugged.add(peer);
        peer.transport().unplug();
    }

    boolean isUnplugged(SimPeer peer) {
        return unplugged.contains(peer);
    }

    /** Removes all cuts, and brings all network interfaces up. */
    public void heal() {
        cuts.clear();
        unplugged.clear();
    }

    /** Adds a listener for all requests and responses from now on. */
    public void addListener(TrafficListener listener) {
        listeners.add(listener);
    }

    void requestReceived(SimPeer from, SimPeer to, KadRequest request) {
        requests++;
        for (TrafficListener listener : listeners) {
            listener.requestReceived(from, to, request);
        }
    }

    void responseSent(SimPeer from, SimPeer to, KadRequest request, KadResponse response) {
        for (TrafficListener listener : listeners) {
            listener.responseSent(from, to, request, response);
        }
    }

    void responseReceived(SimPeer from, SimPeer to, KadRequest request, TrafficListener.Timing timing) {
        for (TrafficListener listener : listeners) {
            listener.responseReceived(from, to, request, timing);
        }
    }

    /** Returns the one-way latency of the messages of one exchange, in nanoseconds. */
    long latency(SimPeer from, SimPeer to) {
        return latency.nanos(from.number(), to.number(), random);
    }

    /**
     * Sends a message: schedules {@code arrival} at its receiver, not at all if the message is lost and twice if it is duplicated.
     *
     * @param messageHash hash of the content, for the trace
     */
    void deliver(SimPeer from, SimPeer to, long latencyNanos, int messageHash, Runnable arrival) {
        messages++;
        long delay = delay(latencyNanos);
        trace.add(from.number());
        trace.add(to.number());
        trace.add(messageHash);
        trace.add(time.nanos() + delay);
        if (isCut(from, to) || chance(conditions.loss())) {
            return;
        }
        to.schedule(delay, arrival);
        if (chance(conditions.duplication())) {
            to.schedule(delay(delay), arrival);
        }
    }

    private long delay(long latencyNanos) {
        long delay = latencyNanos;
        if (!conditions.jitter().isZero()) {
            delay += random.nextLong(conditions.jitter().toNanos() + 1);
        }
        if (chance(conditions.reordering())) {
            delay *= 1 + random.nextInt(MAX_REORDERING_FACTOR);
        }
        return delay;
    }

    private boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    private boolean isCut(SimPeer from, SimPeer to) {
        for (BiPredicate<SimPeer, SimPeer> cut : cuts) {
            if (cut.test(from, to)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the number of messages sent so far, including lost ones. */
    public long messages() {
        return messages;
    }

    /** Returns the number of requests received by servers so far. */
    public long requests() {
        return requests;
    }

    /** Returns the hash over all messages so far. */
    public long traceHash() {
        return trace.value();
    }
}
