package io.kad.sim.network;

import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What lies between simulated peers: where they are, how long a message takes, whether it arrives, and a record of every message. */
public final class SimLinks {

    /** How much longer than usual a message takes at most that is overtaken. */
    private static final int MAX_REORDERING_FACTOR = 10;

    private static final long TRACE_FACTOR = 0x9E3779B97F4A7C15L;

    private final VirtualTime time;
    private final RandomGenerator random;
    private final KademliaConfig config;
    private final Map<PeerId, SimPeer> peers = new HashMap<>();
    private final List<BiPredicate<SimPeer, SimPeer>> cuts = new ArrayList<>();
    private final List<TrafficListener> listeners = new ArrayList<>();
    private Function<PeerId, Optional<SimPeer>> fabricatedPeers = peer -> Optional.empty();
    private @Nullable Consumer<SimPeer> activityListener;
    private NetworkConditions conditions;
    private long connections;
    private long messages;
    private long requests;
    private long trace = 1;

    public SimLinks(VirtualTime time, RandomGenerator random, KademliaConfig config, NetworkConditions conditions) {
        this.time = time;
        this.random = random;
        this.config = config;
        this.conditions = conditions;
    }

    public NetworkConditions conditions() {
        return conditions;
    }

    public void conditions(NetworkConditions others) {
        conditions = others;
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

    public void add(SimPeer peer) {
        peers.put(peer.id(), peer);
    }

    /** Lets {@code resolver} find peers that are nowhere but in its imagination. */
    public void fabricatedPeers(Function<PeerId, Optional<SimPeer>> resolver) {
        fabricatedPeers = resolver;
    }

    @Nullable
    public SimPeer find(PeerId peer) {
        SimPeer real = peers.get(peer);
        return real != null ? real : fabricatedPeers.apply(peer).orElse(null);
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

    /** Loses every message for which {@code cut} says so, until the cuts are healed. */
    public void cut(BiPredicate<SimPeer, SimPeer> cut) {
        cuts.add(cut);
    }

    public void heal() {
        cuts.clear();
    }

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

    /** Returns how long the messages of one exchange take, one way. */
    long latency(SimPeer from, SimPeer to) {
        return conditions.latency().nanos(from.number(), to.number(), random);
    }

    /** Runs {@code arrival} when a message from one peer has reached another, unless it is lost. */
    void deliver(SimPeer from, SimPeer to, long latencyNanos, int digest, Runnable arrival) {
        messages++;
        long delay = delayed(latencyNanos);
        trace(from.number());
        trace(to.number());
        trace(digest);
        trace(time.nanos() + delay);
        if (isCut(from, to) || chance(conditions.loss())) {
            return;
        }
        to.schedule(delay, arrival);
        if (chance(conditions.duplication())) {
            to.schedule(delayed(delay), arrival);
        }
    }

    private long delayed(long latencyNanos) {
        long delay = latencyNanos;
        if (!conditions.jitter().isZero()) {
            delay += random.nextLong(conditions.jitter().toNanos() + 1);
        }
        if (chance(conditions.reordering())) {
            delay *= 1 + random.nextInt(MAX_REORDERING_FACTOR);
        }
        return delay;
    }

    private boolean chance(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    private boolean isCut(SimPeer from, SimPeer to) {
        for (BiPredicate<SimPeer, SimPeer> cut : cuts) {
            if (cut.test(from, to)) {
                return true;
            }
        }
        return false;
    }

    private void trace(long number) {
        trace = (trace ^ number) * TRACE_FACTOR;
        trace ^= trace >>> 29;
    }

    public long messages() {
        return messages;
    }

    public long requests() {
        return requests;
    }

    public long trace() {
        return trace;
    }
}
