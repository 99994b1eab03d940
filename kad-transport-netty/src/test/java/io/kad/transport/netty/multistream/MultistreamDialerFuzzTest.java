package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.EncodedMessages.messages;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.transport.netty.support.FuzzInput;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages of a listener to a dialer: the first byte of an input tells whether the dialer is lazy, the second is the size of the segments in which
 * the rest arrives.
 */
class MultistreamDialerFuzzTest {

    private static final List<String> PROPOSALS = List.of("/noise", "/tls/1.0.0", "/plain");

    static Stream<byte[]> seeds() {
        return Stream.of(
                FuzzInput.seed(messages("/multistream/1.0.0", "/noise", "more"), 0, 1),
                FuzzInput.seed(messages("/multistream/1.0.0", "na", "/tls/1.0.0"), 0, 9),
                FuzzInput.seed(messages("/multistream/1.0.0", "na", "na", "na"), 0, 2),
                FuzzInput.seed(messages("/multistream/1.0.0", "/noise", "response"), 1, 4),
                FuzzInput.seed(messages("/multistream/1.0.0", "na", "response"), 1, 200));
    }

    private static ChannelHandler eager(FuzzedNegotiation negotiation) {
        return MultistreamDialer.eager(PROPOSALS, negotiation.installer(), negotiation.result(), Duration.ZERO);
    }

    private static ChannelHandler lazy(FuzzedNegotiation negotiation) {
        return MultistreamDialer.lazy(PROPOSALS.get(0), negotiation.installer(), negotiation.result(), Duration.ZERO);
    }

    @MethodSource("seeds")
    @FuzzTest
    void endsOnceAndTheSameInAnySegments(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        Function<FuzzedNegotiation, ChannelHandler> dialer =
                in.next(2) == 0 ? MultistreamDialerFuzzTest::eager : MultistreamDialerFuzzTest::lazy;
        int segmentSize = 1 + in.next();
        byte[] received = in.rest();
        FuzzedNegotiation.Outcome whole = FuzzedNegotiation.run(dialer, received, received.length);
        assertThat(FuzzedNegotiation.run(dialer, received, segmentSize)).isEqualTo(whole);
        assertThat(whole.agreed().isEmpty() || PROPOSALS.containsAll(whole.agreed()))
                .isTrue();
        assertThat(whole.sent().size())
                .isLessThanOrEqualTo(
                        messages("/multistream/1.0.0", PROPOSALS.get(0), PROPOSALS.get(1), PROPOSALS.get(2)).length);
    }
}
