package io.kad.transport.netty.multistream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.transport.netty.support.Sink;
import io.kad.transport.netty.support.Wire;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One negotiation with a remote peer that sends an input of a fuzz test. */
final class FuzzedNegotiation {

    private final Sink sink = new Sink();
    private final RecordedNegotiation result = new RecordedNegotiation();

    private FuzzedNegotiation() {}

    /** Result of a negotiation. */
    record Outcome(
            List<String> agreed,
            Optional<NegotiationException.Reason> failure,
            Bytes sent,
            Bytes passedOn,
            boolean open) {}

    ProtocolInstaller installer() {
        return (channel, protocol) -> channel.pipeline().addLast(sink);
    }

    NegotiationListener result() {
        return result;
    }

    /** Runs the negotiation of {@code handler} and asserts what holds for each one. */
    static Outcome run(Function<FuzzedNegotiation, ChannelHandler> handler, byte[] received, int segmentSize) {
        FuzzedNegotiation negotiation = new FuzzedNegotiation();
        EmbeddedChannel channel = Wire.channel(handler.apply(negotiation));
        Wire.deliver(channel, received, Math.max(1, segmentSize));
        RecordedNegotiation result = negotiation.result;
        Outcome outcome = new Outcome(
                result.agreed(),
                result.failed().stream().map(NegotiationException::reason).findFirst(),
                Bytes.of(Wire.sent(channel)),
                Bytes.of(negotiation.sink.received()),
                channel.isOpen());
        assertThat(result.calls()).isLessThanOrEqualTo(1);
        assertThat(outcome.open()).isEqualTo(outcome.failure().isEmpty());
        assertThat(outcome.failure()).isNotEqualTo(Optional.of(NegotiationException.Reason.INTERNAL));
        if (outcome.agreed().isEmpty()) {
            assertThat(outcome.passedOn()).isEqualTo(Bytes.EMPTY);
        }
        channel.checkException();
        assertThat(Wire.leaked(channel)).isZero();
        assertThat(result.calls()).isEqualTo(1);
        return outcome;
    }
}
