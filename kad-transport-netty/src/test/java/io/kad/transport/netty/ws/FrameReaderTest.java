package io.kad.transport.netty.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.transport.netty.hostile.HandMadeWebSocket;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private final EmbeddedChannel listener = new EmbeddedChannel(new FrameReader(true));
    private final EmbeddedChannel dialer = new EmbeddedChannel(new FrameReader(false));

    private static ByteBuf frame(int first, byte[] content, boolean masked) {
        return Unpooled.wrappedBuffer(
                masked ? HandMadeWebSocket.frame(first, content) : HandMadeWebSocket.unmasked(first, content));
    }

    /** Returns all bytes of data that have been read so far. */
    private static byte[] data(EmbeddedChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            assertThat(frame).isInstanceOf(BinaryWebSocketFrame.class);
            all.writeBytes(ByteBufUtil.getBytes(frame.content()));
            frame.release();
        }
        return all.toByteArray();
    }

    private static byte[] random(int size, long seed) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        return content;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 125, 126, 127, 4096, 65_535, 65_536, 200_000})
    void aMessageOfAnySizeIsReadHoweverItIsCut(int size) {
        byte[] content = random(size, size);
        for (int piece : new int[] {1, 2, 3, 5, 1000, 1 << 20}) {
            if (size / piece < 20_000) {
                ByteBuf frame = frame(0x82, content, true);
                ByteArrayOutputStream read = new ByteArrayOutputStream();
                while (frame.isReadable()) {
                    listener.writeInbound(frame.readBytes(Math.min(piece, frame.readableBytes())));
                    read.writeBytes(data(listener));
                }
                frame.release();
                assertThat(read.toByteArray()).isEqualTo(content);
            }
        }
    }

    @Test
    void theFirstByteOfAFrameDoesNotKeepTheBufferInWhichItCame() {
        ByteBuf received = Unpooled.directBuffer(64 * 1024);
        ByteBuf whole = frame(0x82, random(60_000, 1), true);
        ByteBuf next = frame(0x82, new byte[] {1, 2, 3}, true);
        received.writeBytes(whole).writeByte(next.readByte());
        received.retain();
        listener.writeInbound(received);
        assertThat(data(listener)).hasSize(60_000);
        assertThat(received.refCnt()).isEqualTo(1);
        received.release();
        listener.writeInbound(next);
        assertThat(data(listener)).containsExactly(1, 2, 3);
        whole.release();
    }

    @Test
    void theStartOfAHeaderIsReleasedWithTheConnection() {
        ByteBuf start = Unpooled.directBuffer(10).writeByte(0x82);
        listener.writeInbound(start);
        assertThat(start.refCnt()).isZero();
        listener.finishAndReleaseAll();
    }

    @Test
    void nothingOfAnIncompleteFrameIsHeldBack() {
        ByteBuf frame = frame(0x82, random(100_000, 1), true);
        listener.writeInbound(frame.readBytes(50_014));
        assertThat(data(listener)).hasSize(50_000);
        frame.release();
    }

    @Test
    void fragmentsAreOneMessageWithPingsBetweenThem() {
        dialer.writeInbound(
                frame(0x02, random(10, 1), false),
                frame(0x89, random(5, 2), false),
                frame(0x00, random(20, 3), false),
                frame(0x80, random(0, 4), false),
                frame(0x82, random(30, 5), false));
        assertThat(sizes(dialer)).containsExactly(10, -5, 20, 0, 30);
    }

    private static List<Integer> sizes(EmbeddedChannel channel) {
        List<Integer> sizes = new ArrayList<>();
        for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            int size = frame.content().readableBytes();
            sizes.add(frame instanceof PingWebSocketFrame ? -size : size);
            frame.release();
        }
        return sizes;
    }

    @Test
    void aCloseIsReadWhateverItsCode() {
        listener.writeInbound(frame(0x88, new byte[] {0x7f, 0x7f, 1, 2}, true));
        Object close = listener.readInbound();
        assertThat(close).isInstanceOf(CloseWebSocketFrame.class);
        ReferenceCountUtil.release(close);
    }

    @Test
    void aLengthInMoreBytesThanItNeedsIsRefused() {
        for (ByteBuf frame : List.of(
                Unpooled.buffer().writeByte(0x82).writeByte(126).writeShort(125),
                Unpooled.buffer().writeByte(0x82).writeByte(126).writeShort(0),
                Unpooled.buffer().writeByte(0x82).writeByte(127).writeLong(65_535),
                Unpooled.buffer().writeByte(0x82).writeByte(127).writeLong(0))) {
            assertRefused(new EmbeddedChannel(new FrameReader(false)), UpgradeException.Reason.NEGOTIATION, frame);
        }
    }

    private static void assertRefused(EmbeddedChannel channel, UpgradeException.Reason reason, ByteBuf frame) {
        assertThatThrownBy(() -> channel.writeInbound(frame))
                .rootCause()
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        // Whatever follows is not read either
        channel.writeInbound(frame(0x82, random(10, 1), true), frame(0x82, random(10, 1), false));
        Object read = channel.readInbound();
        assertThat(read).isNull();
    }

    private static ByteBuf raw(int... bytes) {
        ByteBuf raw = Unpooled.buffer();
        for (int each : bytes) {
            raw.writeByte(each);
        }
        return raw;
    }

    @Test
    void whatIsAgainstTheProtocolIsRefused() {
        for (ByteBuf frame : new ByteBuf[] {
            frame(0x81, random(1, 1), true), // text
            frame(0xc2, random(1, 1), true), // an extension
            frame(0x83, random(1, 1), true), // an unknown kind
            frame(0x8b, random(1, 1), true), // an unknown kind of control
            frame(0x82, random(1, 1), false), // not masked
            frame(0x80, random(1, 1), true), // a continuation of nothing
            frame(0x09, random(1, 1), true), // a fragment of a ping
            frame(0x89, random(126, 1), true) // a long ping
        }) {
            assertRefused(new EmbeddedChannel(new FrameReader(true)), UpgradeException.Reason.NEGOTIATION, frame);
        }
        assertRefused(dialer, UpgradeException.Reason.NEGOTIATION, frame(0x82, random(1, 1), true));
    }

    @Test
    void aMessageWithinAMessageIsRefused() {
        listener.writeInbound(frame(0x02, random(10, 1), true));
        data(listener);
        assertRefused(listener, UpgradeException.Reason.NEGOTIATION, frame(0x82, random(1, 1), true));
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedByItsHeader() {
        int[] header = {0x82, 127, 0, 0, 0, 0, 1, 0, 0, 1};
        assertRefused(dialer, UpgradeException.Reason.LIMIT, raw(header));
        int[] negative = {0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
        assertRefused(new EmbeddedChannel(new FrameReader(false)), UpgradeException.Reason.LIMIT, raw(negative));
    }

    @Test
    void theFragmentsOfAMessageHaveOneLimitTogether() {
        int half = WebSocketLimits.MAX_MESSAGE_BYTES / 2;
        dialer.writeInbound(frame(0x02, new byte[half], false));
        dialer.writeInbound(frame(0x00, new byte[half], false));
        assertThat(data(dialer)).hasSize(WebSocketLimits.MAX_MESSAGE_BYTES);
        assertRefused(dialer, UpgradeException.Reason.LIMIT, frame(0x80, new byte[1], false));
    }
}
