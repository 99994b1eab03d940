package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.Operations;
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
 * Dialer of peers: at most one dial per peer, at most {@link TransportLimits#MAX_DIALS} dials concurrently, further
 * ones queued.
 *
 * <p>Thread-safe. A connection that the remote peer opens completes the dial as well.
 */
public final class Dialer {

    /** Listener for addresses that could not be dialled. */
    @FunctionalInterface
    public interface FailureListener {

        /** Called when {@code address} could not be dialled. */
        void addressFailed(PeerId peer, Multiaddr address, TransportFailure failure);
    }

    private final EventLoopGroup group;
    private final TcpConnector connector;
    private final Function<PeerId, Optional<PeerConnection>> openConnections;
    private final FailureListener onAddressFailed;
    private final Map<PeerId, Dial> dials = new HashMap<>();
    private final Queue<Dial> queue = new ArrayDeque<>();
    private int running;
    private boolean closed;

    /**
     * Creates a dialer.
     *
     * @param openConnections finds an open connection to a peer; callable from any thread
     */
    public Dialer(
            EventLoopGroup group,
            TcpConnector connector,
            Function<PeerId, Optional<PeerConnection>> openConnections,
            FailureListener onAddressFailed) {
        this.group = group;
        this.connector = connector;
        this.openConnections = openConnections;
        this.onAddressFailed = onAddressFailed;
    }

    /**
     * Returns a future connection to {@code peer}: an open one, or the result of a dial. Fails only with {@link
     * DialException}.
     *
     * @param operation operation that needs the connection; delayed while the dial waits for other ones
     */
    public Future<PeerConnection> dial(PeerInfo peer, Operation<?> operation) {
        List<Multiaddr> addresses = peer.addresses().stream()
                .filter(address -> isDialable(peer.id(), address))
                .flatMap(address -> address.withoutPeerId().stream())
                .distinct()
                .toList();
        Dial dial;
        boolean startNow;
        synchronized (this) {
            dial = dials.get(peer.id());
            // A dial that finished since the caller checked has registered its connection before it was removed from
            // the map
            Optional<PeerConnection> connection = dial == null ? openConnections.apply(peer.id()) : Optional.empty();
            if (connection.isPresent()) {
                return group.next().newSucceededFuture(connection.get());
            }
            TransportFailure limitFailure = dial == null ? limitFailure(addresses) : null;
            if (limitFailure != null) {
                return group.next().newFailedFuture(new DialException(limitFailure));
            }
            startNow = dial == null && running < TransportLimits.MAX_DIALS;
            if (dial == null) {
                dial = register(peer.id(), startNow);
            }
        }
        Dial joined = dial;
        boolean proceed = startNow;
        joined.delayUntilStart(operation);
        joined.executor().execute(() -> {
            joined.addAddresses(addresses);
            if (proceed) {
                joined.startNextAttempt();
            }
        });
        return joined.result();
    }

    private @Nullable TransportFailure limitFailure(List<Multiaddr> addresses) {
        if (closed) {
            return Operations.closedFailure();
        }
        if (addresses.isEmpty()) {
            return new TransportFailure(Kind.UNREACHABLE, "no TCP address of the peer can be dialled");
        }
        return running == TransportLimits.MAX_DIALS && queue.size() == TransportLimits.MAX_QUEUED_DIALS
                ? new TransportFailure(
                        Kind.OVERLOADED,
                        "too many dials: limit of " + TransportLimits.MAX_QUEUED_DIALS + " queued dials reached")
                : null;
    }

    private Dial register(PeerId peer, boolean startNow) {
        Dial dial = new Dial(
                peer,
                group.next(),
                connector,
                (address, failure) -> onAddressFailed.addressFailed(peer, address, failure));
        dials.put(peer, dial);
        if (startNow) {
            running++;
            dial.start();
        } else {
            queue.add(dial);
        }
        dial.result().addListener(done -> onFinished(peer, dial));
        return dial;
    }

    private void onFinished(PeerId peer, Dial dial) {
        Dial next;
        synchronized (this) {
            dials.remove(peer, dial);
            if (queue.remove(dial)) {
                return;
            }
            next = queue.poll();
            if (next == null) {
                running--;
                return;
            }
        }
        Dial started = next;
        started.start();
        started.executor().execute(started::startNextAttempt);
    }

    /** Called when a connection to a peer is open; completes a pending dial of that peer. */
    public void connectionOpened(PeerConnection connection) {
        Dial dial;
        synchronized (this) {
            dial = dials.get(connection.peer());
        }
        if (dial != null) {
            dial.executor().execute(() -> dial.succeed(connection));
        }
    }

    /** Fails every pending dial and all later ones. */
    public void close() {
        List<Dial> pending;
        synchronized (this) {
            closed = true;
            pending = List.copyOf(dials.values());
        }
        TransportFailure failure = Operations.closedFailure();
        pending.forEach(dial -> dial.executor().execute(() -> dial.fail(failure)));
    }

    private static boolean isDialable(PeerId peer, Multiaddr address) {
        return address.peerId().map(peer::equals).orElse(true)
                && SocketAddresses.of(address)
                        .filter(SocketAddresses::isDialable)
                        .isPresent();
    }
}
