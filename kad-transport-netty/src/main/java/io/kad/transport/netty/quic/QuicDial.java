package io.kad.transport.netty.quic;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.DialResult;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt to connect. Confined to the event loop of the connection, except {@link #cancel}. */
final class QuicDial implements UpgradeListener {

    private final EventLoop loop;
    private final PeerId expected;
    private final InetSocketAddress remote;
    private final DialResult result;
    private final QuicHandshake handshake;

    QuicDial(
            EventLoop loop,
            QuicContexts contexts,
            PeerId expected,
            InetSocketAddress remote,
            Duration timeout,
            DialListener listener) {
        this.loop = loop;
        this.expected = expected;
        this.remote = remote;
        this.result = new DialResult(QuicTransport.ADDRESSES, listener);
        this.handshake = contexts.handshake(expected, timeout, this);
    }

    /**
     * Connects through {@code socket}.
     *
     * @param failure why the socket could not be bound; null if it was
     */
    void start(Channel socket, @Nullable Throwable failure) {
        if (failure != null) {
            result.failed(Kind.UNREACHABLE, Optional.empty(), "cannot open a UDP socket: " + failure.getMessage());
        }
        if (result.isDone()) {
            return;
        }
        QuicChannel.newBootstrap(socket)
                .handler(handshake)
                .streamHandler(new QuicContexts.StreamAcceptor())
                .option(ChannelOption.AUTO_READ, false)
                .attr(QuicContexts.expected(), expected)
                .remoteAddress(remote)
                .connect()
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        handshake.failed(connected.cause());
                        result.failed(Kind.UNREACHABLE, Optional.of(DialFailure.NO_RESPONSE), connected.cause());
                    }
                });
    }

    /** Ends the attempt without a result. May be called from any thread. */
    void cancel() {
        EventLoops.runOn(
                loop,
                () -> {
                    result.cancel();
                    handshake.cancel();
                },
                terminated -> {});
    }

    @Override
    public void onUpgraded(UpgradedConnection connection) {
        RemoteSocket.set(connection.channel(), remote);
        result.upgraded(connection);
    }

    @Override
    public void onUpgradeFailed(Channel channel, UpgradeException cause) {
        result.failed(((QuicChannel) channel).localSocketAddress(), remote, handshake.hasResponded(), cause);
    }
}
