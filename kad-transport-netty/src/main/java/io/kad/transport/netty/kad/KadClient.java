package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.OperationPromise;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/**
 * Sends our requests, each on a stream of its own.
 *
 * <p>The proposal of the protocol and the request go out together, which saves a round trip a request.
 */
public final class KadClient {

    private final String protocol;
    private final KadMessages messages;

    public KadClient(String protocol, KadMessages messages) {
        this.protocol = protocol;
        this.messages = messages;
    }

    /** Sends {@code request} over {@code connection}; the stream is reset if {@code operation} ends early. */
    public void request(
            PeerConnection connection,
            KadRequest request,
            Operation<?> operation,
            OperationPromise<KadResponse> promise) {
        KadRequestStream stream = new KadRequestStream(request, messages, connection.receiveBudget(), promise);
        open(connection, stream, () -> {}, operation, promise);
    }

    /** Sends {@code message}, which has no answer, over {@code connection}. */
    public void send(
            PeerConnection connection, KadRequest message, Operation<?> operation, OperationPromise<Boolean> promise) {
        KadOneWayStream stream = new KadOneWayStream(message, messages, promise);
        open(connection, stream, stream::onAgreed, operation, promise);
    }

    private void open(
            PeerConnection connection,
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
                promise.fail(kindOf(cause), String.valueOf(cause.getMessage()));
            }
        };
        MultistreamDialer negotiation = MultistreamDialer.lazy(
                protocol,
                (channel, chosen) -> channel.pipeline().addLast(handler),
                listener,
                MultistreamDialer.TIMEOUT);
        connection
                .requestLimiter()
                .acquire(
                        operation,
                        leave -> connection.openStream(negotiation, opened -> {
                            if (opened.isSuccess()) {
                                Channel stream = opened.getNow();
                                stream.closeFuture().addListener(closed -> leave.run());
                                operation.setCleanup(stream::close);
                            } else {
                                leave.run();
                                promise.fail(
                                        KadRequestStream.failureKind(opened.cause()),
                                        String.valueOf(opened.cause().getMessage()));
                            }
                        }));
    }

    private static Kind kindOf(NegotiationException cause) {
        return switch (cause.reason()) {
            case REFUSED -> Kind.UNSUPPORTED;
            case TIMEOUT -> Kind.TIMEOUT;
            case CLOSED -> Kind.RESET;
            case MALFORMED, LIMIT, INTERNAL -> Kind.INVALID;
        };
    }
}
