package io.kad.transport.netty.kad;

import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.SendBudget;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.OperationPromise;
import io.kad.transport.netty.stream.EventLoops;
import org.jspecify.annotations.Nullable;

/**
 * Room that one large request of the local peer needs among the unsent bytes of a connection: it is sent once there is room, in turn with
 * the responses, and is delayed until then. A request that is not large needs none. Confined to the event loop of the connection.
 */
final class LargeRequestReservation {

    private final PeerConnection connection;
    private final Operation<?> operation;
    private final OperationPromise<?> promise;
    private final Runnable send;
    private final Runnable onCancelled;
    private SendBudget.@Nullable Reservation room;

    /**
     * Creates the room of a request.
     *
     * @param promise fails if the connection is lost before
     * @param send sends the request; {@link #release} must follow
     * @param onCancelled called in its place if the operation ends, or the connection is lost, before
     */
    LargeRequestReservation(
            PeerConnection connection,
            Operation<?> operation,
            OperationPromise<?> promise,
            Runnable send,
            Runnable onCancelled) {
        this.connection = connection;
        this.operation = operation;
        this.promise = promise;
        this.send = send;
        this.onCancelled = onCancelled;
    }

    /** Waits for room for {@code bytes}, 0 for a request that is not large. */
    void acquire(long bytes) {
        if (bytes == 0) {
            send.run();
            return;
        }
        SendBudget.Reservation reserved = connection.budget().sendBudget().reserve(bytes, this::onRoom, this::onLost);
        room = reserved;
        operation.setOnAbort(() -> onLoop(this::abandon));
        if (reserved.isGranted()) {
            onRoom();
        } else {
            operation.queued();
        }
    }

    private void onRoom() {
        operation.dequeued();
        operation.ifPendingOrElse(() -> onLoop(this::sendIfOpen), () -> onLoop(this::abandon));
    }

    private void sendIfOpen() {
        if (connection.isOpen()) {
            send.run();
        } else {
            onLost();
        }
    }

    /** The streams of a closed connection can end later than its budget: nothing is written to them. */
    private void onLost() {
        operation.dequeued();
        abandon();
        promise.fail(Kind.CLOSED, "connection lost");
    }

    private void abandon() {
        release();
        onCancelled.run();
    }

    /** Gives the room back: the request was written, or will not be. */
    void release() {
        SendBudget.Reservation reserved = room;
        if (reserved != null) {
            reserved.release();
        }
    }

    private void onLoop(Runnable task) {
        EventLoops.runOn(connection.executor(), task, ended -> {});
    }
}
