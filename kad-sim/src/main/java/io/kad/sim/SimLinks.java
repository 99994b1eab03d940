package io.kad.sim;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.Cancellable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What lies between simulated peers: who is alive, how long a message takes, and a record of every message. */
final class SimLinks {

    private final VirtualTime time;
    private final RandomGenerator random;
    private final long minLatencyNanos;
    private final long maxLatencyNanos;
    private final Map<PeerId, SimTransport> peers = new LinkedHashMap<>();
    private final Map<PeerId, Multiaddr> addresses = new LinkedHashMap<>();
    private long connections;
    private long messages;
    private long trace = 1;

    SimLinks(VirtualTime time, RandomGenerator random, long minLatencyNanos, long maxLatencyNanos) {
        this.time = time;
        this.random = random;
        this.minLatencyNanos = minLatencyNanos;
        this.maxLatencyNanos = maxLatencyNanos;
    }

    void join(SimTransport peer) {
        peers.put(peer.self(), peer);
        addresses.put(peer.self(), Multiaddr.parse("/memory/" + (addresses.size() + 1)));
    }

    void leave(SimTransport peer) {
        peers.remove(peer.self());
    }

    Optional<SimTransport> find(PeerId peer) {
        return Optional.ofNullable(peers.get(peer)).filter(SimTransport::isAlive);
    }

    Multiaddr addressOf(PeerId peer) {
        return addresses.getOrDefault(peer, Multiaddr.parse("/memory/0"));
    }

    long nextConnection() {
        return ++connections;
    }

    long nanos() {
        return time.nanos();
    }

    Cancellable later(long delayNanos, Runnable task) {
        return time.schedule(delayNanos, task);
    }

    /** Runs {@code arrival} when a message from one peer has reached another. */
    void deliver(PeerId from, PeerId to, Runnable arrival) {
        long latency = minLatencyNanos == maxLatencyNanos
                ? minLatencyNanos
                : random.nextLong(minLatencyNanos, maxLatencyNanos);
        messages++;
        trace = trace * 31 + from.hashCode();
        trace = trace * 31 + to.hashCode();
        trace = trace * 31 + time.nanos() + latency;
        time.schedule(latency, arrival);
    }

    long messages() {
        return messages;
    }

    long trace() {
        return trace;
    }
}
