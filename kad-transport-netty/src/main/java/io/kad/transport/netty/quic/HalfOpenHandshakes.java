package io.kad.transport.netty.quic;

import io.kad.transport.netty.limit.RemoteSource;
import io.kad.transport.netty.limit.TokenBuckets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Inbound handshakes that have begun and not ended, over all sockets of a transport, and who must prove its address before one begins.
 *
 * <p>Anybody can send a first packet in the name of another host. A handshake without a proof therefore counts here alone: not among the
 * connections of its host, which others would lose. Loopback is exempt from the limits by address. Thread-safe.
 */
final class HalfOpenHandshakes {

    /** Handshakes without a proof from one group, from which on its hosts must give one. Source: kad's choice. */
    static final int MAX_UNPROVEN_PER_GROUP = 4;

    /** Handshakes without a proof from one host in a minute, ended ones too, from which on it must give one. Source: kad's choice. */
    static final int MAX_UNPROVEN_PER_MINUTE = 16;

    private final int many;
    private final int limit;
    private final Map<String, Integer> unproven = new HashMap<>();
    private final TokenBuckets attempts;
    private int count;

    /**
     * Creates a count of none.
     *
     * @param many number from which on all remote peers must prove their address
     * @param limit number from which on no handshake begins; more than {@code many}
     */
    HalfOpenHandshakes(int many, int limit) {
        this(many, limit, System::nanoTime);
    }

    HalfOpenHandshakes(int many, int limit, LongSupplier nanoTime) {
        if (many < 1 || limit <= many) {
            throw new IllegalArgumentException("limit must be more than " + many + ", got " + limit);
        }
        this.many = many;
        this.limit = limit;
        this.attempts = new TokenBuckets(MAX_UNPROVEN_PER_MINUTE, nanoTime);
    }

    /** Returns whether a remote peer must prove its address; if not, counts an attempt of its host, which is to begin. */
    synchronized boolean mustProve(RemoteSource source) {
        if (areMany() || unproven.getOrDefault(source.group(), 0) >= MAX_UNPROVEN_PER_GROUP) {
            return true;
        }
        return !source.ranges().isEmpty()
                && !attempts.tryTake(source.ranges().get(0).toString());
    }

    /** Returns whether every remote peer must prove its address. */
    synchronized boolean areMany() {
        return count >= many;
    }

    /** Returns whether no further handshake may begin. */
    synchronized boolean areTooMany() {
        return count >= limit;
    }

    /** Called when a handshake begins whose remote peer has proved its address. */
    synchronized void begin() {
        count++;
    }

    /** Called when such a handshake has ended. */
    synchronized void end() {
        count--;
    }

    /** Called when a handshake begins whose remote peer has not proved its address. */
    synchronized void beginUnproven(RemoteSource source) {
        begin();
        unproven.merge(source.group(), 1, Integer::sum);
    }

    /** Called when such a handshake has ended. */
    synchronized void endUnproven(RemoteSource source) {
        end();
        unproven.computeIfPresent(source.group(), (same, number) -> number == 1 ? null : number - 1);
    }
}
