package io.kad.transport.netty.quic;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt to connect: reports the first of its results. Confined to the event loop of the connection, except {@link #cancel}. */
final class QuicDial implements UpgradeListener {

    private final EventLoop loop;
    private final PeerId expected;
    private final InetSocketAddress remote;
    private final DialListener listener;
    private final QuicHandshake handshake;
    private boolean reported;

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
        this.listener = listener;
        this.handshake = contexts.handshake(expected, timeout, this);
    }

    /**
     * Connects through {@code socket}.
     *
     * @param failure why the socket could not be bound; null if it was
     */
    void start(Channel socket, @Nullable Throwable failure) {
        if (failure != null) {
            fail(Kind.UNREACHABLE, "cannot open a UDP socket: " + failure.getMessage());
        }
        if (reported) {
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
                        fail(Kind.UNREACHABLE, String.valueOf(connected.cause().getMessage()));
                    }
                });
    }

    /** Ends the attempt without a result. May be called from any thread. */
    void cancel() {
        EventLoops.runOn(
                loop,
                () -> {
                    reported = true;
                    handshake.cancel();
                },
                terminated -> {});
    }

    @Override
    public void onUpgraded(UpgradedConnection connection) {
        if (reported) {
            connection.channel().close();
            return;
        }
        reported = true;
        RemoteSocket.set(connection.channel(), remote);
        listener.onUpgraded(connection);
    }

    @Override
    public void onFailed(Channel channel, UpgradeException cause) {
        if (!reported && ((QuicChannel) channel).localSocketAddress() instanceof InetSocketAddress local) {
            cause.localIdentity()
                    .ifPresent(name -> listener.onLocalIdentity(
                            QuicTransport.ADDRESSES.address(local), QuicTransport.ADDRESSES.address(remote), name));
        }
        Kind kind = switch (cause.reason()) {
            case WRONG_PEER -> Kind.WRONG_PEER;
            case OVERLOADED -> Kind.OVERLOADED;
            case SECURITY -> Kind.REFUSED;
            case CLOSED, LIMIT, NEGOTIATION -> handshake.hasResponded() ? Kind.REFUSED : Kind.UNREACHABLE;
            case TIMEOUT, LOCAL_PEER, INTERNAL -> Kind.UNREACHABLE;
        };
        fail(kind, String.valueOf(cause.getMessage()));
    }

    private void fail(Kind kind, String reason) {
        if (!reported) {
            reported = true;
            listener.onFailed(kind, reason);
        }
    }
}
