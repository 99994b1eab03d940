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
        // rust ends a connection with more than 512 streams in both directions
        assertThat(limits.maxInboundStreams() + limits.maxOutboundStreams()).isLessThanOrEqualTo(512);
        assertThat(limits.maxUnackedStreams()).isEqualTo(256);
        assertThat(YamuxLimits.WINDOW).isEqualTo(262_144);
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
    void eachLimitOutOfRangeIsNamed() {
        refuses("maxFramePayload", limits -> limits.maxFramePayload(0));
        refuses("maxFramePayload", limits -> limits.maxFramePayload(YamuxLimits.WINDOW + 1));
        refuses("maxOutboundStreams", limits -> limits.maxOutboundStreams(-1));
        refuses("maxInboundStreams", limits -> limits.maxInboundStreams(-1));
        refuses("maxUnackedStreams", limits -> limits.maxUnackedStreams(0));
        refuses("maxQueuedOpens", limits -> limits.maxQueuedOpens(-1));
        refuses("openTimeout", limits -> limits.openTimeout(Duration.ZERO));
        refuses("maxQueuedControlFrames", limits -> limits.maxQueuedControlFrames(0));
        refuses("maxBufferedBytes", limits -> limits.maxBufferedBytes(-1));
        refuses("maxQueuedWriteBytes", limits -> limits.maxQueuedWriteBytes(0));
        refuses("maxResetsPerMinute", limits -> limits.maxResetsPerMinute(-1));
        refuses("pingTimeout", limits -> limits.pingTimeout(Duration.ofMillis(-1)));
        refuses("keepAlive", limits -> limits.keepAlive(Duration.ofMillis(-1)));
    }

    private static void refuses(String name, UnaryOperator<YamuxLimits.Builder> change) {
        YamuxLimits.Builder builder = change.apply(YamuxLimits.defaults().toBuilder());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
