package io.kad.transport.netty.connection;

import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.operation.Operation;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Lets as many requests onto one connection as the peer serves at once; the rest wait in line, up to a limit.
 *
 * <p>Belongs to the event loop of the connection; {@link #acquire} may be called from any thread.
 */
public final class RequestLimiter {

    private record PendingRequest(Operation<?> operation, Consumer<Runnable> work) {}

    private final EventExecutor executor;
    private final Queue<PendingRequest> line = new ArrayDeque<>();
    private int inside;

    RequestLimiter(EventExecutor executor) {
        this.executor = executor;
    }

    /**
     * Runs {@code work} as soon as there is room, unless {@code operation} has ended by then.
     *
     * @param work receives what it must call, once, when it has left; on the event loop of the connection
     */
    public void acquire(Operation<?> operation, Consumer<Runnable> work) {
        onLoop(() -> {
            if (line.size() == TransportLimits.MAX_WAITING_REQUESTS) {
                operation.fail(Kind.OVERLOADED, "too many requests wait for this connection");
                return;
            }
            line.add(new PendingRequest(operation, work));
            admit();
        });
    }

    private void admit() {
        while (inside < TransportLimits.MAX_REQUESTS_PER_CONNECTION && !line.isEmpty()) {
            PendingRequest next = line.remove();
            inside++;
            next.operation()
                    .ifPendingOrElse(() -> onLoop(() -> next.work().accept(new Release())), () -> onLoop(this::leave));
        }
    }

    private void leave() {
        inside--;
        admit();
    }

    private void onLoop(Runnable action) {
        if (executor.inEventLoop()) {
            action.run();
        } else {
            executor.execute(action);
        }
    }

    /** Leaves once, however often it is called. */
    private final class Release implements Runnable {
        private boolean left;

        @Override
        public void run() {
            onLoop(() -> {
                if (!left) {
                    left = true;
                    leave();
                }
            });
        }
    }
}
