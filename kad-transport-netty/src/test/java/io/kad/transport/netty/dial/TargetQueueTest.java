package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.support.TestTransport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Order in which the targets of a dial are tried. */
class TargetQueueTest {

    private final TargetQueue queue = new TargetQueue();

    private static DialTarget target(String address) {
        return new SocketTarget(Multiaddr.parse(address), TestTransport.endpoint(address), false);
    }

    private void add(String... addresses) {
        List.of(addresses).forEach(address -> queue.add(target(address)));
    }

    private List<String> all() {
        List<String> polled = new ArrayList<>();
        for (DialTarget next = queue.poll(); next != null; next = queue.poll()) {
            polled.add(next.toString());
        }
        return polled;
    }

    @Test
    void privateAddressesComeFirstThenThoseOfTheBetterTransportThenIp6() {
        add(
                "/ip4/1.1.1.1/tcp/1",
                "/ip6/2600::1/tcp/1",
                "/ip4/10.0.0.1/tcp/1",
                "/ip4/1.1.1.1/udp/1/quic-v1",
                "/ip6/2600::1/udp/1/quic-v1",
                "/ip6/fd00::1/tcp/1",
                "/ip4/127.0.0.1/udp/1/quic-v1");
        assertThat(all())
                .containsExactly(
                        "/ip4/127.0.0.1/udp/1/quic-v1",
                        "/ip6/fd00::1/tcp/1",
                        "/ip4/10.0.0.1/tcp/1",
                        "/ip6/2600::1/udp/1/quic-v1",
                        "/ip4/1.1.1.1/udp/1/quic-v1",
                        "/ip6/2600::1/tcp/1",
                        "/ip4/1.1.1.1/tcp/1");
    }

    @Test
    void equalTargetsKeepTheOrderInWhichThePeerStatesThem() {
        add("/ip4/1.1.1.1/tcp/3", "/ip4/1.1.1.1/tcp/1", "/ip4/1.1.1.1/tcp/2");
        assertThat(all()).containsExactly("/ip4/1.1.1.1/tcp/3", "/ip4/1.1.1.1/tcp/1", "/ip4/1.1.1.1/tcp/2");
    }

    @Test
    void aNameComesBeforeTheAddressesOfItsTransportAndItsAddressesBeforeTheOthersOfTheirRank() {
        add("/ip4/1.1.1.1/tcp/1", "/ip6/2600::1/tcp/1", "/dns4/example.org/tcp/1", "/ip4/1.1.1.1/udp/1/quic-v1");
        assertThat(String.valueOf(queue.poll())).isEqualTo("/ip4/1.1.1.1/udp/1/quic-v1");
        queue.addFirst(target("/ip4/2.2.2.2/tcp/1"));
        assertThat(all())
                .containsExactly(
                        "/ip6/2600::1/tcp/1", "/dns4/example.org/tcp/1", "/ip4/2.2.2.2/tcp/1", "/ip4/1.1.1.1/tcp/1");
    }

    @Test
    void aPrivateAddressIsFollowedSooner() {
        assertThat(DialOrder.delayAfter(target("/ip4/192.168.0.1/tcp/1")))
                .isEqualTo(TransportLimits.PRIVATE_ATTEMPT_DELAY);
        assertThat(DialOrder.delayAfter(target("/ip4/1.1.1.1/tcp/1"))).isEqualTo(TransportLimits.ATTEMPT_DELAY);
        assertThat(DialOrder.delayAfter(target("/dns4/example.org/tcp/1"))).isEqualTo(TransportLimits.ATTEMPT_DELAY);
    }
}
