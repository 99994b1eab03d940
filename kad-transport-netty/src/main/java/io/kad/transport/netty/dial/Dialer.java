package io.kad.transport.netty.dial;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.Operations;
import io.kad.transport.netty.transport.Transports;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Dialer of peers: at most one dial per peer, which ends with the last operation that needs it. Attempts to connect have slots in all and at
 * each host ({@link DialSlots}), and addresses that failed are left alone for a while ({@link DialBackOff}).
 *
 * <p>Thread-safe. A connection that the remote peer opens completes the dial as well.
 */
public final class Dialer {

    private final EventLoopGroup group;
    private final Transports transports;
    private final DialTargets dialTargets;
    private final DialContext context;
    private final TrustedAddresses trusted = new TrustedAddresses();
    private final Function<PeerId, Optional<PeerConnection>> openConnections;
    private final int maxAddresses;
    private final Map<PeerId, Dial> dials = new HashMap<>();
    /** Operations that need each dial. */
    private final Map<Dial, Integer> waiting = new HashMap<>();

    private boolean closed;

    /**
     * Creates a dialer.
     *
     * @param transports transports that connect
     * @param owner owner of the connections
     */
    public Dialer(
            EventLoopGroup group,
            KademliaConfig config,
            LimitCounters counters,
            Transports transports,
            NameResolvers resolvers,
            DialOwner owner) {
        this(
                group,
                transports,
                new DialContext(
                        new TransportConnector(owner, counters),
                        new TargetResolver(resolvers, new DialTargets(transports)),
                        new DialRules(
                                config.get(TransportOptions.DIAL_POLICY),
                                () -> owner.listenAddresses().stream()
                                        .flatMap(address -> transports.listenEndpoint(address).stream())
                                        .toList()),
                        new DialSlots(
                                config.get(TransportOptions.MAX_DIALS),
                                config.get(TransportOptions.MAX_DIALS_PER_HOST),
                                host -> counters.countAndLog(LimitId.DIALS_PER_HOST, "delayed a dial of " + host)),
                        new DialBackOff(config.get(TransportOptions.MAX_DIAL_BACK_OFF), System::nanoTime),
                        new FailedDials(config.get(TransportOptions.MAX_FAILED_DIALS_PER_HOST), System::nanoTime),
                        counters,
                        owner.gate(),
                        config.get(TransportOptions.DIAL_TIMEOUT),
                        owner::isOffline,
                        owner::addressFailed),
                config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER),
                owner::openConnection);
    }

    Dialer(
            EventLoopGroup group,
            Transports transports,
            DialContext context,
            int maxAddresses,
            Function<PeerId, Optional<PeerConnection>> openConnections) {
        this.group = group;
        this.transports = transports;
        this.dialTargets = new DialTargets(transports);
        this.context = context;
        this.maxAddresses = maxAddresses;
        this.openConnections = openConnections;
    }

    /** Returns the addresses that the user has given. */
    public TrustedAddresses trusted() {
        return trusted;
    }

    /**
     * Returns a future connection to {@code peer}: an open one, or the result of a dial. Fails only with {@link
     * DialException}.
     *
     * @param operation operation that needs the connection; delayed while the dial waits for other ones
     */
    public Future<PeerConnection> dial(PeerInfo peer, Operation<?> operation) {
        Targets targets = targets(peer);
        Dial joined;
        synchronized (this) {
            Dial dial = dials.get(peer.id());
            // A dial that finished since the caller checked has registered its connection before it was removed from
            // the map
            Optional<PeerConnection> connection = dial == null ? openConnections.apply(peer.id()) : Optional.empty();
            if (connection.isPresent()) {
                return group.next().newSucceededFuture(connection.get());
            }
            TransportFailure refusal = dial == null ? refusal(targets) : null;
            if (refusal != null) {
                return group.next().newFailedFuture(new DialException(refusal));
            }
            joined = dial == null ? register(peer.id()) : dial;
            waiting.merge(joined, 1, Integer::sum);
        }
        operation.setOnAbort(() -> leave(peer.id(), joined, operation));
        joined.runLater(() -> joined.join(targets.allowed(), operation));
        return joined.result();
    }

    /** Targets at which a peer may be dialled, and why the last one of the others may not. */
    private record Targets(List<DialTarget> allowed, TransportFailure lastRefusal) {}

    private Targets targets(PeerInfo peer) {
        List<DialTarget> allowed = new ArrayList<>();
        TransportFailure failure = new TransportFailure(
                Kind.UNREACHABLE, "no address of the peer can be dialled; transports: " + transports.names());
        DialRules.Snapshot rules = context.rules().snapshot();
        for (DialTarget target : dialable(peer)) {
            Optional<DialRules.Refusal> refusal = rules.refusal(target);
            if (refusal.isPresent()) {
                failure = refused(context, target, refusal.get());
            } else if (allowed.size() < maxAddresses) {
                allowed.add(target);
            }
        }
        return new Targets(allowed, failure);
    }

    private List<DialTarget> dialable(PeerInfo peer) {
        return peer.addresses().stream()
                .filter(address -> address.peerId().map(peer.id()::equals).orElse(true))
                .flatMap(address -> address.withoutPeerId().stream())
                .distinct()
                .flatMap(address -> dialTargets.of(address, trusted.contains(peer.id(), address)).stream())
                .toList();
    }

    /** Returns the failure of a target that the rules refuse, and counts it if the policy is the reason. */
    static TransportFailure refused(DialContext context, DialTarget target, DialRules.Refusal refusal) {
        if (refusal == DialRules.Refusal.POLICY) {
            context.counters()
                    .countAndLog(
                            LimitId.DIAL_POLICY, "did not dial " + target.address() + " at " + target.failureKey());
        }
        return new TransportFailure(Kind.UNREACHABLE, target + ": not dialled: " + refusal.reason());
    }

    private @Nullable TransportFailure refusal(Targets targets) {
        if (closed) {
            return Operations.closedFailure();
        }
        if (targets.allowed().isEmpty()) {
            return targets.lastRefusal();
        }
        if (dials.size() < TransportLimits.MAX_QUEUED_DIALS) {
            return null;
        }
        String message = "too many dials: limit of " + TransportLimits.MAX_QUEUED_DIALS + " peers reached";
        context.counters().countAndLog(LimitId.DIALS, message);
        return new TransportFailure(Kind.OVERLOADED, message);
    }

    private Dial register(PeerId peer) {
        Dial dial = new Dial(peer, group.next(), context);
        dials.put(peer, dial);
        dial.result().addListener(done -> remove(peer, dial));
        return dial;
    }

    private synchronized void remove(PeerId peer, Dial dial) {
        dials.remove(peer, dial);
        waiting.remove(dial);
    }

    /** Called when an operation that needed {@code dial} has ended without a connection; the last one ends the dial. */
    private void leave(PeerId peer, Dial dial, Operation<?> operation) {
        synchronized (this) {
            boolean isNeeded = waiting.computeIfPresent(dial, (same, count) -> count == 1 ? null : count - 1) != null;
            if (isNeeded) {
                dial.runLater(() -> dial.leave(operation));
                return;
            }
            dials.remove(peer, dial);
        }
        dial.runLater(() -> dial.fail(new TransportFailure(Kind.CANCELLED, "no operation needs the dial any more")));
    }

    /** Called when a connection to a peer is open; completes a pending dial of that peer. */
    public void connectionOpened(PeerConnection connection, boolean isFirst) {
        if (isFirst) {
            context.backOff().online();
        }
        Dial dial;
        synchronized (this) {
            dial = dials.get(connection.peer());
        }
        if (dial != null) {
            dial.runLater(() -> dial.succeed(connection));
        }
    }

    /**
     * Called when a peer has stated its addresses on {@code connection}. Those at the host from which it is connected are no longer left alone;
     * for other hosts the statement proves nothing.
     */
    public void addressesStated(PeerConnection connection, List<Multiaddr> addresses) {
        transports
                .dialEndpoint(connection.remoteAddress())
                .map(endpoint -> endpoint.socket().getAddress())
                .ifPresent(host -> addresses.stream()
                        .flatMap(address -> transports.dialEndpoint(address).stream())
                        .filter(endpoint -> host.equals(endpoint.socket().getAddress()))
                        .forEach(endpoint -> context.backOff().remove(endpoint, connection.peer())));
    }

    /** Fails every pending dial and all later ones. */
    public void close() {
        List<Dial> pending;
        synchronized (this) {
            closed = true;
            pending = List.copyOf(dials.values());
        }
        TransportFailure failure = Operations.closedFailure();
        pending.forEach(dial -> dial.runLater(() -> dial.fail(failure)));
    }
}
