package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.limit.RemoteSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who must prove its address before a handshake begins. */
class HalfOpenHandshakesTest {

    private long nanos;
    private final HalfOpenHandshakes handshakes = new HalfOpenHandshakes(100, 200, () -> nanos);

    private static RemoteSource from(String host) {
        return RemoteSource.of(new InetSocketAddress(host, 4001));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.%d", "2001:db8:1:%d00::1"})
    void anAddressRangeHasFewHandshakesWithoutAProof(String hosts) {
        for (int host = 1; host <= HalfOpenHandshakes.MAX_UNPROVEN_PER_GROUP; host++) {
            assertThat(handshakes.mustProve(from(hosts.formatted(host)))).isFalse();
            handshakes.beginUnproven(from(hosts.formatted(host)));
        }
        assertThat(handshakes.mustProve(from(hosts.formatted(9)))).isTrue();
        assertThat(handshakes.mustProve(from("198.51.100.1")))
                .as("another range")
                .isFalse();
        handshakes.endUnproven(from(hosts.formatted(1)));
        assertThat(handshakes.mustProve(from(hosts.formatted(9)))).isFalse();
    }

    @Test
    void handshakesWithAProofTakeNoPlaceOfThoseWithout() {
        for (int count = 0; count < 50; count++) {
            handshakes.begin();
        }
        assertThat(handshakes.mustProve(from("192.0.2.1"))).isFalse();
    }

    @Test
    void theAttemptsOfAHostCountAfterTheirEnd() {
        RemoteSource host = from("192.0.2.1");
        for (int count = 0; count < HalfOpenHandshakes.MAX_UNPROVEN_PER_MINUTE; count++) {
            assertThat(handshakes.mustProve(host)).isFalse();
            handshakes.beginUnproven(host);
            handshakes.endUnproven(host);
        }
        assertThat(handshakes.mustProve(host)).isTrue();
        assertThat(handshakes.mustProve(from("192.0.2.2"))).as("another host").isFalse();
        nanos += TimeUnit.MINUTES.toNanos(1);
        assertThat(handshakes.mustProve(host)).isFalse();
    }

    @Test
    void loopbackHasTheLimitOfAllAlone() {
        for (int count = 0; count < 99; count++) {
            RemoteSource source =
                    RemoteSource.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000 + count));
            assertThat(handshakes.mustProve(source)).isFalse();
            handshakes.beginUnproven(source);
        }
        handshakes.begin();
        assertThat(handshakes.mustProve(from("127.0.0.1"))).isTrue();
    }
}
