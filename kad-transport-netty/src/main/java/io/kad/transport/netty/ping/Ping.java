package io.kad.transport.netty.ping;

import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.operation.OperationPromise;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.List;

/**
 * RTT measurement by the ping protocol; excludes the protocol negotiation.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/ping/ping.md">libp2p ping</a>
 */
public final class Ping {

    /** Protocol ID of ping. */
    public static final String PROTOCOL = "/ipfs/ping/1.0.0";

    private Ping() {}

    /**
     * Measures the RTT over {@code connection}. Peers serve one ping stream at a time, so concurrent calls share one
     * measurement.
     *
     * @param negotiationTimeout time of the negotiation of the stream
     */
    public static void send(
            PeerConnection connection, Duration negotiationTimeout, OperationPromise<Duration> promise) {
        connection
                .rttMeasurement()
                .run(result -> open(connection, negotiationTimeout, result))
                .addListener(done -> {
                    if (done.isSuccess()) {
                        promise.succeed((Duration) done.getNow());
                    } else {
                        boolean refused = done.cause() instanceof NegotiationException negotiation
                                && negotiation.reason() == NegotiationException.Reason.REFUSED;
                        promise.fail(
                                refused ? Kind.UNSUPPORTED : Kind.RESET,
                                String.valueOf(done.cause().getMessage()));
                    }
                });
    }

    private static void open(PeerConnection connection, Duration negotiationTimeout, Promise<Duration> result) {
        MultistreamDialer negotiation = MultistreamDialer.eager(
                List.of(PROTOCOL),
                (channel, protocol) -> channel.pipeline().addLast(new PingRequester(result)),
                NegotiationListener.onFailure(result::tryFailure),
                negotiationTimeout);
        connection.openStream(negotiation, opened -> {
            if (!opened.isSuccess()) {
                result.tryFailure(opened.cause());
            }
        });
    }
}
