package io.kad.transport.netty.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ServedProtocolsTest {

    private record Served(String id, AtomicBoolean served) implements ServedProtocol {

        @Override
        public boolean isServed() {
            return served.get();
        }

        @Override
        public int maxStreams() {
            return 1;
        }

        @Override
        public LimitId maxStreamsLimitId() {
            return LimitId.SERVICE_STREAMS;
        }

        @Override
        public ChannelHandler newStreamHandler(PeerConnection connection, PeerRates.Limiter rateLimiter) {
            return new ChannelInboundHandlerAdapter();
        }
    }

    @Test
    void aProtocolThatIsNotServedIsNeitherListedNorFound() {
        Served one = new Served("/one", new AtomicBoolean(true));
        Served two = new Served("/two", new AtomicBoolean());
        ServedProtocols protocols = new ServedProtocols(List.of(one, two), Duration.ofSeconds(1));
        assertThat(protocols.ids()).containsExactly("/one");
        assertThat(protocols.find("/one")).contains(one);
        assertThat(protocols.find("/two")).isEmpty();
        assertThat(protocols.find("/three")).isEmpty();
        two.served().set(true);
        assertThat(protocols.ids()).containsExactly("/one", "/two");
        assertThat(protocols.find("/two")).contains(two);
    }

    @Test
    void twoProtocolsWithOneIdAreRefused() {
        List<Served> twice =
                List.of(new Served("/one", new AtomicBoolean()), new Served("/one", new AtomicBoolean(true)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServedProtocols(twice, Duration.ofSeconds(1)))
                .withMessageContaining("/one");
    }
}
