package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.transport.netty.support.TestIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Identify requests that fail. */
@Timeout(180)
class IdentifyAttemptsTest {

    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0");

    /** Returns the stream of the next identify request. */
    private static int nextRequest(HandMadePeer peer) throws Exception {
        HandMadePeer.Frame frame = peer.receive();
        while (!text(frame).contains("/ipfs/id/1.0.0")) {
            frame = peer.receive();
        }
        return frame.stream();
    }

    private static String text(HandMadePeer.Frame frame) {
        return StandardCharsets.US_ASCII.decode(frame.payload().duplicate()).toString();
    }

    private static void reset(HandMadePeer peer, int stream) throws Exception {
        peer.send(HandMadePeer.frame(HandMadePeer.WINDOW_UPDATE, HandMadePeer.RST, stream, 0));
    }

    @Test
    void aFailedRequestIsRepeatedAfterSomeSeconds() throws Exception {
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> {});
                HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress())) {
            int first = nextRequest(peer);
            long start = System.nanoTime();
            reset(peer, first);
            assertThat(nextRequest(peer)).isNotEqualTo(first);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void theNegotiationHasItsTimeout() throws Exception {
        // A ping comes after 3 to 6 s: later than the timeout, and before its default
        KademliaConfig config = CONFIG.toBuilder()
                .negotiationTimeout(Duration.ofSeconds(1))
                .keepAliveInterval(Duration.ofSeconds(3))
                .build();
        try (TestNode node = new TestNode(1, config, (request, responder) -> {});
                HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress())) {
            int first = nextRequest(peer);
            HandMadePeer.Frame frame = peer.receive();
            while (frame.stream() != first || (frame.flags() & HandMadePeer.RST) == 0) {
                assertThat(frame.type()).as("nothing was received for 3 s").isNotEqualTo(HandMadePeer.PING);
                frame = peer.receive();
            }
        }
    }
}
