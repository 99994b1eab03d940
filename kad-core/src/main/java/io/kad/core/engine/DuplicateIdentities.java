package io.kad.core.engine;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Detection of other running peers that have the identity of the local one, as two processes with one key file do.
 *
 * <p>A connection proves it: the remote side is authenticated with the local identity, and is not the local peer itself, which would see the
 * connection from both sides. Both are known by what they share, and not by their addresses, which a NAT or a proxy between them changes.
 * An address that others return for the local peer proves nothing, as it may be one of before, but it is dialled. Confined to one thread at a time.
 */
final class DuplicateIdentities {

    /** Limit of the addresses that are remembered as reported or as dialled; bounds what other peers can cause. Source: kad's choice. */
    static final int MAX_ADDRESSES = 64;
    /** Shortest time between two dials of returned addresses, as other peers choose them. Source: kad's choice. */
    static final Duration DIAL_INTERVAL = Duration.ofMinutes(1);

    /** Time in which both sides of a connection of the local peer to itself are told: 2 s. Source: kad's choice. */
    private static final long OTHER_SIDE_NANOS = 2_000_000_000;

    private final AdvanceContext context;
    private final PeerId self;
    private final LocalAddresses local;
    private final Duration timeout;
    private final Set<Multiaddr> reported = new LinkedHashSet<>();
    private final Set<Multiaddr> dialled = new LinkedHashSet<>();
    private final Deque<Sighting> sightings = new ArrayDeque<>();
    private Set<Multiaddr> waiting = Set.of();
    private long nextDialNanos = Long.MIN_VALUE;

    /** Connection to the local identity, which is reported at {@code endNanos} unless its other side appears. */
    private record Sighting(TransportEvent.LocalIdentitySeen event, long endNanos) {}

    /**
     * Creates the detection for the peer {@code self}.
     *
     * @param timeout longest time of a dial
     */
    DuplicateIdentities(AdvanceContext context, PeerId self, LocalAddresses local, Duration timeout) {
        this.context = context;
        this.self = self;
        this.local = local;
        this.timeout = timeout;
    }

    /** Called when the remote side of a connection has proved the local identity. It may be the local peer itself. */
    void localIdentitySeen(TransportEvent.LocalIdentitySeen event) {
        if (!sightings.removeIf(other -> isOtherSide(event, other.event())) && sightings.size() < MAX_ADDRESSES) {
            sightings.add(new Sighting(event, context.nanos() + OTHER_SIDE_NANOS));
        }
    }

    private static boolean isOtherSide(TransportEvent.LocalIdentitySeen one, TransportEvent.LocalIdentitySeen other) {
        return one.direction() != other.direction() && one.channelBinding().equals(other.channelBinding());
    }

    /** Reports the duplicates of which no other side has appeared in the local peer. */
    void proceed() {
        for (Sighting first = sightings.peek();
                first != null && first.endNanos() <= context.nanos();
                first = sightings.peek()) {
            report(sightings.remove().event().remoteAddress());
        }
    }

    private void report(Multiaddr address) {
        if (reported.size() < MAX_ADDRESSES && reported.add(address)) {
            context.emit(new EngineAction.EmitDhtEvent(new DhtEvent.DuplicateIdentity(self, address)));
        }
    }

    /** Returns the time at which {@link #proceed} must be called; {@link Long#MAX_VALUE} for none. */
    long nextDeadlineNanos() {
        Sighting first = sightings.peek();
        return first == null ? Long.MAX_VALUE : first.endNanos();
    }

    /** Called when the user has named addresses of the local identity; they are dialled once the own addresses are known. */
    void addressesNamed(List<Multiaddr> addresses) {
        waiting = new LinkedHashSet<>(addresses);
    }

    /** Called when a listener has opened. */
    void listenerOpened() {
        List<Multiaddr> named = List.copyOf(waiting);
        waiting = Set.of();
        dial(named);
    }

    /** Called when another peer has returned addresses of the local peer. */
    void addressesReturned(List<Multiaddr> addresses) {
        if (context.nanos() >= nextDialNanos && !local.all().isEmpty()) {
            dial(addresses);
        }
    }

    private void dial(List<Multiaddr> addresses) {
        List<Multiaddr> own = local.all();
        List<Multiaddr> foreign = addresses.stream()
                .map(Multiaddr::withoutPeerId)
                .flatMap(Optional::stream)
                .filter(address -> !own.contains(address) && !dialled.contains(address))
                .limit((long) MAX_ADDRESSES - dialled.size())
                .toList();
        if (!foreign.isEmpty()) {
            nextDialNanos = context.nanos() + DIAL_INTERVAL.toNanos();
            dialled.addAll(foreign);
            context.emit(new EngineAction.Dial(PeerInfo.of(self, foreign), timeout));
        }
    }
}
