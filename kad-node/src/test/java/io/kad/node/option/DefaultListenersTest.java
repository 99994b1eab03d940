package io.kad.node.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.NettyTransport;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;

class DefaultListenersTest {

    @Test
    void aNodeListensOverEachTransportAndFamilyOfItsMachine() {
        assertThat(DefaultListeners.of(true, true))
                .containsExactly(
                        "/ip4/0.0.0.0/tcp/4001",
                        "/ip4/0.0.0.0/udp/4001/quic-v1",
                        "/ip6/::/tcp/4001",
                        "/ip6/::/udp/4001/quic-v1");
        assertThat(DefaultListeners.of(false, true)).containsExactly("/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001");
        assertThat(DefaultListeners.of(true, false))
                .containsExactly("/ip4/0.0.0.0/tcp/4001", "/ip4/0.0.0.0/udp/4001/quic-v1");
        assertThat(DefaultListeners.of(false, false)).containsExactly("/ip4/0.0.0.0/tcp/4001");
    }

    @Test
    void thoseOfThisMachineAreThoseThatItHas() throws Exception {
        boolean hasIpv6 = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(Inet6Address.class::isInstance);
        assertThat(PeerOptions.defaultListen()).isEqualTo(DefaultListeners.of(NettyTransport.hasQuic(), hasIpv6));
    }
}
