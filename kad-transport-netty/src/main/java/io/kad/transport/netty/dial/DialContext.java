package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.operation.Operation;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Shared parts of the dials of one transport. Thread-safe.
 *
 * @param timeout limit of the time of a dial, from the start of its first attempt
 * @param isOffline returns whether no connection is open
 */
record DialContext(
        Connector connector,
        Resolver resolver,
        DialRules rules,
        DialSlots slots,
        DialBackOff backOff,
        FailedDials failedDials,
        LimitCounters counters,
        ConnectionGate gate,
        Duration timeout,
        BooleanSupplier isOffline,
        FailureListener onAddressFailed) {

    /** Listener for addresses that could not be dialled. */
    @FunctionalInterface
    interface FailureListener {

        /** Called when {@code address} could not be dialled. */
        void addressFailed(PeerId peer, Multiaddr address, TransportFailure failure);
    }

    /** Connector to one socket address; its connections are authenticated as the expected peer. */
    @FunctionalInterface
    interface Connector {

        /**
         * Starts an attempt on the event loop {@code executor}, and reports its result to {@code attempt}. Returns the action that cancels
         * it.
         *
         * @param target resolved target
         */
        Runnable connect(EventExecutor executor, PeerId peer, SocketTarget target, DialAttempt attempt);
    }

    /** Resolver of the targets that are names. */
    @FunctionalInterface
    interface Resolver {

        /**
         * Resolves {@code target}, which is a name, to targets of {@code peer}, on the event loop {@code executor}. The result can be cancelled, if
         * the lookup can.
         */
        Future<List<DialTarget>> resolve(EventExecutor executor, PeerId peer, DialTarget target);
    }

    /** Delays {@code operation} until {@code started} is done. */
    static void queueUntil(Future<Void> started, Operation<?> operation) {
        if (!started.isDone()) {
            operation.queued();
            started.addListener(done -> operation.dequeued());
        }
    }

    /** Reports an address at which {@code peer} could not be reached. */
    void addressFailed(PeerId peer, Multiaddr address, TransportFailure failure) {
        onAddressFailed.addressFailed(peer, address, failure);
    }
}
