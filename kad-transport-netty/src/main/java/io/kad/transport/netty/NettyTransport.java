package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.LossAwarePromise;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.dial.DialException;
import io.kad.transport.netty.dial.DialOwner;
import io.kad.transport.netty.dial.Dialer;
import io.kad.transport.netty.dial.NameResolvers;
import io.kad.transport.netty.identify.Identify;
import io.kad.transport.netty.identify.LocalPeer;
import io.kad.transport.netty.kad.KadClient;
import io.kad.transport.netty.kad.KadFrameCodec;
import io.kad.transport.netty.kad.KadProtocol;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.OperationPromise;
import io.kad.transport.netty.operation.Operations;
import io.kad.transport.netty.operation.RetryOncePromise;
import io.kad.transport.netty.operation.VoidCallback;
import io.kad.transport.netty.ping.Ping;
import io.kad.transport.netty.protocol.ServedProtocol;
import io.kad.transport.netty.psk.PreSharedKey;
import io.kad.transport.netty.quic.QuicContexts;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.tls.TlsIdentity;
import io.kad.transport.netty.transport.TrafficCounter;
import io.kad.transport.netty.transport.Transports;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * libp2p transport over TCP and QUIC: multistream-select, Noise, TLS, Yamux, identify and ping.
 *
 * <p>Thread-safe. Callbacks and events come on the event loops, which all transports of a process share.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md">libp2p connections</a>
 */
public final class NettyTransport implements Transport {

    private final EventLoopGroup group = SharedEventLoops.acquire();
    private final SignatureChecks checks = SharedEventLoops.checks();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Operations operations = new Operations(group);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final NameResolvers resolvers;
    private final KademliaConfig config;
    private final Identity identity;
    private final ConnectionLimiter connectionLimiter;
    private final AtomicBoolean serving = new AtomicBoolean();
    private final KadFrameCodec frameCodec;
    private final List<ServedProtocol> applicationProtocols;
    private final KadClient client;
    private final SecurityProtocols securities;
    private final Transports transports;
    private final PerConnectionLimits limits;
    private final Duration negotiationTimeout;
    private final LimitCounters counters = new LimitCounters();
    private final NodeBudgets budgets;
    private final TrafficCounter traffic = new TrafficCounter();
    private final LocalInterfaces interfaces;
    private volatile Set<Multiaddr> externalAddresses = Set.of();
    private volatile @Nullable Components components;

    /** Components that exist once the transport is started. */
    private record Components(TransportHandler handler, Listeners listeners, Connections connections, Dialer dialer) {}

    /**
     * Creates a transport that is not yet started.
     *
     * @param clock wall clock, for the lifetimes of records
     * @throws IllegalStateException if the version of Netty is too old
     */
    public NettyTransport(Identity identity, KademliaConfig config, InstantSource clock) {
        this(identity, config, clock, NodeBudgets.of(config));
    }

    /**
     * Creates a transport that is not yet started, and shares budgets with other transports of this process.
     *
     * @param clock wall clock, for the lifetimes of records
     * @param budgets bytes that the connections of all those transports may hold together
     * @throws IllegalStateException if the version of Netty is too old
     */
    public NettyTransport(Identity identity, KademliaConfig config, InstantSource clock, NodeBudgets budgets) {
        this(identity, config, clock, budgets, List.of());
    }

    /**
     * Creates a transport that is not yet started, and serves protocols of the application.
     *
     * @param clock wall clock, for the lifetimes of records
     * @param budgets bytes that the connections of all transports with these budgets may hold together
     * @param protocols protocols of the application, at most 64
     * @throws IllegalArgumentException if two protocols have one ID, or one of them has an ID or a number of streams that is not allowed
     */
    public NettyTransport(
            Identity identity,
            KademliaConfig config,
            InstantSource clock,
            NodeBudgets budgets,
            List<? extends StreamProtocol> protocols) {
        this(identity, config, clock, budgets, ApplicationProtocol.of(protocols, config), LocalInterfaces.SYSTEM);
    }

    /** Creates a transport on a machine with the given network interfaces. */
    NettyTransport(
            Identity identity,
            KademliaConfig config,
            InstantSource clock,
            NodeBudgets budgets,
            List<ServedProtocol> applicationProtocols,
            LocalInterfaces interfaces) {
        this.applicationProtocols = applicationProtocols;
        this.interfaces = interfaces;
        this.frameCodec = new KadFrameCodec(config, clock);
        this.identity = identity;
        this.config = config;
        this.budgets = budgets;
        this.resolvers = NameResolvers.of(config);
        this.connectionLimiter = new ConnectionLimiter(config, counters, System::nanoTime);
        this.client = new KadClient(config.get(KademliaConfig.PROTOCOL), frameCodec);
        this.limits = new PerConnectionLimits(config, budgets, counters);
        List<Muxer> muxers = Muxers.of(config, limits.maxReceiveBytes());
        Supplier<TlsIdentity> certificate = new LazyCertificate(identity, checks, clock);
        SecurityProtocols madeSecurities = null;
        try {
            madeSecurities = SecurityProtocols.of(config, identity, muxers, checks, counters, certificate);
            this.transports = TransportProtocols.of(
                    config,
                    group,
                    new ConnectionUpgrade(
                            madeSecurities.protocols(),
                            muxers,
                            config.get(TransportOptions.UPGRADE_TIMEOUT),
                            PreSharedKey.of(config)),
                    certificate,
                    traffic);
        } catch (RuntimeException | Error e) {
            if (madeSecurities != null) {
                madeSecurities.close();
            }
            resolvers.close();
            SharedEventLoops.release();
            throw e;
        }
        this.securities = madeSecurities;
        this.negotiationTimeout = frameCodec.limits().negotiationTimeout();
    }

    /** Returns whether transports of this machine have QUIC: it needs the library netty-codec-native-quic of the platform. */
    public static boolean hasQuic() {
        return QuicContexts.unavailabilityCause().isEmpty();
    }

    @Override
    public synchronized void start(TransportHandler handler) {
        if (components != null) {
            throw new IllegalStateException("the transport is already started");
        }
        Owner owner = new Owner(handler);
        Dialer dialer = new Dialer(group, config, counters, transports, resolvers, owner);
        KadProtocol kad = new KadProtocol(
                config.get(KademliaConfig.PROTOCOL),
                config.get(TransportOptions.MAX_KAD_STREAMS),
                serving::get,
                frameCodec,
                handler);
        Connections connections = new Connections(
                Stream.concat(Stream.of(kad), applicationProtocols.stream()).toList(),
                new PeerRates(config, counters),
                connectionLimiter,
                channels,
                limits,
                new TransportLocalPeer(),
                negotiationTimeout,
                checks,
                handler,
                dialer);
        Listeners listeners = new Listeners(
                transports,
                new ListenerSockets(
                        new InboundConnections(
                                closed::get, connections, connectionLimiter, channels, counters, handler),
                        channels),
                interfaces,
                group.next(),
                handler::onEvent,
                () -> connections.schedulePush(group.next()));
        components = new Components(handler, listeners, connections, dialer);
    }

    private Components components() {
        Components current = components;
        if (current == null) {
            throw new IllegalStateException("the transport is not started");
        }
        return current;
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        if (closed.get()) {
            Operations.failClosed(callback);
        } else {
            components().listeners().listen(address, callback);
        }
    }

    @Override
    public void serve(boolean enabled) {
        if (serving.getAndSet(enabled) != enabled && !closed.get()) {
            if (!enabled) {
                components().connections().resetInboundStreams(config.get(KademliaConfig.PROTOCOL));
            }
            components().connections().schedulePush(group.next());
        }
    }

    @Override
    public void announce(Set<Multiaddr> addresses) {
        Set<Multiaddr> previous = externalAddresses;
        externalAddresses = Set.copyOf(addresses);
        if (!previous.equals(externalAddresses) && !closed.get()) {
            components().connections().schedulePush(group.next());
        }
    }

    @Override
    public void trustAddresses(PeerInfo peer) {
        components().dialer().trusted().add(peer);
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return components().listeners().addresses();
    }

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        if (request instanceof KadRequest.AddProvider) {
            throw new IllegalArgumentException("ADD_PROVIDER has no response: use send");
        }
        return operations.start(
                timeout,
                callback,
                operation -> runWithOneRetry(
                        peer,
                        operation,
                        operation,
                        (connection, promise) -> client.request(connection, request, operation, promise)));
    }

    @Override
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return operations.start(
                timeout,
                new VoidCallback(callback),
                operation -> runWithOneRetry(
                        peer,
                        operation,
                        operation,
                        (connection, promise) -> client.send(connection, request, operation, promise)));
    }

    /**
     * Runs {@code work} on a connection to {@code peer}. If that connection is lost before a response, runs it once
     * more on another connection, because a peer may close a connection at any moment, and each request may be repeated.
     */
    private <T> void runWithOneRetry(
            PeerInfo peer,
            Operation<?> operation,
            OperationPromise<T> promise,
            BiConsumer<PeerConnection, OperationPromise<T>> work) {
        BiConsumer<PeerConnection, OperationPromise<T>> attempt = (connection, result) -> {
            connection.markUsed();
            work.accept(connection, result);
        };
        withConnection(
                peer,
                operation,
                connection ->
                        attempt.accept(connection, new RetryOncePromise<>(operation, promise, Kind.CLOSED, lost -> {
                            connection.reportLoss();
                            withConnection(
                                    peer,
                                    operation,
                                    second -> attempt.accept(second, promise),
                                    failure -> promise.fail(
                                            Kind.CLOSED, lost.message() + "; dialled again: " + failure.message()));
                        })),
                operation::fail);
    }

    /** Passes a connection to {@code peer} to {@code work}; dials if there is no open connection. */
    private void withConnection(
            PeerInfo peer,
            Operation<?> operation,
            Consumer<PeerConnection> work,
            Consumer<TransportFailure> onFailure) {
        Connections connections = components().connections();
        connections
                .find(peer.id())
                .ifPresentOrElse(
                        work,
                        () -> components().dialer().dial(peer, operation).addListener(dialled -> {
                            if (dialled.isSuccess()) {
                                operation.dequeued();
                                work.accept((PeerConnection) dialled.getNow());
                            } else if (dialled.cause() instanceof DialException failed) {
                                onFailure.accept(failed.failure());
                            } else {
                                onFailure.accept(
                                        new TransportFailure(Kind.UNREACHABLE, String.valueOf(dialled.cause())));
                            }
                        }));
    }

    /** Passes a connection to {@code peer} to {@code work}, and tests that connection if the operation times out. */
    private void withConnection(PeerInfo peer, Operation<?> operation, Consumer<PeerConnection> work) {
        withConnection(
                peer,
                operation,
                connection -> {
                    operation.setOnTimeout(connection::probe);
                    work.accept(connection);
                },
                operation::fail);
    }

    /** Starts an operation that passes a connection to {@code peer} to {@code work}. */
    private <T> Cancellable startOnConnection(
            PeerInfo peer, Duration timeout, Callback<T> callback, BiConsumer<PeerConnection, Operation<T>> work) {
        return operations.start(
                timeout,
                callback,
                operation -> withConnection(peer, operation, connection -> work.accept(connection, operation)));
    }

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return startOnConnection(
                peer, timeout, callback, (connection, operation) -> operation.succeed(connection.info()));
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return startOnConnection(
                peer,
                timeout,
                callback,
                (connection, operation) -> connection.identifyFuture().addListener(identified -> {
                    if (identified.isSuccess()) {
                        operation.succeed((PeerIdentification) identified.getNow());
                    } else {
                        new LossAwarePromise<>(connection, operation)
                                .fail(
                                        Identify.isRefusal(identified.cause()) ? Kind.UNSUPPORTED : Kind.RESET,
                                        "identify failed: " + identified.cause().getMessage());
                    }
                }));
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return startOnConnection(
                peer,
                timeout,
                callback,
                (connection, operation) ->
                        Ping.send(connection, negotiationTimeout, new LossAwarePromise<>(connection, operation)));
    }

    /**
     * Opens a stream of a protocol of the application to {@code peer}, on an open connection or a new one. Its connection is not closed as idle while
     * the stream is open. A stream that is not closed by both peers is closed by {@code Channel.close}, which resets it.
     *
     * @param protocol protocol ID, which the remote peer must serve; see {@link StreamProtocol#id}
     * @param handler first handler of the stream, added when both peers have agreed on the protocol, before the result completes
     * @param timeout limit until then, the dial included
     * @return the stream; completes on an event loop, which must not be blocked: use the methods that take an executor for what may. Fails with
     *     {@link KadException.TransportFailed}, of the kind {@code UNSUPPORTED} if the remote peer does not serve the protocol. Cancelling it resets
     *     the stream
     * @throws IllegalArgumentException if {@code protocol} is no protocol ID
     */
    public CompletableFuture<MuxedStream> openStream(
            PeerInfo peer, String protocol, ChannelHandler handler, Duration timeout) {
        StreamOpener opener = new StreamOpener(ApplicationProtocol.requireId(protocol), handler, negotiationTimeout);
        CompletableFuture<MuxedStream> result = new CompletableFuture<>();
        Callback<MuxedStream> callback = new Callback<>() {
            @Override
            public void onSuccess(MuxedStream stream) {
                if (!result.complete(stream)) {
                    stream.channel().close();
                }
            }

            @Override
            public void onFailure(TransportFailure failure) {
                result.completeExceptionally(new KadException.TransportFailed(failure));
            }
        };
        Cancellable running = startOnConnection(peer, timeout, callback, opener::open);
        result.whenComplete((stream, failure) -> {
            if (result.isCancelled()) {
                running.cancel();
            }
        });
        return result;
    }

    @Override
    public void disconnect(PeerId peer) {
        components().connections().disconnect(peer);
    }

    @Override
    public List<ConnectionInfo> connections() {
        return components().connections().infos();
    }

    /** Returns how often each limit was reached, by the name of its counter. */
    @Override
    public Map<String, Long> counters() {
        return counters.all();
    }

    /**
     * Returns the bytes that the connections hold, and their limits, with shared {@link NodeBudgets} those of all transports that share them; and
     * the bytes that the sockets of this transport have sent and received so far.
     */
    @Override
    public Map<String, Long> amounts() {
        return Map.of(
                "send-bytes", budgets.send().chargedBytes(),
                "send-bytes-limit", budgets.send().limit(),
                "receive-bytes", budgets.receive().chargedBytes(),
                "receive-bytes-limit", budgets.receive().limit(),
                "traffic-sent-bytes", traffic.sent(),
                "traffic-received-bytes", traffic.received());
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Components current = components;
        operations.close();
        if (current != null) {
            current.listeners().close();
            current.dialer().close();
        }
        closeChannels();
        transports.close();
        resolvers.close();
        securities.close();
        SharedEventLoops.release();
    }

    /** Closes the connections before the UDP sockets through which those of QUIC say so. */
    private void closeChannels() {
        long limit = TransportLimits.CLOSE_TIMEOUT.toMillis();
        channels.close(ChannelMatchers.isNotInstanceOf(DatagramChannel.class)).awaitUninterruptibly(limit);
        channels.close().awaitUninterruptibly(limit);
    }

    /** Owner of the connections for the dialer, from the start on. */
    private final class Owner implements DialOwner {

        private final TransportHandler handler;

        Owner(TransportHandler handler) {
            this.handler = handler;
        }

        @Override
        public Optional<PeerConnection> openConnection(PeerId peer) {
            return components().connections().find(peer);
        }

        @Override
        public ConnectionGate gate() {
            return handler.gate();
        }

        @Override
        public boolean isOffline() {
            return components().connections().isEmpty();
        }

        @Override
        public List<Multiaddr> listenAddresses() {
            return NettyTransport.this.listenAddresses();
        }

        @Override
        public @Nullable PeerConnection open(UpgradedConnection connection, Multiaddr remoteAddress, String transport) {
            return components().connections().open(connection, remoteAddress, transport);
        }

        @Override
        public void localIdentitySeen(Multiaddr local, Multiaddr remote, Bytes channelBinding) {
            handler.onEvent(new TransportEvent.LocalIdentitySeen(local, remote, Direction.OUTBOUND, channelBinding));
        }

        @Override
        public void addressFailed(PeerId peer, Multiaddr address, TransportFailure failure) {
            handler.onEvent(new TransportEvent.DialFailed(peer, address, failure));
        }
    }

    /** Local peer as identify describes it. */
    private final class TransportLocalPeer implements LocalPeer {

        @Override
        public Identity identity() {
            return identity;
        }

        @Override
        public Set<String> protocols() {
            return components().connections().protocolIds();
        }

        @Override
        public List<Multiaddr> addresses() {
            return List.copyOf(new LinkedHashSet<>(Stream.concat(externalAddresses.stream(), listenAddresses().stream())
                    .toList()));
        }
    }
}
