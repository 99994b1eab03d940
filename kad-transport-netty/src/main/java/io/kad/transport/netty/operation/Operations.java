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

/** Pending operations of one transport; closing fails all of them. Thread-safe. */
public final class Operations {

    private final EventLoopGroup group;
    private final Set<Operation<?>> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Creates the operations of a transport that runs on {@code group}. */
    public Operations(EventLoopGroup group) {
        this.group = group;
    }

    /** Starts an operation; {@code work} and {@code callback} run on an event loop, never within this call. */
    public <T> Cancellable start(Duration timeout, Callback<T> callback, Consumer<Operation<T>> work) {
        if (closed) {
            failClosed(callback);
            return () -> {};
        }
        Operation<T> operation = new Operation<>(group.next(), timeout, callback, pending::remove);
        pending.add(operation);
        operation.start(() -> work.accept(operation));
        if (closed) {
            operation.fail(closedFailure());
        }
        return operation;
    }

    /** Fails a call to a closed transport, on a thread that outlives its event loops. */
    public static void failClosed(Callback<?> callback) {
        GlobalEventExecutor.INSTANCE.execute(() -> callback.onFailure(closedFailure()));
    }

    /** Fails every pending operation and all later ones. */
    public void close() {
        closed = true;
        pending.forEach(operation -> operation.fail(closedFailure()));
    }

    /** Returns the failure of every call to a closed transport. A retry with the same transport fails again. */
    public static TransportFailure closedFailure() {
        return new TransportFailure(Kind.CLOSED, "the transport is closed");
    }
}
