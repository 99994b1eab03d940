package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.EncodedMessages.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTest {

    @Test
    void encodingMatchesTheSpecification() {
        assertThat(hex("/multistream/1.0.0")).isEqualTo("132f6d756c746973747265616d2f312e302e300a");
        assertThat(hex("na")).isEqualTo("036e610a");
        assertThat(hex("ls")).isEqualTo("036c730a");
    }

    @Property
    void aMessageRoundTrips(@ForAll @IntRange(min = 0, max = 1023) int length) throws NegotiationException {
        String text = "/".repeat(length);
        ByteBuf buffer = Unpooled.buffer();
        MultistreamMessages.write(text, buffer);
        buffer.writeByte(7);
        assertThat(MultistreamMessages.read(buffer)).isEqualTo(text);
        assertThat(buffer.readableBytes()).isEqualTo(1);
    }

    @Property
    void anIncompleteMessageIsNotRead(
            @ForAll @IntRange(min = 0, max = 1023) int length, @ForAll @IntRange(max = 1025) int readable)
            throws NegotiationException {
        ByteBuf buffer = Unpooled.buffer();
        MultistreamMessages.write("x".repeat(length), buffer);
        buffer.writerIndex(Math.min(readable, buffer.writerIndex() - 1));
        assertThat(MultistreamMessages.read(buffer)).isNull();
        assertThat(buffer.readerIndex()).isZero();
    }

    @Test
    void aMessageHasAtMost1024BytesWithItsLineFeed() {
        ByteBuf buffer = Unpooled.buffer();
        MultistreamMessages.write("x".repeat(1024), buffer);
        assertMalformed(buffer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "8000", "8a00", "ff80", "808001", "810800", "ffff", "026e61", "0120"})
    void anInvalidLengthOrMissingLineFeedIsRefused(String hex) {
        assertMalformed(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "noise", "/two words", "/line\nfeed", "/tab\t"})
    void anInvalidProtocolIdIsRefused(String text) {
        assertThatThrownBy(() -> MultistreamMessages.requireProtocol(text))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(MultistreamMessages.requireProtocol("/" + "x".repeat(1022))).hasSize(1023);
        assertThatThrownBy(() -> MultistreamMessages.requireProtocol("/" + "x".repeat(1023)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertMalformed(ByteBuf buffer) {
        assertThatThrownBy(() -> MultistreamMessages.read(buffer))
                .isInstanceOfSatisfying(
                        NegotiationException.class,
                        e -> assertThat(e.reason()).isEqualTo(NegotiationException.Reason.MALFORMED));
    }

    private static String hex(String text) {
        return ByteBufUtil.hexDump(messages(text));
    }
}
