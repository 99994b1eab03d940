package io.kad.transport.netty.identify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.stream.PartialMessageBudget;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.FuzzInput;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams of identify messages, as the remote peer answers or pushes them. The first byte of an input is the size of the segments. */
class IdentifyReceiverFuzzTest {

    /** Shared by all streams, which must leave nothing in it; each limit is logged now and then only. */
    private static final PartialMessageBudget BUDGET = Budgets.receive(IdentifyMessage.MAX_READ_BYTES);

    static Stream<byte[]> seeds() throws MessageTooLargeException {
        byte[] one = message("/a", "kad/1");
        byte[] other = message("/b", "");
        return Stream.of(
                FuzzInput.seed(one, 5),
                FuzzInput.seed(Wire.join(one, other), 255),
                FuzzInput.seed(Wire.join(one, new byte[] {1, 7}), 1),
                FuzzInput.seed(new byte[IdentifyMessage.MAX_MESSAGES + 1], 2),
                FuzzInput.seed(new byte[] {-1, -1, 3}, 0));
    }

    private static byte[] message(String protocol, String agent) throws MessageTooLargeException {
        IdentifyMessage message = new IdentifyMessage(
                Optional.empty(),
                List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1")),
                Set.of(protocol),
                Optional.empty(),
                "",
                agent,
                Optional.empty());
        return Wire.framed(message.encode().toArray());
    }

    /** Result of a stream. */
    private record Outcome(List<IdentifyMessage> received, List<String> failed) {}

    @MethodSource("seeds")
    @FuzzTest
    void endsOnceAndTheSameInAnySegments(byte[] input) throws MalformedMessageException {
        FuzzInput in = new FuzzInput(input);
        int segmentSize = 1 + in.next();
        byte[] sent = in.rest();
        Outcome whole = run(sent, Math.max(1, sent.length));
        assertThat(run(sent, segmentSize)).isEqualTo(whole);
        for (IdentifyMessage message : whole.received()) {
            assertThat(message.listenAddresses()).hasSizeLessThanOrEqualTo(IdentifyMessage.MAX_ADDRESSES);
            assertThat(message.protocols()).hasSizeLessThanOrEqualTo(IdentifyMessage.MAX_PROTOCOLS);
        }
        if (isOneMessage(sent)) {
            Bytes content = Bytes.copyOf(sent, 1, sent.length - 1);
            assertThat(whole.received().isEmpty() || whole.received().contains(IdentifyMessage.decode(content)))
                    .isTrue();
        }
    }

    private static boolean isOneMessage(byte[] sent) {
        return sent.length > 0 && sent.length < 128 && sent[0] == sent.length - 1;
    }

    private static Outcome run(byte[] sent, int segmentSize) {
        List<IdentifyMessage> received = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        EmbeddedChannel channel = Wire.channel(new IdentifyReceiver(BUDGET, new IdentifyReceiver.Listener() {
            @Override
            public void onReceived(IdentifyMessage message) {
                received.add(message);
            }

            @Override
            public void onFailed(Throwable cause) {
                assertThat(cause)
                        .isInstanceOfAny(DecoderException.class, MalformedMessageException.class, IOException.class);
                failed.add(cause.getClass() + ": " + cause.getMessage());
            }
        }));
        Wire.deliver(channel, sent, segmentSize);
        assertThat(received).isEmpty(); // the stream has not ended
        assertThat(channel.isOpen()).isEqualTo(failed.isEmpty());
        assertThat(Wire.heldBytes(channel)).isLessThanOrEqualTo(4L * IdentifyMessage.MAX_READ_BYTES);
        channel.checkException();
        assertThat(Wire.leaked(channel)).isZero();
        assertThat(received.size() + failed.size()).isEqualTo(1);
        return new Outcome(received, failed);
    }
}
