package io.kad.transport.netty.yamux.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class YamuxHeaderTest {

    @Test
    void headerHasTheBytesOfTheSpecification() {
        ByteBuf out = Unpooled.buffer();
        new YamuxHeader(YamuxFrameType.WINDOW_UPDATE, YamuxFlags.ACK | YamuxFlags.FIN, 0x01020304, 0xfffefdfcL)
                .writeTo(out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("00010006" + "01020304" + "fffefdfc");
    }

    @Property
    void everyHeaderRoundTrips(
            @ForAll YamuxFrameType type,
            @ForAll @IntRange(max = 0xffff) int flags,
            @ForAll int stream,
            @ForAll @LongRange(max = YamuxHeader.MAX_LENGTH) long length)
            throws YamuxConnectionException {
        ByteBuf out = Unpooled.buffer();
        YamuxHeader frame = new YamuxHeader(type, flags, stream, length);
        frame.writeTo(out);
        assertThat(out.readableBytes()).isEqualTo(YamuxHeader.HEADER_SIZE);
        assertThat(YamuxHeader.readFrom(out)).isEqualTo(frame);
    }

    @Test
    void unknownVersionIsRefused() {
        ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("010000000000000000000000"));
        assertThatThrownBy(() -> YamuxHeader.readFrom(in))
                .isInstanceOf(YamuxConnectionException.class)
                .hasMessageContaining("version 1");
    }

    @Test
    void unknownTypeIsRefused() {
        ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("000400000000000000000000"));
        assertThatThrownBy(() -> YamuxHeader.readFrom(in))
                .isInstanceOf(YamuxConnectionException.class)
                .hasMessageContaining("type 4");
    }

    @Test
    void fieldsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new YamuxHeader(YamuxFrameType.DATA, 0x10000, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new YamuxHeader(YamuxFrameType.DATA, 0, 1, 1L << 32))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new YamuxHeader(YamuxFrameType.DATA, 0, 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
