package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Dials peers: each at most once at a time, so many at once, the rest in line.
 *
 * <p>Thread-safe. A connection that the peer itself opens meanwhile ends the dial as well.
 */
public final class Dialer {

    /** Takes note that an address of a peer is of no use. */
    @FunctionalInterface
    public interface FailureListener {

        /** Takes note that dialling {@code address} failed. */
        void addressFailed(PeerId peer, Multiaddr address, TransportFailure failure);
    }

    private final EventLoopGroup group;
    private final TcpConnector connector;
    private final Function<PeerId, Optional<PeerConnection>> open;
    private final FailureListener onAddressFailed;
    private final Map<PeerId, Dial> dials = new HashMap<>();
    private final Queue<Dial> line = new ArrayDeque<>();
    private int running;
    private boolean closed;

    /**
     * Makes a dialer.
     *
     * @param open finds the connection to a peer that is open; callable from any thread
     */
    public Dialer(
            EventLoopGroup group,
            TcpConnector connector,
            Function<PeerId, Optional<PeerConnection>> open,
            FailureListener onAddressFailed) {
        this.group = group;
        this.connector = connector;
        this.open = open;
        this.onAddressFailed = onAddressFailed;
    }

    /** Returns the future connection to {@code peer}, which may be open already; fails with {@link DialException} only. */
    public Future<PeerConnection> dial(PeerInfo peer) {
        List<Multiaddr> addresses = peer.addresses().stream()
                .filter(address -> isDialable(peer.id(), address))
                .flatMap(address -> address.withoutPeerId().stream())
                .distinct()
                .toList();
        Dial dial;
        boolean starts;
        synchronized (this) {
            dial = dials.get(peer.id());
            // A dial that ended since the caller looked has left its connection before it left the map
            Optional<PeerConnection> connection = dial == null ? open.apply(peer.id()) : Optional.empty();
            if (connection.isPresent()) {
                return group.next().newSucceededFuture(connection.get());
            }
            TransportFailure refusal = dial == null ? refusal(addresses) : null;
            if (refusal != null) {
                return group.next().newFailedFuture(new DialException(refusal));
            }
            starts = dial == null && running < TransportLimits.MAX_DIALS;
            if (dial == null) {
                dial = begin(peer.id(), starts);
            }
        }
        Dial joined = dial;
        boolean proceed = starts;
        joined.executor().execute(() -> {
            joined.addAddresses(addresses);
            if (proceed) {
                joined.startNextAttempt();
            }
        });
        return joined.result();
    }

    private @Nullable TransportFailure refusal(List<Multiaddr> addresses) {
        if (closed) {
            return new TransportFailure(Kind.CLOSED, "the transport is closed");
        }
        if (addresses.isEmpty()) {
            return new TransportFailure(Kind.UNREACHABLE, "no address of the peer can be dialled by TCP");
        }
        return running == TransportLimits.MAX_DIALS && line.size() == TransportLimits.MAX_WAITING_DIALS
                ? new TransportFailure(Kind.OVERLOADED, "too many dials are under way")
                : null;
    }

    private Dial begin(PeerId peer, boolean starts) {
        Dial dial = new Dial(
                peer,
                group.next(),
                connector,
                (address, failure) -> onAddressFailed.addressFailed(peer, address, failure));
        dials.put(peer, dial);
        if (starts) {
            running++;
        } else {
            line.add(dial);
        }
        dial.result().addListener(ended -> ended(peer, dial));
        return dial;
    }

    private void ended(PeerId peer, Dial dial) {
        Dial next;
        synchronized (this) {
            dials.remove(peer, dial);
            if (line.remove(dial)) {
                return;
            }
            next = line.poll();
            if (next == null) {
                running--;
                return;
            }
        }
        Dial started = next;
        started.executor().execute(started::startNextAttempt);
    }

    /** Takes note of a connection that a peer opened, which a dial to it needs no longer wait for. */
    public void connectionOpened(PeerConnection connection) {
        Dial dial;
        synchronized (this) {
            dial = dials.get(connection.peer());
        }
        if (dial != null) {
            dial.executor().execute(() -> dial.succeed(connection));
        }
    }

    /** Ends every dial. */
    public void close() {
        List<Dial> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(dials.values());
        }
        TransportFailure failure = new TransportFailure(Kind.CLOSED, "the transport is closed");
        open.forEach(dial -> dial.executor().execute(() -> dial.fail(failure)));
    }

    private static boolean isDialable(PeerId peer, Multiaddr address) {
        return address.peerId().map(peer::equals).orElse(true)
                && SocketAddresses.of(address)
                        .filter(SocketAddresses::isDialable)
                        .isPresent();
    }
}
