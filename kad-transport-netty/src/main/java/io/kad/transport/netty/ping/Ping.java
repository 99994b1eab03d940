package io.kad.transport.netty.ping;

import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.operation.OperationPromise;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.List;

/** Measures the round trip to a peer; the choice of the protocol is not part of the time. */
public final class Ping {

    /** The protocol of liveness checks. */
    public static final String PROTOCOL = "/ipfs/ping/1.0.0";

    private Ping() {}

    /**
     * Measures the round trip over {@code connection}. Peers serve one ping stream at a time, so a measurement that is under
     * way is shared.
     */
    public static void send(PeerConnection connection, OperationPromise<Duration> promise) {
        connection.rttMeasurement().run(result -> open(connection, result)).addListener(ended -> {
            if (ended.isSuccess()) {
                promise.succeed((Duration) ended.getNow());
            } else {
                boolean refused = ended.cause() instanceof NegotiationException negotiation
                        && negotiation.reason() == NegotiationException.Reason.REFUSED;
                promise.fail(
                        refused ? Kind.UNSUPPORTED : Kind.RESET,
                        String.valueOf(ended.cause().getMessage()));
            }
        });
    }

    private static void open(PeerConnection connection, Promise<Duration> result) {
        NegotiationListener listener = new NegotiationListener() {
            @Override
            public void onAgreed(Channel channel, String protocol) {}

            @Override
            public void onFailed(Channel channel, NegotiationException cause) {
                result.tryFailure(cause);
            }
        };
        MultistreamDialer negotiation = MultistreamDialer.eager(
                List.of(PROTOCOL),
                (channel, protocol) -> channel.pipeline().addLast(new PingRequester(result)),
                listener,
                MultistreamDialer.TIMEOUT);
        connection.openStream(negotiation, opened -> {
            if (!opened.isSuccess()) {
                result.tryFailure(opened.cause());
            }
        });
    }
}
