package io.kad.transport.netty;

import io.kad.api.Identity;
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
import io.kad.transport.netty.dial.Dialer;
import io.kad.transport.netty.dial.HostResolvers;
import io.kad.transport.netty.dial.SocketAddresses;
import io.kad.transport.netty.dial.TcpConnector;
import io.kad.transport.netty.identify.LocalPeer;
import io.kad.transport.netty.kad.KadClient;
import io.kad.transport.netty.kad.KadFrameCodec;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.noise.NoiseException;
import io.kad.transport.netty.noise.NoiseHandshakeHandler;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.operation.FirstAttempt;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.OperationPromise;
import io.kad.transport.netty.operation.Operations;
import io.kad.transport.netty.ping.Ping;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedPeer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * libp2p transport over TCP: multistream-select, Noise, Yamux, identify and ping.
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
    private final HostResolvers resolvers;
    private final KademliaConfig config;
    private final Identity identity;
    private final ConnectionLimiter connectionLimiter;
    private final Protocols protocols;
    private final KadClient client;
    private final ConnectionUpgrade upgrade;
    private final PerConnectionLimits limits;
    private final Duration negotiationTimeout;
    private final LimitCounters counters = new LimitCounters();
    private final NodeBudgets budgets;
    private final LocalInterfaces interfaces;
    private volatile Set<Multiaddr> externalAddresses = Set.of();
    private volatile @Nullable Components components;

    /** Components that exist once the transport is started. */
    private record Components(TransportHandler handler, Listeners listeners, Connections connections, Dialer dialer) {}

    /**
     * Creates a transport that is not yet started.
     *
     * @param clock wall clock, for the lifetimes of records
     */
    public NettyTransport(Identity identity, KademliaConfig config, InstantSource clock) {
        this(identity, config, clock, NodeBudgets.of(config));
    }

    /**
     * Creates a transport that is not yet started, and shares budgets with other transports of this process.
     *
     * @param clock wall clock, for the lifetimes of records
     * @param budgets bytes that the connections of all those transports may hold together
     */
    public NettyTransport(Identity identity, KademliaConfig config, InstantSource clock, NodeBudgets budgets) {
        this(identity, config, clock, budgets, LocalInterfaces.SYSTEM);
    }

    /** Creates a transport on a machine with the given network interfaces. */
    NettyTransport(
            Identity identity,
            KademliaConfig config,
            InstantSource clock,
            NodeBudgets budgets,
            LocalInterfaces interfaces) {
        this.interfaces = interfaces;
        KadFrameCodec frameCodec = new KadFrameCodec(config, clock);
        this.identity = identity;
        this.config = config;
        this.budgets = budgets;
        this.resolvers = new HostResolvers(config.get(TransportOptions.MAX_DNS_NAMES));
        this.connectionLimiter = new ConnectionLimiter(config, counters, System::nanoTime);
        this.protocols = new Protocols(config, frameCodec, new PeerRates(config, counters));
        this.client = new KadClient(config.get(KademliaConfig.PROTOCOL), frameCodec);
        this.upgrade = new ConnectionUpgrade(
                NoiseIdentity.create(identity, List.of("/yamux/1.0.0"), checks),
                config.get(TransportOptions.UPGRADE_TIMEOUT));
        this.limits = new PerConnectionLimits(config, budgets, counters);
        this.negotiationTimeout = frameCodec.limits().negotiationTimeout();
    }

    @Override
    public synchronized void start(TransportHandler handler) {
        if (components != null) {
            throw new IllegalStateException("the transport is already started");
        }
        Connections[] connections = new Connections[1];
        Dialer dialer = new Dialer(
                group,
                config,
                counters,
                new TcpConnector(
                        upgrade,
                        (channel, peer, address, direction) -> connections[0].open(channel, peer, address, direction),
                        channel -> localIdentitySeen(handler, channel, Direction.OUTBOUND)),
                resolvers,
                peer -> connections[0].find(peer),
                () -> connections[0].isEmpty(),
                this::listenAddresses,
                (peer, address, failure) -> handler.onEvent(new TransportEvent.DialFailed(peer, address, failure)));
        connections[0] = new Connections(
                protocols,
                connectionLimiter,
                channels,
                limits,
                new TransportLocalPeer(),
                negotiationTimeout,
                checks,
                handler,
                dialer);
        Listeners listeners = new Listeners(
                new ListenerSockets(group, new Acceptor(connections[0], handler), channels),
                interfaces,
                group.next(),
                handler::onEvent,
                () -> connections[0].schedulePush(group.next()));
        components = new Components(handler, listeners, connections[0], dialer);
    }

    private static void localIdentitySeen(TransportHandler handler, Channel channel, Direction direction) {
        Bytes connection = channel.attr(NoiseHandshakeHandler.HANDSHAKE_HASH_OF_LOCAL_IDENTITY)
                .get();
        if (connection != null
                && channel.localAddress() instanceof InetSocketAddress local
                && channel.remoteAddress() instanceof InetSocketAddress remote) {
            handler.onEvent(new TransportEvent.LocalIdentitySeen(
                    SocketAddresses.toMultiaddr(local), SocketAddresses.toMultiaddr(remote), direction, connection));
        }
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
        if (protocols.serve(enabled) && !closed.get()) {
            if (!enabled) {
                components().connections().resetKadStreams();
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
                connection -> attempt.accept(
                        connection,
                        new FirstAttempt<>(
                                operation,
                                promise,
                                lost -> withConnection(
                                        peer,
                                        operation,
                                        second -> attempt.accept(second, promise),
                                        failure -> promise.fail(
                                                Kind.CLOSED,
                                                lost.message() + "; dialled again: " + failure.message())))),
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
                                operation.resume();
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

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return operations.start(
                timeout,
                callback,
                operation -> withConnection(peer, operation, connection -> operation.succeed(connection.info())));
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return operations.start(
                timeout,
                callback,
                operation -> withConnection(
                        peer,
                        operation,
                        connection -> connection.identifyFuture().addListener(identified -> {
                            if (identified.isSuccess()) {
                                operation.succeed((PeerIdentification) identified.getNow());
                            } else {
                                new LossAwarePromise<>(connection, operation)
                                        .fail(
                                                Kind.RESET,
                                                "identify failed: "
                                                        + identified.cause().getMessage());
                            }
                        })));
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return operations.start(
                timeout,
                callback,
                operation -> withConnection(
                        peer,
                        operation,
                        connection -> Ping.send(
                                connection, negotiationTimeout, new LossAwarePromise<>(connection, operation))));
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

    /** Returns the bytes that the connections hold, and their limits; with shared {@link NodeBudgets} those of all transports that share them. */
    @Override
    public Map<String, Long> amounts() {
        return Map.of(
                "send-bytes", budgets.send().used(),
                "send-bytes-limit", budgets.send().limit(),
                "receive-bytes", budgets.receive().used(),
                "receive-bytes-limit", budgets.receive().limit());
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
        channels.close().awaitUninterruptibly(TransportLimits.CLOSE_TIMEOUT.toMillis());
        resolvers.close();
        SharedEventLoops.release();
    }

    /** Local peer as identify describes it. */
    private final class TransportLocalPeer implements LocalPeer {

        @Override
        public Identity identity() {
            return identity;
        }

        @Override
        public Set<String> protocols() {
            return protocols.names();
        }

        @Override
        public List<Multiaddr> addresses() {
            return List.copyOf(new LinkedHashSet<>(Stream.concat(externalAddresses.stream(), listenAddresses().stream())
                    .toList()));
        }
    }

    /** First handler of each accepted connection: starts its upgrade. */
    @Sharable
    private final class Acceptor extends ChannelInitializer<Channel> {

        private final Connections connections;
        private final TransportHandler handler;

        Acceptor(Connections connections, TransportHandler handler) {
            this.connections = connections;
            this.handler = handler;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (closed.get()
                    || !(channel.remoteAddress() instanceof InetSocketAddress socket) // the remote peer has left again
                    || !connections.accept(channel)) {
                channel.close();
                return;
            }
            channels.add(channel);
            Multiaddr remote = SocketAddresses.toMultiaddr(socket);
            upgrade.accept(channel, new UpgradeListener() {
                @Override
                public void onUpgraded(Channel secured, UpgradedPeer peer) {
                    connectionLimiter.upgradeFinished(secured);
                    connections.open(secured, peer, remote, Direction.INBOUND);
                }

                @Override
                public void onFailed(Channel failed, UpgradeException cause) {
                    connectionLimiter.upgradeFinished(failed);
                    String effect = "closed the connection to " + remote + ": " + cause.getMessage();
                    switch (cause.reason()) {
                        case TIMEOUT -> counters.count(Limit.UPGRADE_TIMEOUT, effect);
                        case LIMIT -> counters.count(Limit.UPGRADE_BYTES, effect);
                        case LOCAL_PEER -> localIdentitySeen(handler, failed, Direction.INBOUND);
                        case OVERLOADED -> counters.count(Limit.SIGNATURE_CHECKS, effect);
                        case SECURITY -> {
                            if (cause.getCause() instanceof NoiseException noise
                                    && noise.reason() == NoiseException.Reason.LIMIT) {
                                counters.count(Limit.HANDSHAKE, effect);
                            }
                        }
                        case CLOSED, NEGOTIATION, WRONG_PEER, INTERNAL -> {}
                    }
                }
            });
        }
    }

    /** Adapter for operations without a result. */
    private record VoidCallback(Callback<Void> callback) implements Callback<Boolean> {

        @Override
        @SuppressWarnings("NullAway") // the one value of Void
        public void onSuccess(Boolean done) {
            callback.onSuccess(null);
        }

        @Override
        public void onDelayed() {
            callback.onDelayed();
        }

        @Override
        public void onResumed() {
            callback.onResumed();
        }

        @Override
        public void onFailure(TransportFailure failure) {
            callback.onFailure(failure);
        }
    }
}
