package io.kad.transport.netty.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTimeoutTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final PeerId PEER = new TestIdentity(1).peerId();

    private final LimitCounters counters = new LimitCounters();
    private final List<Layer> layers = List.of(new Layer(), new Layer());
    private final EmbeddedChannel channel = Wire.channel(layers.get(0), layers.get(1));

    /** Handler whose messages are incomplete when the test says so. */
    private static final class Layer extends ChannelInboundHandlerAdapter implements MessageTimer.Owner {

        private boolean incomplete;
        private final MessageTimer timer = new MessageTimer("message of a test", () -> incomplete);

        @Override
        public MessageTimer messageTimer() {
            return timer;
        }
    }

    /** Listener that ignores all calls. */
    private static final class Ignored implements HandshakeListener {

        @Override
        public void onIdentityCheckStarted() {}

        @Override
        public void onSecured(Channel secured, SecuredPeer peer) {}

        @Override
        public void onHandshakeFailed(Channel failed, HandshakeException cause) {}
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void eachLayerHasTheLimit(int number) {
        HandshakeListener listener = new MessageTimeout(LIMIT, counters).startOnSecured(new Ignored());
        listener.onSecured(channel, new SecuredPeer(PEER, Optional.empty()));
        Layer layer = layers.get(number);
        layer.incomplete = true;
        layer.timer.onReceived(true);
        Wire.pass(channel, LIMIT.minusMillis(1));
        assertThat(channel.isOpen()).isTrue();
        Wire.pass(channel, Duration.ofMillis(1));
        assertThat(channel.isOpen()).isFalse();
        assertThat(counters.get(LimitId.MESSAGE_TIMEOUT)).isEqualTo(1);
    }
}
