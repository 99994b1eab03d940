package io.kad.transport.netty.operation;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The operations of one transport that have not ended; closing ends them all. Thread-safe. */
public final class Operations {

    private final EventLoopGroup group;
    private final Set<Operation<?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Makes the operations of a transport that runs on {@code group}. */
    public Operations(EventLoopGroup group) {
        this.group = group;
    }

    /** Begins an operation, whose {@code work} runs after this has returned. */
    public <T> Cancellable start(Duration timeout, Callback<T> callback, Consumer<Operation<T>> work) {
        if (closed) {
            failClosed(callback);
            return () -> {};
        }
        Operation<T> operation = new Operation<>(group.next(), timeout, callback, open::remove);
        open.add(operation);
        operation.start(() -> work.accept(operation));
        if (closed) {
            operation.fail(closedFailure());
        }
        return operation;
    }

    /** Fails a call to a transport that is closed, on a thread that outlives its event loops. */
    public static void failClosed(Callback<?> callback) {
        GlobalEventExecutor.INSTANCE.execute(() -> callback.onFailure(closedFailure()));
    }

    /** Ends every operation. */
    public void close() {
        closed = true;
        open.forEach(operation -> operation.fail(closedFailure()));
    }

    private static TransportFailure closedFailure() {
        return new TransportFailure(Kind.CLOSED, "the transport is closed");
    }
}
