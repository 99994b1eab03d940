package io.kad.sim.network;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dials in flight of one peer, at most one to each remote peer. A dial tries the addresses as the real transport does: in their order, the
 * next one when one fails or takes long, and a few at once. Confined to the thread of the network.
 */
final class SimDials {

    static final String REFUSED = "connection refused";
    private static final String UNPLUGGED = "network is unreachable";
    private static final String DEAD = "no response from the address";

    /** Time after which a dial is cancelled; the operations that wait for it fail by their timeouts. */
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(5);
    /** Time after which the next address is tried beside the one before; that of the TCP transport. */
    private static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);
    /** Limit of the addresses that are tried at once; that of the TCP transport. */
    private static final int MAX_PARALLEL_ATTEMPTS = 3;

    private final SimTransport owner;
    private final SimLinks links;
    private Map<PeerId, Dial> dials = Map.of();

    /** Caller of a dial. Called once, or never if the dial has no result. */
    interface DialCallback {

        /** Called with the remote end, and the connection to it unless that has closed already. */
        void onConnected(SimTransport end, @Nullable SimConnection connection);

        /** Called with the failure of an address: a refusal only if each address refused. */
        void onFailed(TransportFailure failure);
    }

    SimDials(SimTransport owner, SimLinks links) {
        this.owner = owner;
        this.links = links;
    }

    /** Calls {@code callback} when a dial of {@code peer} has succeeded or failed; concurrent calls share one dial. */
    void dial(SimPeer peer, List<Multiaddr> addresses, DialCallback callback) {
        if (dials.isEmpty()) {
            dials = new LinkedHashMap<>();
        }
        Dial pending = dials.get(peer.id());
        if (pending != null) {
            pending.callbacks.add(callback);
            return;
        }
        Dial dial = new Dial(peer, addresses);
        dial.callbacks.add(callback);
        dials.put(peer.id(), dial);
        dial.start();
    }

    /** Dial of one peer. */
    private final class Dial {

        private final SimPeer peer;
        private final Deque<Multiaddr> untried;
        private final List<DialCallback> callbacks = new ArrayList<>();
        private @Nullable Cancellable timer;
        /** Start of the next attempt beside the one that runs; null if none is to follow. */
        private @Nullable Cancellable nextAttempt;

        private int running;
        /** The failure to report: a refusal only if each address refused. */
        private @Nullable TransportFailure reported;

        Dial(SimPeer peer, List<Multiaddr> addresses) {
            this.peer = peer;
            this.untried = new ArrayDeque<>(addresses);
        }

        void start() {
            timer = owner.peer().schedule(DIAL_TIMEOUT.toNanos(), () -> dials.remove(peer.id(), this));
            tryNext();
        }

        /** Ends this dial; returns false if it has ended before. */
        private boolean end() {
            cancel(timer);
            cancel(nextAttempt);
            return dials.remove(peer.id(), this);
        }

        private static void cancel(@Nullable Cancellable task) {
            if (task != null) {
                task.cancel();
            }
        }

        /** Tries the next address now, and the one after it in time. */
        private void tryNext() {
            cancel(nextAttempt);
            if (untried.isEmpty() || running >= MAX_PARALLEL_ATTEMPTS || dials.get(peer.id()) != this) {
                return;
            }
            running++;
            attempt(untried.remove());
            if (!untried.isEmpty()) {
                nextAttempt = owner.peer().schedule(ATTEMPT_DELAY.toNanos(), this::tryNext);
            }
        }

        private void attempt(Multiaddr address) {
            if (links.isUnplugged(owner.peer())) {
                var unused = owner.peer().schedule(0, () -> attemptFailed(address, Kind.UNREACHABLE, UNPLUGGED));
                return;
            }
            boolean live = address.equals(peer.address())
                    || SimAddress.numberAt(address) == SimAddress.numberAt(peer.address());
            if (!live) {
                long nanos = links.conditions().reachability().deadAfter().toNanos();
                var unused = owner.peer().schedule(nanos, () -> attemptFailed(address, Kind.UNREACHABLE, DEAD));
                return;
            }
            long latency = links.latency(owner.peer(), peer);
            links.deliver(owner.peer(), peer, latency, TraceHash.DIAL, () -> {
                SimTransport remote = peer.transport();
                if (remote.isClosed()) {
                    remote.refuse(owner, latency, () -> attemptFailed(address, Kind.REFUSED, REFUSED));
                } else {
                    long furtherNanos = latency * 2L * (links.conditions().dialRoundTrips() - 1);
                    peer.schedule(furtherNanos, () -> accept(remote, address, latency));
                }
            });
        }

        private void attemptFailed(Multiaddr address, Kind kind, String reason) {
            if (dials.get(peer.id()) != this) {
                return;
            }
            running--;
            TransportFailure failure = new TransportFailure(kind, reason);
            TransportFailure last = reported;
            TransportFailure report = last == null || kind != Kind.REFUSED ? failure : last;
            reported = report;
            if (!untried.isEmpty() || running > 0) {
                owner.emit(new TransportEvent.DialFailed(peer.id(), address, failure));
                tryNext();
            } else if (end()) {
                owner.emit(new TransportEvent.DialFailed(peer.id(), address, failure));
                callbacks.forEach(callback -> callback.onFailed(report));
            }
        }

        private void accept(SimTransport remote, Multiaddr address, long latency) {
            if (remote.isClosed() || owner.isClosed()) {
                return;
            }
            SimConnection connection = remote.connectionTable().accept(owner, address);
            links.deliver(remote.peer(), owner.peer(), latency, TraceHash.DIAL, () -> complete(remote, connection));
        }

        private void complete(SimTransport remote, @Nullable SimConnection accepted) {
            boolean first = end();
            if (owner.isClosed() || !first) {
                return;
            }
            SimConnection connection = owner.connectionTable().dialled(remote, accepted);
            callbacks.forEach(callback -> callback.onConnected(remote, connection));
        }
    }
}
