package io.kad.transport.netty.multistream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.transport.netty.support.Sink;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One negotiation with a remote peer that sends an input of a fuzz test. */
final class FuzzedNegotiation {

    private final Sink sink = new Sink();
    private final List<String> agreed = new ArrayList<>();
    private final List<NegotiationException> failed = new ArrayList<>();

    private FuzzedNegotiation() {}

    /** Result of a negotiation. */
    record Outcome(
            List<String> agreed,
            Optional<NegotiationException.Reason> failure,
            Bytes sent,
            Bytes passedOn,
            boolean open) {}

    /** Encodes messages. */
    static byte[] messages(String... texts) {
        ByteBuf out = Unpooled.buffer();
        for (String text : texts) {
            MultistreamMessages.write(text, out);
        }
        return ByteBufUtil.getBytes(out);
    }

    ProtocolInstaller installer() {
        return (channel, protocol) -> channel.pipeline().addLast(sink);
    }

    NegotiationListener result() {
        return new NegotiationListener() {
            @Override
            public void onAgreed(Channel channel, String protocol) {
                agreed.add(protocol);
            }

            @Override
            public void onNegotiationFailed(Channel channel, NegotiationException cause) {
                failed.add(cause);
            }
        };
    }

    /** Runs the negotiation of {@code handler} and asserts what holds for each one. */
    static Outcome run(Function<FuzzedNegotiation, ChannelHandler> handler, byte[] received, int segmentSize) {
        FuzzedNegotiation negotiation = new FuzzedNegotiation();
        EmbeddedChannel channel = Wire.channel(handler.apply(negotiation));
        Wire.deliver(channel, received, Math.max(1, segmentSize));
        Outcome outcome = new Outcome(
                List.copyOf(negotiation.agreed),
                negotiation.failed.stream().map(NegotiationException::reason).findFirst(),
                Bytes.of(Wire.sent(channel)),
                Bytes.of(negotiation.sink.received()),
                channel.isOpen());
        assertThat(negotiation.agreed.size() + negotiation.failed.size()).isLessThanOrEqualTo(1);
        assertThat(outcome.open()).isEqualTo(outcome.failure().isEmpty());
        assertThat(negotiation.failed).noneMatch(cause -> cause.reason() == NegotiationException.Reason.INTERNAL);
        if (outcome.agreed().isEmpty()) {
            assertThat(outcome.passedOn()).isEqualTo(Bytes.EMPTY);
        }
        channel.checkException();
        assertThat(Wire.leaked(channel)).isZero();
        assertThat(negotiation.agreed.size() + negotiation.failed.size()).isEqualTo(1);
        return outcome;
    }
}
