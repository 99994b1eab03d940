package io.kad.transport.netty.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.support.Wire;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTimerTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private int timeouts;
    private final RecordTimer timer = new RecordTimer();
    private final EmbeddedChannel channel = Wire.channel(timer, new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }
    });

    @BeforeEach
    void limit() {
        timer.messageTimer().limit(channel, LIMIT, () -> timeouts++);
    }

    @AfterEach
    void nothingLeaks() {
        Wire.assertNothingLeaked();
    }

    private static byte[] record(int length) {
        byte[] bytes = new byte[5 + length];
        bytes[0] = 23;
        bytes[1] = 3;
        bytes[2] = 3;
        bytes[3] = (byte) (length >> 8);
        bytes[4] = (byte) length;
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 300})
    void anIncompleteRecordEndsTheConnectionInTimeWhateverTrickles(int received) {
        Wire.deliver(channel, Arrays.copyOf(record(1000), received));
        for (int second = 1; second < LIMIT.toSeconds(); second++) {
            Wire.pass(channel, Duration.ofSeconds(1));
            Wire.deliver(channel, new byte[received < 6 ? 0 : 1]);
        }
        assertThat(channel.isOpen()).isTrue();
        Wire.pass(channel, Duration.ofSeconds(2));
        assertThat(channel.isOpen()).isFalse();
        assertThat(timeouts).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 300})
    void theTimeOfARecordThatIsIncompleteWhenTheLimitIsSetStartsThen(int received) {
        RecordTimer late = new RecordTimer();
        EmbeddedChannel other = Wire.channel(late);
        Wire.deliver(other, Arrays.copyOf(record(1000), received));
        ReferenceCountUtil.release(other.readInbound());
        Wire.pass(other, LIMIT.multipliedBy(3));
        assertThat(other.isOpen()).isTrue();
        late.messageTimer().limit(other, LIMIT, () -> timeouts++);
        Wire.pass(other, LIMIT.minusSeconds(1));
        assertThat(other.isOpen()).isTrue();
        Wire.pass(other, Duration.ofSeconds(2));
        assertThat(other.isOpen()).isFalse();
        assertThat(timeouts).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1000})
    void aBusyConnectionIsNotIncompleteThoughEachReadEndsWithinARecord(int segment) {
        byte[] records = Wire.join(record(0), record(1), record(500), record(16_000), record(10));
        for (int round = 0; round < 30; round++) {
            Wire.deliver(channel, new byte[0]);
            Wire.deliver(channel, records, segment);
            Wire.deliver(channel, Arrays.copyOf(record(1), 5));
            Wire.pass(channel, Duration.ofSeconds(1));
            Wire.deliver(channel, new byte[1]);
        }
        assertThat(channel.isOpen()).isTrue();
        Wire.pass(channel, LIMIT.multipliedBy(3));
        assertThat(channel.isOpen()).isTrue();
        assertThat(timeouts).isZero();
    }
}
