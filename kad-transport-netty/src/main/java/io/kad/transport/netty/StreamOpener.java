package io.kad.transport.netty;

import io.kad.transport.netty.connection.LossAwarePromise;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.connection.StreamFailures;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.OperationPromise;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.time.Duration;
import java.util.List;

/** Opening of one stream of a protocol of the application. */
final class StreamOpener {

    private final String protocol;
    private final ChannelHandler handler;
    private final Duration negotiationTimeout;

    StreamOpener(String protocol, ChannelHandler handler, Duration negotiationTimeout) {
        this.protocol = protocol;
        this.handler = handler;
        this.negotiationTimeout = negotiationTimeout;
    }

    /** Opens the stream, and completes {@code operation} once both peers have agreed and the handler is added. */
    void open(PeerConnection connection, Operation<MuxedStream> operation) {
        OperationPromise<MuxedStream> promise = new LossAwarePromise<>(connection, operation);
        NegotiationListener listener = new NegotiationListener() {
            @Override
            public void onAgreed(Channel stream, String agreed) {
                promise.succeed(MuxedStream.of(stream));
            }

            @Override
            public void onNegotiationFailed(Channel stream, NegotiationException cause) {
                promise.fail(StreamFailures.kind(cause), String.valueOf(cause.getMessage()));
            }
        };
        connection.openStream(first(connection, operation, listener), opened -> {
            if (!opened.isSuccess()) {
                promise.fail(
                        StreamFailures.kind(opened.cause()),
                        String.valueOf(opened.cause().getMessage()));
            }
        });
    }

    /**
     * Returns the first handler of the stream. It says how an open that fails is undone before the negotiation begins: the result of the open may
     * be told after the agreement, and what has succeeded must not be undone.
     */
    private ChannelHandler first(
            PeerConnection connection, Operation<MuxedStream> operation, NegotiationListener listener) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                connection.useUntilClosed(stream);
                operation.setOnAbort(stream::close);
                stream.pipeline()
                        .addLast(MultistreamDialer.eager(
                                List.of(protocol),
                                (negotiated, agreed) -> negotiated.pipeline().addLast(handler),
                                listener,
                                negotiationTimeout));
            }
        };
    }
}
