package io.kad.transport.netty.connection;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.RemoteSource;
import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.PartialMessageBudget;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Authenticated and multiplexed connection to a remote peer.
 *
 * <p>Methods may be called from any thread, except {@link #closeWhenIdle} and those that change the identification, which are called on the event loop
 * of the channel. The limiters and budgets that others return have rules of their own.
 */
public final class PeerConnection {

    private static final AttributeKey<Boolean> EVICTED = AttributeKey.valueOf(PeerConnection.class, "evicted");

    private final ConnectionInfo initialInfo;
    private final Channel channel;
    private final String group;
    private final MuxedConnection muxed;
    private final RequestLimiter requestLimiter;
    private final InboundStreams inboundStreams = new InboundStreams();
    private final RecordReadLimiter recordReadLimiter = new RecordReadLimiter();
    private final PartialMessageBudget partialMessageBudget;
    private final ConnectionBudget budget;
    private volatile Promise<PeerIdentification> identifyFuture;
    private final SingleFlight<Duration> rttMeasurement;
    private volatile @Nullable PeerIdentification identification;
    private final long openedNanos = System.nanoTime();
    private final AtomicInteger requestsInService = new AtomicInteger();
    private volatile long lastUsedNanos = openedNanos;
    private volatile boolean disconnected;
    private volatile boolean closing;
    private volatile @Nullable Runnable onLoss;
    private long lastStreamNanos;
    private long openedStreams;

    /**
     * Creates a connection.
     *
     * @param initialInfo state of the connection at its beginning
     * @param partialMessageBudget limit of buffered bytes of incomplete messages over all streams
     * @param budget what the connection may hold
     */
    public PeerConnection(
            ConnectionInfo initialInfo,
            MuxedConnection muxed,
            PartialMessageBudget partialMessageBudget,
            ConnectionBudget budget) {
        this.budget = budget;
        this.partialMessageBudget = partialMessageBudget;
        this.initialInfo = initialInfo;
        this.muxed = muxed;
        this.channel = muxed.channel();
        this.group = RemoteSource.of(RemoteSocket.of(channel)).pruningGroup();
        this.requestLimiter = new RequestLimiter(channel.eventLoop(), muxed::hasReceivedStreamFrame, this::markUsed);
        this.identifyFuture = channel.eventLoop().newPromise();
        this.rttMeasurement = new SingleFlight<>(channel.eventLoop());
    }

    /** Returns the ID of this connection, unique within its transport. */
    public long id() {
        return initialInfo.id();
    }

    /** Returns the remote peer. */
    public PeerId peer() {
        return initialInfo.peer();
    }

    /** Returns the remote address, without {@code /p2p}. */
    public Multiaddr remoteAddress() {
        return initialInfo.remoteAddress();
    }

    /** Returns whether the local or the remote peer dialled. */
    public ConnectionInfo.Direction direction() {
        return initialInfo.direction();
    }

    /** Returns the current state of this connection. */
    public ConnectionInfo info() {
        return new ConnectionInfo(
                initialInfo.id(),
                initialInfo.peer(),
                initialInfo.remoteAddress(),
                initialInfo.direction(),
                initialInfo.transport(),
                initialInfo.security(),
                initialInfo.muxer(),
                isOpen() ? muxed.streamCount() : 0);
    }

    /** Marks a connection that the local peer closes because too many bytes wait. May be called from any thread. */
    public static void markEvicted(Channel connection) {
        connection.attr(EVICTED).set(true);
    }

    /** Returns whether the local peer has closed this connection because too many bytes waited. */
    public boolean isClosedForOverload() {
        return channel.attr(EVICTED).get() != null;
    }

    /** Returns whether the user of the local peer has closed this connection. */
    public boolean isClosedByUser() {
        return disconnected;
    }

    /** Returns whether streams can be opened: not once its user has closed it. */
    public boolean isOpen() {
        return !disconnected && channel.isActive() && muxed.isOpen();
    }

    /** Returns the reason for which this connection ended; empty while it is open. */
    Optional<String> endReason() {
        return muxed.endReason();
    }

    /** Returns the failure of a connection whose remote peer has refused the muxer after all; empty for any other one. */
    Optional<TransportFailure> upgradeFailure() {
        return ConnectionUpgrade.lateFailure(channel)
                .map(cause -> new TransportFailure(
                        TransportFailure.Kind.REFUSED, remoteAddress() + ": " + cause.getMessage(), cause.dial()));
    }

    /** Counts this connection as used now: those that were unused for the longest time are pruned first. May be called from any thread. */
    public void markUsed() {
        lastUsedNanos = System.nanoTime();
    }

    /** Counts this connection as busy, so that it is not pruned, until {@link #endUse}. May be called from any thread. */
    public void beginUse() {
        requestsInService.incrementAndGet();
    }

    /** Ends what {@link #beginUse} began: the response has left, or the stream has ended. May be called from any thread. */
    public void endUse() {
        markUsed();
        requestsInService.decrementAndGet();
    }

    /** Counts this connection as used until {@code stream} has closed. May be called from any thread. */
    public void useUntilClosed(Channel stream) {
        beginUse();
        stream.closeFuture().addListener(closed -> endUse());
    }

    private boolean isBusy() {
        return requestLimiter.isBusy() || requestsInService.get() > 0;
    }

    /** Returns what the rules for making room need to know of this connection. */
    public PruningRules.Candidate<PeerConnection> pruningCandidate(boolean isProtected) {
        long now = System.nanoTime();
        return new PruningRules.Candidate<>(
                this, direction(), isProtected, now - openedNanos, isBusy() ? 0 : now - lastUsedNanos, group);
    }

    /** Returns the channel of this connection. */
    public Channel channel() {
        return channel;
    }

    /** Returns the event loop of this connection. */
    public EventExecutor executor() {
        return channel.eventLoop();
    }

    /** Returns the limiter of outbound requests on this connection. */
    public RequestLimiter requestLimiter() {
        return requestLimiter;
    }

    /** Returns the inbound streams of this connection. */
    public InboundStreams inboundStreams() {
        return inboundStreams;
    }

    /** Returns the permits to read stored records for the remote peer. */
    public RecordReadLimiter recordReadLimiter() {
        return recordReadLimiter;
    }

    /** Returns the limit of buffered bytes of incomplete messages over all streams. */
    public PartialMessageBudget partialMessageBudget() {
        return partialMessageBudget;
    }

    /** Returns what this connection may hold. */
    public ConnectionBudget budget() {
        return budget;
    }

    /** Returns the RTT measurement, which concurrent callers share. */
    public SingleFlight<Duration> rttMeasurement() {
        return rttMeasurement;
    }

    /**
     * Returns the future of the latest attempt to get the first identify response; completed by {@link #completeIdentify} or failed by {@link
     * #failIdentify}.
     */
    public Future<PeerIdentification> identifyFuture() {
        return identifyFuture;
    }

    /** Returns the latest identification of the remote peer; null before the first. */
    public @Nullable PeerIdentification identification() {
        return identification;
    }

    /** Sets the identification of the remote peer, and completes {@link #identifyFuture()}. */
    public void completeIdentify(PeerIdentification identification) {
        this.identification = identification;
        identifyFuture.trySuccess(identification);
        requestLimiter.mayHaveReceivedStreamFrame();
    }

    /** Replaces a failed {@link #identifyFuture()} by a new one, of another attempt. */
    public void restartIdentify() {
        if (identifyFuture.isDone() && !identifyFuture.isSuccess()) {
            identifyFuture = channel.eventLoop().newPromise();
        }
    }

    /** Fails {@link #identifyFuture()}. */
    public void failIdentify(Throwable cause) {
        identifyFuture.tryFailure(cause);
        requestLimiter.mayHaveReceivedStreamFrame();
    }

    /** Opens a stream with {@code handler} as its first handler, and notifies {@code listener} on the event loop. */
    public void openStream(ChannelHandler handler, GenericFutureListener<Future<MuxedStream>> listener) {
        muxed.openStream(handler).addListener(listener);
    }

    /**
     * Closes the connection once it has had no streams for {@code idle}, not even short ones. Checked at intervals of half that time, at
     * most 10 s.
     */
    public void closeWhenIdle(Duration idle) {
        lastStreamNanos = System.nanoTime();
        long interval = Math.max(1, Math.min(idle.toNanos() / 2, TimeUnit.SECONDS.toNanos(10)));
        Future<?> check = channel.eventLoop()
                .scheduleWithFixedDelay(
                        () -> {
                            long now = System.nanoTime();
                            long opened = muxed.openedStreamCount();
                            if (muxed.streamCount() > 0 || opened != openedStreams) {
                                lastStreamNanos = now;
                                openedStreams = opened;
                            } else if (now - lastStreamNanos >= idle.toNanos()) {
                                budget.counters()
                                        .countAndLog(
                                                LimitId.IDLE_CONNECTION_TIMEOUT, "closed the connection to " + this);
                                close();
                            }
                        },
                        interval,
                        interval,
                        TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(closed -> check.cancel(false));
    }

    /** Closes the connection unless its remote peer sends any byte within {@code silence-timeout}; called when it seems to be gone. */
    public void probe() {
        if (isOpen()) {
            muxed.probe();
        }
    }

    /** Cancels {@code task} when the connection closes, unless it has ended before. */
    public void cancelOnClose(Future<?> task) {
        GenericFutureListener<Future<Void>> cancel = closed -> task.cancel(false);
        channel.closeFuture().addListener(cancel);
        task.addListener(ended -> channel.closeFuture().removeListener(cancel));
    }

    /** Runs {@code action} when the connection has closed. */
    public void onClose(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    /** Runs {@code action} with {@link #reportLoss}, and again when the connection has closed. Replaces the action before. */
    public void onLoss(Runnable action) {
        onLoss = action;
        onClose(action);
    }

    /** Called when an operation has found the connection lost, which it may before the channel is closed. May be called from any thread. */
    public void reportLoss() {
        Runnable action = onLoss;
        if (action != null) {
            action.run();
        }
    }

    /** Returns whether the remote peer has sent anything on a stream. */
    public boolean hasReceivedStreamFrame() {
        return muxed.hasReceivedStreamFrame();
    }

    /** Returns whether it was the local peer that closed this connection, for a reason of its own. */
    public boolean isClosedLocally() {
        return closing || isClosedForOverload();
    }

    /** Closes the connection for the user of the local peer: what is in flight on it is cancelled. */
    public void disconnect() {
        disconnected = true;
        close();
    }

    /** Closes the connection with all its streams. */
    public Future<Void> close() {
        closing = true;
        return muxed.close(ErrorCode.NONE);
    }

    @Override
    public String toString() {
        return initialInfo.peer() + " at " + initialInfo.remoteAddress();
    }
}
