package io.kad.core.engine;

import io.kad.api.id.PeerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Liveness of peers: whom a failed request counts against. If any peer was heard since the request was sent, the network works, and the failure
 * counts against its peer; if nobody was, the local peer may be offline, and it counts against nobody.
 *
 * <p>A peer is silent from a failure that counts until it is heard: while it is not connected, it is queried again only after a back-off, which
 * doubles with each failure. The local peer was offline, and an outage ends, if requests to several peers of the routing table failed, the first
 * of them at least a request timeout before anybody was heard. Confined to one thread at a time. Times are monotonic nanoseconds.
 */
final class PeerLiveness {

    /** Limit of the silent peers; the one that has not failed for the longest time is forgotten first. Source: kad's choice. */
    static final int MAX_SILENT_PEERS = 4096;
    /**
     * Failures in a row after which a peer gives its place in a full bucket away. If too low, one lost packet costs a live peer its place; if too
     * high, dead peers stay. Source: kad's choice.
     */
    static final int EVICTION_FAILURES = 2;
    /** Back-off after the first failure: 1 s. If too low, each lookup pays for a dead peer; if too high, a peer that is back is missed. */
    static final Duration MIN_BACK_OFF = Duration.ofSeconds(1);
    /** Limit of the back-off: 10 min. If too low, dead peers occupy dials; if too high, a peer that is back after long is missed for long. */
    static final Duration MAX_BACK_OFF = Duration.ofMinutes(10);
    /**
     * Number of peers of the routing table that fail while nobody is heard. If too low, a few dead peers stop the maintenance of the table until
     * somebody is heard; if too high, an outage is not noticed. Default: 3 (kad's choice).
     */
    static final int MIN_FAILED_PEERS = 3;

    private final long minOutageNanos;
    private final Predicate<PeerId> inTable;
    private final Map<PeerId, Silence> silences = new LinkedHashMap<>();
    private final Set<PeerId> failedSinceHeard = new HashSet<>();

    private long lastHeardNanos = Long.MIN_VALUE;
    private long firstFailureNanos;
    private long outageEndNanos = Long.MIN_VALUE;

    /** Failures of a peer in a row, of which requests that were in flight at the same time are one. */
    private record Silence(int failures, long lastFailureNanos) {

        Silence next(long nowNanos) {
            return new Silence(failures + 1, nowNanos);
        }

        long backOffEndNanos() {
            int doublings = Math.min(failures - 1, Long.SIZE - Long.numberOfLeadingZeros(MAX_BACK_OFF.toSeconds()));
            return lastFailureNanos + Math.min(MIN_BACK_OFF.toNanos() << doublings, MAX_BACK_OFF.toNanos());
        }
    }

    /**
     * Creates the state of a local peer that has not tried to reach anybody.
     *
     * @param minOutage time without hearing anybody that is an outage; the request timeout
     * @param inTable whether a peer is in the routing table; the failures of others tell nothing, as anybody can make them up
     */
    PeerLiveness(Duration minOutage, Predicate<PeerId> inTable) {
        this.minOutageNanos = minOutage.toNanos();
        this.inTable = inTable;
    }

    /** Called when {@code peer} has opened or accepted a connection, or has sent or accepted a message; returns whether an outage ends. */
    boolean heard(PeerId peer, long nowNanos) {
        silences.remove(peer);
        return heard(nowNanos);
    }

    /** Called when some peer was heard, though maybe not the one that was meant; returns whether an outage ends. */
    boolean heard(long nowNanos) {
        boolean outageEnds = mayBeOffline() && nowNanos - firstFailureNanos >= minOutageNanos;
        if (outageEnds) {
            silences.clear();
            outageEndNanos = nowNanos;
        }
        failedSinceHeard.clear();
        lastHeardNanos = nowNanos;
        return outageEnds;
    }

    /** Called when a request got no response, be it lost or, at once, without a way to the peer: without a network each request fails so. */
    void failed(PeerId peer, long sentNanos, long nowNanos) {
        if (sentNanos < outageEndNanos) {
            return;
        }
        if (lastHeardNanos >= sentNanos) {
            countAgainst(peer, sentNanos, nowNanos);
        } else if (!mayBeOffline() && inTable.test(peer)) {
            firstFailureNanos = failedSinceHeard.isEmpty() ? nowNanos : firstFailureNanos;
            failedSinceHeard.add(peer);
        }
    }

    /**
     * Called when the host of {@code peer} has refused a connection: the network works, and the peer is not to be
     * had, so that the failure counts against it. Returns whether an outage ends.
     */
    boolean refused(PeerId peer, long sentNanos, long nowNanos) {
        boolean outageEnds = heard(nowNanos);
        failed(peer, sentNanos, nowNanos);
        return outageEnds;
    }

    private void countAgainst(PeerId peer, long sentNanos, long nowNanos) {
        Silence before = silences.get(peer);
        if (before != null && sentNanos < before.lastFailureNanos()) {
            return;
        }
        silences.remove(peer);
        silences.put(peer, before == null ? new Silence(1, nowNanos) : before.next(nowNanos));
        if (silences.size() > MAX_SILENT_PEERS) {
            silences.remove(silences.keySet().iterator().next());
        }
    }

    /** Returns whether the back-off of a silent peer has not passed. */
    boolean isBackedOff(PeerId peer, long nowNanos) {
        Silence silence = silences.get(peer);
        return silence != null && nowNanos < silence.backOffEndNanos();
    }

    /** Returns whether the peer has failed so often that another one may take its place. */
    boolean isReplaceable(PeerId peer) {
        Silence silence = silences.get(peer);
        return silence != null && silence.failures() >= EVICTION_FAILURES;
    }

    /** Returns whether several peers have failed since anybody was heard, so that nothing may be concluded from the failure of a dial. */
    boolean mayBeOffline() {
        return failedSinceHeard.size() >= MIN_FAILED_PEERS;
    }
}
