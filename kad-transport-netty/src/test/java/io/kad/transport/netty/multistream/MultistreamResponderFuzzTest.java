package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.EncodedMessages.messages;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.transport.netty.support.FuzzInput;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of a dialer to a listener: the first byte of an input is the size of the segments in which the rest arrives. */
class MultistreamResponderFuzzTest {

    /** The header, all refusals and one agreement. */
    private static final int MAX_SENT_BYTES = 20 + MultistreamResponder.MAX_REFUSALS * 4 + 20;

    static Stream<byte[]> seeds() {
        return Stream.of(
                FuzzInput.seed(messages("/multistream/1.0.0", "/kad/1"), 1),
                FuzzInput.seed(messages("/multistream/1.0.0", "ls", "/unknown", "/ping", "request"), 3),
                FuzzInput.seed(messages("/multistream/1.0.0", "/multistream/1.0.0"), 7),
                FuzzInput.seed(messages("/multistream/1.0.0", "x".repeat(200)), 50),
                FuzzInput.seed(new byte[] {(byte) 0x80, 0}, 0));
    }

    private static ChannelHandler responder(FuzzedNegotiation negotiation) {
        return new MultistreamResponder(
                ProtocolLookup.of(Map.of("/kad/1", negotiation.installer(), "/ping", negotiation.installer())),
                negotiation.result(),
                Duration.ZERO);
    }

    @MethodSource("seeds")
    @FuzzTest
    void endsOnceAndTheSameInAnySegments(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int segmentSize = 1 + in.next();
        byte[] received = in.rest();
        FuzzedNegotiation.Outcome whole =
                FuzzedNegotiation.run(MultistreamResponderFuzzTest::responder, received, received.length);
        assertThat(FuzzedNegotiation.run(MultistreamResponderFuzzTest::responder, received, segmentSize))
                .isEqualTo(whole);
        assertThat(whole.sent().size()).isLessThanOrEqualTo(MAX_SENT_BYTES);
    }
}
