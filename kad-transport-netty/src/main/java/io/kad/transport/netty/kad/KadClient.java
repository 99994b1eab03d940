package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.transport.netty.connection.LossAwarePromise;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.connection.StreamFailures;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.OperationPromise;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/**
 * Client of the Kademlia protocol: sends each request on a separate stream. Thread-safe.
 *
 * <p>The protocol proposal and the request are sent together, which saves one RTT per request.
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
        KadRequestStream stream = new KadRequestStream(request, frameCodec, connection.receiveBudget(), lossAware);
        openStream(connection, request, stream, () -> {}, operation, lossAware);
    }

    /**
     * Sends {@code message}, which has no response, over {@code connection}, and completes {@code promise} once it is
     * delivered to the stream.
     */
    public void send(
            PeerConnection connection, KadRequest message, Operation<?> operation, OperationPromise<Boolean> promise) {
        OperationPromise<Boolean> lossAware = new LossAwarePromise<>(connection, promise);
        KadOneWayStream stream = new KadOneWayStream(message, frameCodec, lossAware);
        openStream(connection, message, stream, stream::onAgreed, operation, lossAware);
    }

    private void openStream(
            PeerConnection connection,
            KadRequest request,
            ChannelHandler handler,
            Runnable onAgreed,
            Operation<?> operation,
            OperationPromise<?> promise) {
        NegotiationListener listener = new NegotiationListener() {
            @Override
            public void onAgreed(Channel channel, String chosen) {
                onAgreed.run();
            }

            @Override
            public void onFailed(Channel channel, NegotiationException cause) {
                promise.fail(StreamFailures.kind(cause), String.valueOf(cause.getMessage()));
            }
        };
        MultistreamDialer negotiation = MultistreamDialer.lazy(
                protocol,
                (channel, chosen) -> channel.pipeline().addLast(handler),
                listener,
                frameCodec.limits().negotiationTimeout());
        operation.setOnTimeout(connection::probe);
        long bytes = frameCodec.limits().largeRequestBytes(request);
        connection.requestLimiter().acquire(operation, bytes, release -> {
            Sending sending = new Sending(connection, negotiation, operation, promise, bytes, release);
            sending.room.acquire(bytes);
        });
    }

    /** A request from the moment that it may be sent until its stream is open. Confined to the event loop of the connection. */
    private final class Sending {

        private final PeerConnection connection;
        private final ChannelHandler negotiation;
        private final Operation<?> operation;
        private final OperationPromise<?> promise;
        private final long bytes;
        private final Runnable release;
        private final RoomForRequest room;

        Sending(
                PeerConnection connection,
                ChannelHandler negotiation,
                Operation<?> operation,
                OperationPromise<?> promise,
                long bytes,
                Runnable release) {
            this.connection = connection;
            this.negotiation = negotiation;
            this.operation = operation;
            this.promise = promise;
            this.bytes = bytes;
            this.release = release;
            this.room = new RoomForRequest(connection, operation, promise, this::send, release);
        }

        private void send() {
            connection.openStream(negotiation, opened -> {
                room.release(); // what was written counts now
                if (opened.isSuccess()) {
                    Channel stream = opened.getNow().channel();
                    stream.closeFuture().addListener(closed -> release.run());
                    operation.markSent(frameCodec.limits().transferTime(bytes));
                    operation.setOnAbort(stream::close);
                } else {
                    release.run();
                    promise.fail(
                            StreamFailures.kind(opened.cause()),
                            String.valueOf(opened.cause().getMessage()));
                }
            });
        }
    }
}
