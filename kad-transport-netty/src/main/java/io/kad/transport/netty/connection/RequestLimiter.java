package io.kad.transport.netty.connection;

import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.stream.EventLoops;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Concurrency limiter for the outbound requests of one connection: at most {@link TransportLimits#MAX_REQUESTS_PER_CONNECTION} run
 * concurrently, and {@link TransportLimits#MAX_EARLY_REQUESTS_PER_CONNECTION} until the remote peer has sent something, which may still be
 * busy with the upgrade. Further ones are queued, up to a number and to the bytes that they hold.
 *
 * <p>Confined to the event loop of the connection, except {@link #acquire} and {@link #isBusy}, which may be called from any thread.
 */
public final class RequestLimiter {

    private record QueuedRequest(Operation<?> operation, long bytes, Consumer<Runnable> work) {}

    private final EventExecutor executor;
    private final BooleanSupplier hasReceivedStreamFrame;
    private final Runnable onReleased;
    private final Queue<QueuedRequest> queue = new ArrayDeque<>();
    private long queuedBytes;
    private int running;
    private volatile boolean busy;

    /**
     * Creates a limiter with all slots free.
     *
     * @param hasReceivedStreamFrame returns whether the remote peer has sent anything on a stream
     * @param onReleased called on {@code executor} when a request ends
     */
    RequestLimiter(EventExecutor executor, BooleanSupplier hasReceivedStreamFrame, Runnable onReleased) {
        this.executor = executor;
        this.hasReceivedStreamFrame = hasReceivedStreamFrame;
        this.onReleased = onReleased;
    }

    /**
     * Runs {@code work} as soon as a slot is free, unless {@code operation} has completed by then. Fails {@code
     * operation} as overloaded if the queue is full.
     *
     * @param bytes size of the request if it is large; 0 otherwise
     * @param work receives the action that releases the slot, which it must call; runs on the event loop of the
     *     connection
     */
    public void acquire(Operation<?> operation, long bytes, Consumer<Runnable> work) {
        onLoop(() -> {
            if (queue.size() == TransportLimits.MAX_QUEUED_REQUESTS) {
                operation.fail(
                        Kind.OVERLOADED,
                        "too many queued requests on this connection: limit of " + TransportLimits.MAX_QUEUED_REQUESTS
                                + " reached");
                return;
            } else if (queuedBytes > 0 && queuedBytes + bytes > TransportLimits.MAX_QUEUED_REQUEST_BYTES) {
                operation.fail(
                        Kind.OVERLOADED,
                        "too many bytes of queued requests on this connection: limit of "
                                + TransportLimits.MAX_QUEUED_REQUEST_BYTES + " reached");
                return;
            }
            queue.add(new QueuedRequest(operation, bytes, work));
            queuedBytes += bytes;
            startQueued();
            if (!queue.isEmpty()) { // then this operation, the last of the queue, has no slot yet
                operation.queued();
            }
        });
    }

    /** Returns the number of requests that have a slot. Called on the event loop. */
    public int running() {
        return running;
    }

    /** Called when the remote peer may have sent something on a stream for the first time. May be called from any thread. */
    void mayHaveReceivedStreamFrame() {
        EventLoops.runOn(executor, this::startQueued, ended -> {});
    }

    /** Returns whether requests are in flight or queued. May be called from any thread. */
    boolean isBusy() {
        return busy;
    }

    private void startQueued() {
        while (!queue.isEmpty() && running < maxRunning()) {
            QueuedRequest next = queue.remove();
            queuedBytes -= next.bytes();
            running++;
            next.operation().dequeued();
            next.operation()
                    .ifPendingOrElse(
                            () -> onLoop(() -> next.work().accept(new Release())), () -> onLoop(this::release));
        }
        busy = running > 0;
    }

    private int maxRunning() {
        return hasReceivedStreamFrame.getAsBoolean()
                ? TransportLimits.MAX_REQUESTS_PER_CONNECTION
                : TransportLimits.MAX_EARLY_REQUESTS_PER_CONNECTION;
    }

    private void release() {
        running--;
        onReleased.run();
        startQueued();
    }

    private void onLoop(Runnable action) {
        EventLoops.runOn(executor, action);
    }

    /** Release of a slot; has no effect after the first call. */
    private final class Release implements Runnable {
        private boolean released;

        @Override
        public void run() {
            onLoop(() -> {
                if (!released) {
                    released = true;
                    release();
                }
            });
        }
    }
}
