package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionLimiterTest {

    private final ConnectionLimiter limiter = new ConnectionLimiter(1000);

    private List<Channel> addPendingUpToTheLimit() {
        List<Channel> pending = new ArrayList<>();
        for (int number = 0; number < TransportLimits.MAX_PENDING_INBOUND; number++) {
            Channel channel = new EmbeddedChannel();
            assertThat(limiter.tryAddInbound(channel)).isTrue();
            pending.add(channel);
        }
        assertThat(limiter.tryAddInbound(new EmbeddedChannel())).isFalse();
        return pending;
    }

    @Test
    void aConnectionThatClosesBeforeItsUpgradeBeginsIsNoLongerPending() {
        addPendingUpToTheLimit().forEach(Channel::close);
        addPendingUpToTheLimit();
    }

    @Test
    void anUpgradedConnectionIsNoLongerPending() {
        List<Channel> upgraded = addPendingUpToTheLimit();
        upgraded.forEach(limiter::upgradeFinished);
        upgraded.forEach(Channel::close);
        addPendingUpToTheLimit();
    }
}
