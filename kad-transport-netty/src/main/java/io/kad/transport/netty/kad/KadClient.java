package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.LossAwarePromise;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.connection.StreamFailures;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.OperationPromise;
import io.kad.transport.netty.operation.RetryOncePromise;
import io.kad.transport.netty.stream.EventLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.function.Consumer;

/**
 * Client of the Kademlia protocol. Thread-safe.
 *
 * <p>A request takes an idle stream of its connection, or opens one: then the protocol proposal and the request are sent together, which saves
 * one RTT. A stream has one request at a time, so that a slow response or a cancelled request holds up no other. The remote peer may end an idle
 * stream at any moment: a request that meets its end is sent once more, on a new stream, within its timeout.
 */
public final class KadClient {

    private final String protocol;
    private final KadFrameCodec frameCodec;

    /**
     * Creates a client.
     *
     * @param protocol protocol ID, such as {@code /ipfs/kad/1.0.0}
     */
    public KadClient(String protocol, KadFrameCodec frameCodec) {
        this.protocol = protocol;
        this.frameCodec = frameCodec;
    }

    /**
     * Sends {@code request} over {@code connection}, and completes {@code promise} with the response. The stream is
     * reset if {@code operation} fails or is cancelled.
     */
    public void request(
            PeerConnection connection,
            KadRequest request,
            Operation<?> operation,
            OperationPromise<KadResponse> promise) {
        OperationPromise<KadResponse> lossAware = new LossAwarePromise<>(connection, promise);
        whenSendable(connection, request, operation, lossAware, sending -> {
            KadRequestStream idle = poolOf(connection).take();
            if (idle == null) {
                requestOnNewStream(sending, lossAware);
            } else {
                requestOnIdleStream(sending, idle, lossAware);
            }
        });
    }

    private StreamPool poolOf(PeerConnection connection) {
        return StreamPool.of(connection, frameCodec.limits());
    }

    private void requestOnNewStream(Sending sending, OperationPromise<KadResponse> promise) {
        PeerConnection connection = sending.connection;
        PendingRequest pending = new PendingRequest(sending.message, promise, sending.release);
        KadRequestStream stream =
                new KadRequestStream(pending, frameCodec, connection.partialMessageBudget(), poolOf(connection));
        sending.openStream(stream, () -> {}, channel -> {
            if (stream.isWaitingFor(pending)) {
                channel.close();
            }
        });
    }

    private void requestOnIdleStream(Sending sending, KadRequestStream stream, OperationPromise<KadResponse> promise) {
        OperationPromise<KadResponse> first =
                new RetryOncePromise<>(sending.operation, promise, Kind.RESET, ended -> requestAgain(sending, promise));
        PendingRequest pending = new PendingRequest(sending.message, first, sending.release);
        sending.abortWith(() -> {
            if (stream.isWaitingFor(pending)) {
                stream.reset();
            }
        });
        stream.send(pending); // may fail at once, and then a second attempt has its own action
        sending.written();
    }

    private void requestAgain(Sending sending, OperationPromise<KadResponse> promise) {
        whenSendable(
                sending.connection,
                sending.message,
                sending.operation,
                promise,
                again -> requestOnNewStream(again, promise));
    }

    /**
     * Sends {@code message}, which has no response, over {@code connection}, and completes {@code promise} once it is
     * delivered to a stream of its own: only the end of that tells that the remote peer has the message.
     */
    public void send(
            PeerConnection connection, KadRequest message, Operation<?> operation, OperationPromise<Boolean> promise) {
        OperationPromise<Boolean> lossAware = new LossAwarePromise<>(connection, promise);
        whenSendable(connection, message, operation, lossAware, sending -> {
            KadOneWayStream stream = new KadOneWayStream(message, frameCodec, lossAware);
            sending.openStream(stream, stream::onAgreed, Channel::close);
        });
    }

    /** Calls {@code work} on the event loop of the connection as soon as {@code message} may be sent. */
    private void whenSendable(
            PeerConnection connection,
            KadRequest message,
            Operation<?> operation,
            OperationPromise<?> promise,
            Consumer<Sending> work) {
        operation.setOnTimeout(connection::probe);
        long largeBytes = frameCodec.limits().bytesToReserve(message);
        connection.requestLimiter().acquire(operation, largeBytes, release -> {
            Sending sending = new Sending(connection, message, operation, promise, largeBytes, release, work);
            sending.reservation.acquire(largeBytes);
        });
    }

    /** A message from the moment that it may be sent until it has a stream. Confined to the event loop of the connection. */
    private final class Sending {

        private final PeerConnection connection;
        private final KadRequest message;
        private final Operation<?> operation;
        private final OperationPromise<?> promise;
        private final long largeBytes;
        private final Runnable release;
        private final LargeRequestReservation reservation;

        Sending(
                PeerConnection connection,
                KadRequest message,
                Operation<?> operation,
                OperationPromise<?> promise,
                long largeBytes,
                Runnable release,
                Consumer<Sending> work) {
            this.connection = connection;
            this.message = message;
            this.operation = operation;
            this.promise = promise;
            this.largeBytes = largeBytes;
            this.release = release;
            this.reservation =
                    new LargeRequestReservation(connection, operation, promise, () -> work.accept(this), release);
        }

        /**
         * Opens a stream with {@code handler}. Idle streams make room for it: a remote peer counts them too.
         *
         * @param onAgreed called when the remote peer has agreed to the protocol
         * @param onAbort called with the open stream if the operation fails or is cancelled
         */
        void openStream(ChannelHandler handler, Runnable onAgreed, Consumer<Channel> onAbort) {
            NegotiationListener listener = new NegotiationListener() {
                @Override
                public void onAgreed(Channel channel, String chosen) {
                    onAgreed.run();
                }

                @Override
                public void onNegotiationFailed(Channel channel, NegotiationException cause) {
                    promise.fail(StreamFailures.kind(cause), String.valueOf(cause.getMessage()));
                }
            };
            MultistreamDialer negotiation = MultistreamDialer.lazy(
                    protocol,
                    (channel, chosen) -> channel.pipeline().addLast(handler),
                    listener,
                    frameCodec.limits().negotiationTimeout());
            poolOf(connection).makeRoom(connection.requestLimiter().running());
            connection.openStream(negotiation, opened -> {
                if (opened.isSuccess()) {
                    Channel stream = opened.getNow().channel();
                    stream.closeFuture().addListener(closed -> release.run());
                    written();
                    abortWith(() -> onAbort.accept(stream));
                } else {
                    reservation.release();
                    release.run();
                    promise.fail(
                            StreamFailures.kind(opened.cause()),
                            String.valueOf(opened.cause().getMessage()));
                }
            });
        }

        /** Called when the message was written to its stream, perhaps behind a proposal. */
        void written() {
            reservation.release(); // what was written counts now
            operation.markSent(frameCodec.limits().transferTime(largeBytes));
        }

        /** Runs {@code action} on the event loop of the connection if the operation fails or is cancelled. */
        void abortWith(Runnable action) {
            operation.setOnAbort(() -> EventLoops.runOn(connection.executor(), action, ended -> {}));
        }
    }
}
