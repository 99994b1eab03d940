package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.transport.netty.support.TestIdentity;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pushes of identify that do not arrive. */
@Timeout(180)
class PushAttemptsTest {

    private static final String IDENTIFY = "/ipfs/id/1.0.0";
    private static final String PUSH = "/ipfs/id/push/1.0.0";

    private final TestNode node = new TestNode(1, KademliaConfig.of("/test/kad/1.0.0"), (request, responder) -> {});
    private HandMadePeer peer;

    @BeforeEach
    void connect() throws Exception {
        peer = new HandMadePeer(new TestIdentity(10), node.socketAddress());
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        node.close();
    }

    /** Returns the next stream on which the node proposes {@code protocol}. */
    private int nextStream(String protocol) throws Exception {
        HandMadePeer.Frame frame = peer.receive();
        while (!StandardCharsets.US_ASCII
                .decode(frame.payload().duplicate())
                .toString()
                .contains(protocol + "\n")) {
            frame = peer.receive();
        }
        return frame.stream();
    }

    private void answerIdentify(int stream) throws Exception {
        byte[] message = HandMadeMessage.prefixed(HandMadeMessage.field(3, PUSH.getBytes(StandardCharsets.US_ASCII)));
        peer.send(HandMadePeer.data(
                HandMadePeer.ACK | HandMadePeer.FIN,
                stream,
                HandMadeNoise.join(HandMadePeer.proposal(IDENTIFY), message)));
    }

    private void reset(int stream) throws Exception {
        peer.send(HandMadePeer.frame(HandMadePeer.WINDOW_UPDATE, HandMadePeer.RST, stream, 0));
    }

    /** Changes what the node has to tell. */
    private void change() {
        node.transport.serve(false);
    }

    /** A change may cause more than one push; the repetition is the one that comes some seconds after the reset of the one before. */
    @Test
    void aPushThatIsResetIsRepeated() throws Exception {
        answerIdentify(nextStream(IDENTIFY));
        change();
        int stream = nextStream(PUSH);
        long resetNanos;
        do {
            resetNanos = System.nanoTime();
            reset(stream);
            stream = nextStream(PUSH);
        } while (System.nanoTime() - resetNanos < TimeUnit.SECONDS.toNanos(4));
    }

    @Test
    void aPushWaitsForAnIdentifyThatIsRepeated() throws Exception {
        int failing = nextStream(IDENTIFY);
        change();
        reset(failing);
        answerIdentify(nextStream(IDENTIFY));
        assertThat(nextStream(PUSH)).isPositive();
    }
}
