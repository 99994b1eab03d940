package io.kad.transport.netty.quic;

import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.ping.Ping;
import io.kad.transport.netty.ping.PingRequester;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Test whether the remote peer of a connection is there: a stream of libp2p ping, whose packets have to be acknowledged, because Netty cannot
 * send a PING frame of QUIC. A peer from which no packet at all arrives in time is silent; one that serves no ping is not. Confined to the
 * event loop of the connection.
 *
 * <p>An idle connection needs no such test: QUIC ends it after its idle timeout. The same ends a connection whose remote peer gives no credit
 * for the stream, of which this says nothing.
 */
final class Probe {

    private final QuicConnection connection;
    private final Duration timeout;
    private final Runnable onSilent;
    private boolean running;
    private boolean stopped;
    private @Nullable Future<?> timer;

    /**
     * Creates a probe that does not run.
     *
     * @param timeout limit of the time until a packet arrives
     * @param onSilent called when none has arrived
     */
    Probe(QuicConnection connection, Duration timeout, Runnable onSilent) {
        this.connection = connection;
        this.timeout = timeout;
        this.onSilent = onSilent;
    }

    /** Starts the test, unless one runs. */
    void start() {
        if (running || stopped) {
            return;
        }
        running = true;
        receivedPackets(before -> {
            boolean sent = connection.openUncounted(MultistreamDialer.lazy(
                    Ping.PROTOCOL,
                    (stream, protocol) -> stream.pipeline()
                            .addLast(new PingRequester(stream.eventLoop().newPromise())),
                    NegotiationListener.onFailure(cause -> {}),
                    timeout));
            if (!sent) {
                running = false; // nothing asks the remote peer for an answer
                return;
            }
            timer = channel().eventLoop().schedule(() -> compare(before), timeout.toNanos(), TimeUnit.NANOSECONDS);
        });
    }

    private void compare(long before) {
        receivedPackets(now -> {
            running = false;
            if (now == before && !stopped) {
                onSilent.run();
            }
        });
    }

    private interface PacketCount {
        void accept(long packets);
    }

    private void receivedPackets(PacketCount then) {
        channel().collectStats().addListener(stats -> {
            if (stats.isSuccess() && !stopped) {
                then.accept(((QuicConnectionStats) stats.getNow()).recv());
            } else {
                running = false; // the connection has ended
            }
        });
    }

    private QuicChannel channel() {
        return (QuicChannel) connection.channel();
    }

    /** Ends the test. */
    void stop() {
        stopped = true;
        Future<?> scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
