package io.kad.transport.netty.yamux.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameWriterTest {

    private final ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1400, 1", "4096, 1", "4097, 2", "60000, 2"})
    void aSmallPayloadIsOneWriteWithItsHeader(int size, int expectedWrites) throws YamuxConnectionException {
        FrameWriter writer = new FrameWriter(channel.pipeline().context(handler), 10, () -> {});
        byte[] bytes = new byte[size];
        bytes[0] = 1;
        bytes[size - 1] = 2;
        ByteBuf payload = Unpooled.wrappedBuffer(bytes);
        ChannelPromise written = channel.newPromise();

        writer.writeData(5, YamuxFlags.SYN, payload, written);
        writer.flush();

        List<ByteBuf> writes = new ArrayList<>();
        for (ByteBuf write = channel.readOutbound(); write != null; write = channel.readOutbound()) {
            writes.add(write);
        }
        assertThat(writes).hasSize(expectedWrites);
        assertThat(written.isSuccess()).isTrue();
        ByteBuf sent = Unpooled.wrappedBuffer(writes.toArray(new ByteBuf[0]));
        assertThat(YamuxHeader.readFrom(sent)).isEqualTo(new YamuxHeader(YamuxFrameType.DATA, YamuxFlags.SYN, 5, size));
        assertThat(sent).isEqualTo(Unpooled.wrappedBuffer(bytes));
        sent.release();
        assertThat(payload.refCnt()).as("nobody else holds the payload").isZero();
    }
}
