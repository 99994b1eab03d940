package io.kad.transport.netty.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class YamuxLimitsTest {

    @Test
    void defaultsSuitTheStrictestPeers() {
        YamuxLimits limits = YamuxLimits.defaults();
        assertThat(limits.maxFramePayload()).isEqualTo(16 * 1024);
        // rust-libp2p closes a connection with more than 512 streams in both directions
        assertThat(limits.maxInboundStreams() + limits.maxOutboundStreams()).isLessThanOrEqualTo(512);
        assertThat(limits.maxUnackedStreams()).isEqualTo(256);
        assertThat(YamuxLimits.INITIAL_WINDOW_BYTES).isEqualTo(262_144);
    }

    @Test
    void builderChangesOneLimitAndKeepsTheOthers() {
        YamuxLimits limits = YamuxLimits.defaults().toBuilder()
                .keepAlive(Duration.ofSeconds(30))
                .build();
        assertThat(limits.keepAlive()).isEqualTo(Duration.ofSeconds(30));
        assertThat(limits.toBuilder().keepAlive(Duration.ZERO).build()).isEqualTo(YamuxLimits.defaults());
    }

    @Test
    void eachLimitOutOfRangeIsReported() {
        assertRefused("maxFramePayload", limits -> limits.maxFramePayload(0));
        assertRefused("maxFramePayload", limits -> limits.maxFramePayload(YamuxLimits.INITIAL_WINDOW_BYTES + 1));
        assertRefused("maxOutboundStreams", limits -> limits.maxOutboundStreams(-1));
        assertRefused("maxInboundStreams", limits -> limits.maxInboundStreams(-1));
        assertRefused("maxUnackedStreams", limits -> limits.maxUnackedStreams(0));
        assertRefused("maxQueuedOpens", limits -> limits.maxQueuedOpens(-1));
        assertRefused("openTimeout", limits -> limits.openTimeout(Duration.ZERO));
        assertRefused("maxQueuedControlFrames", limits -> limits.maxQueuedControlFrames(0));
        assertRefused("maxBufferedBytes", limits -> limits.maxBufferedBytes(-1));
        assertRefused("maxQueuedWriteBytes", limits -> limits.maxQueuedWriteBytes(0));
        assertRefused("maxResetsPerMinute", limits -> limits.maxResetsPerMinute(-1));
        assertRefused("pingTimeout", limits -> limits.pingTimeout(Duration.ofMillis(-1)));
        assertRefused("keepAlive", limits -> limits.keepAlive(Duration.ofMillis(-1)));
    }

    private static void assertRefused(String name, UnaryOperator<YamuxLimits.Builder> change) {
        YamuxLimits.Builder builder = change.apply(YamuxLimits.defaults().toBuilder());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
