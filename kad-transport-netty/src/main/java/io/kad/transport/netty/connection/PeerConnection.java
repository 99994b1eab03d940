package io.kad.transport.netty.connection;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.transport.netty.stream.ReceiveBudget;
import io.kad.transport.netty.yamux.YamuxHandler;
import io.kad.transport.netty.yamux.YamuxStreamChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated connection to a peer, on which streams are opened.
 *
 * <p>Belongs to the event loop of its channel; its methods may be called from any thread.
 */
public final class PeerConnection {

    private final ConnectionInfo opened;
    private final Channel channel;
    private final YamuxHandler muxer;
    private final RequestLimiter requests;
    private final InboundStreams inboundStreams = new InboundStreams();
    private final ReceiveBudget budget;
    private final Promise<PeerIdentification> identified;
    private final SingleFlight<Duration> pings;
    private volatile @Nullable PeerIdentification latest;
    private long busyNanos;

    /**
     * Makes a connection of a channel whose pipeline holds {@code muxer}.
     *
     * @param opened what is known of the connection at its beginning
     * @param budget what the streams of the connection may hold of incomplete messages
     */
    public PeerConnection(ConnectionInfo opened, Channel channel, YamuxHandler muxer, ReceiveBudget budget) {
        this.budget = budget;
        this.opened = opened;
        this.channel = channel;
        this.muxer = muxer;
        this.requests = new RequestLimiter(channel.eventLoop());
        this.identified = channel.eventLoop().newPromise();
        this.pings = new SingleFlight<>(channel.eventLoop());
    }

    /** Returns the number of this connection. */
    public long id() {
        return opened.id();
    }

    /** Returns the peer at the other end. */
    public PeerId peer() {
        return opened.peer();
    }

    /** Returns the address at the other end, without {@code /p2p}. */
    public Multiaddr remoteAddress() {
        return opened.remoteAddress();
    }

    /** Returns who dialled. */
    public ConnectionInfo.Direction direction() {
        return opened.direction();
    }

    /** Returns the connection as it is now. */
    public ConnectionInfo info() {
        return new ConnectionInfo(
                opened.id(),
                opened.peer(),
                opened.remoteAddress(),
                opened.direction(),
                opened.security(),
                opened.muxer(),
                isOpen() ? muxer.streamCount() : 0);
    }

    /** Returns whether streams can be opened. */
    public boolean isOpen() {
        return channel.isActive();
    }

    /** Returns the event loop. */
    public EventExecutor executor() {
        return channel.eventLoop();
    }

    /** Returns what limits our requests on this connection. */
    public RequestLimiter requestLimiter() {
        return requests;
    }

    /** Returns what limits the streams of the peer. */
    public InboundStreams inboundStreams() {
        return inboundStreams;
    }

    /** Returns what the streams of the connection may hold of incomplete messages. */
    public ReceiveBudget receiveBudget() {
        return budget;
    }

    /** Returns the measurement of the round trip that is under way, if any. */
    public SingleFlight<Duration> rttMeasurement() {
        return pings;
    }

    /** Returns what the peer says of itself first; completed by {@link #completeIdentify}. */
    public Future<PeerIdentification> identifyFuture() {
        return identified;
    }

    /** Returns what the peer said of itself last; null if it has not yet. */
    public @Nullable PeerIdentification identification() {
        return latest;
    }

    /** Takes note of what the peer says of itself. */
    public void completeIdentify(PeerIdentification identification) {
        latest = identification;
        identified.trySuccess(identification);
    }

    /** Takes note that the peer does not say what it is. */
    public void failIdentify(Throwable cause) {
        identified.tryFailure(cause);
    }

    /** Opens a stream that begins with {@code handler}, and tells {@code listener} on the event loop. */
    public void openStream(ChannelHandler handler, GenericFutureListener<Future<YamuxStreamChannel>> listener) {
        muxer.openStream(handler).addListener(listener);
    }

    /** Closes the connection once it has been without streams for {@code idle}. */
    public void closeWhenIdle(Duration idle) {
        busyNanos = System.nanoTime();
        long step = Math.max(1, Math.min(idle.toNanos() / 2, TimeUnit.SECONDS.toNanos(10)));
        Future<?> check = channel.eventLoop()
                .scheduleWithFixedDelay(
                        () -> {
                            long now = System.nanoTime();
                            if (muxer.streamCount() > 0) {
                                busyNanos = now;
                            } else if (now - busyNanos >= idle.toNanos()) {
                                close();
                            }
                        },
                        step,
                        step,
                        TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(closed -> check.cancel(false));
    }

    /** Runs {@code action} when the connection is gone. */
    public void onClose(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    /** Says goodbye to the peer and closes the connection with all its streams. */
    public Future<Void> close() {
        return channel.close();
    }

    @Override
    public String toString() {
        return opened.peer() + " at " + opened.remoteAddress();
    }
}
