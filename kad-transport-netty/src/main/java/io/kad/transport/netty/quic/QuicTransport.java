package io.kad.transport.netty.quic;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.TrafficCounter;
import io.kad.transport.netty.transport.TransportProtocol;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Transport over QUIC version 1, whose connections are secured and multiplexed by themselves. */
public final class QuicTransport implements TransportProtocol {

    /** Name of the transport. */
    static final String NAME = "quic";

    /** Rank of QUIC, before TCP, as it needs two RTTs less; as in go-libp2p. */
    private static final int RANK = 10;

    static final AddressPattern ADDRESSES = new AddressPattern(MultiaddrProtocol.UDP, MultiaddrProtocol.QUIC_V1);

    private final EventLoopGroup group;
    private final QuicContexts contexts;
    private final Duration timeout;
    private final HalfOpenHandshakes handshakes;
    private final DialSockets dialSockets;
    private final TrafficCounter traffic;
    private final Optional<String> problem;

    /**
     * Creates the transport.
     *
     * @param group event loops of listening sockets; a socket and all its connections have one
     * @param timeout limit of a handshake
     * @param maxHandshakes limit of inbound handshakes that have not ended; from a quarter of it on, remote peers must prove their address
     * @param traffic counts the bytes of the sockets
     * @param problem why this peer may not use QUIC, with what to do; empty if it may
     */
    public QuicTransport(
            EventLoopGroup group,
            QuicContexts contexts,
            Duration timeout,
            int maxHandshakes,
            TrafficCounter traffic,
            Optional<String> problem) {
        this.problem = problem;
        this.group = group;
        this.contexts = contexts;
        this.timeout = timeout;
        this.traffic = traffic;
        this.handshakes = new HalfOpenHandshakes(Math.max(1, maxHandshakes / 4), Math.max(2, maxHandshakes));
        this.dialSockets = new DialSockets(contexts, traffic);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int rank() {
        return RANK;
    }

    @Override
    public Optional<InetSocketAddress> dialSocket(Multiaddr address) {
        return problem.isPresent() ? Optional.empty() : ADDRESSES.socket(address);
    }

    @Override
    public Optional<String> listenProblem() {
        return problem;
    }

    @Override
    public Optional<InetSocketAddress> listenSocket(Multiaddr address) {
        return ADDRESSES.socket(address).filter(socket -> !socket.isUnresolved());
    }

    @Override
    public String listenForm() {
        return ADDRESSES.form();
    }

    @Override
    public Multiaddr address(InetSocketAddress socket) {
        return ADDRESSES.address(socket);
    }

    @Override
    public Runnable dial(
            EventLoop loop, PeerId expected, Multiaddr address, InetSocketAddress socket, DialListener listener) {
        Duration limit =
                timeout.compareTo(TransportLimits.CONNECT_TIMEOUT) < 0 ? timeout : TransportLimits.CONNECT_TIMEOUT;
        QuicDial dial = new QuicDial(loop, contexts, expected, socket, limit, listener);
        dialSockets
                .get(loop, socket)
                .addListener(bound -> EventLoops.runOn(
                        loop, () -> dial.start(((ChannelFuture) bound).channel(), bound.cause()), ended -> {}));
        return dial::cancel;
    }

    @Override
    public ChannelFuture listen(InetSocketAddress socket, AcceptListener listener) {
        RetryTokens tokens = new RetryTokens(handshakes);
        ChannelHandler codec =
                contexts.listener(tokens, () -> new QuicAcceptor(contexts, timeout, tokens, handshakes, listener));
        Bootstrap bootstrap = UdpSockets.bootstrap(group, socket.getAddress(), traffic, codec);
        return bootstrap.bind(socket);
    }

    @Override
    public void close() {
        dialSockets.close();
    }
}
