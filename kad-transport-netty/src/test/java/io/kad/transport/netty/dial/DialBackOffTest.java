package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestTransport;
import io.kad.transport.netty.transport.Endpoint;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DialBackOffTest {

    private static final Endpoint ADDRESS = endpoint("192.0.2.1", 4001);
    private static final PeerId PEER = new TestIdentity(1).peerId();
    private static final PeerId OTHER = new TestIdentity(2).peerId();

    private long nanos = Long.MAX_VALUE - 5; // the clock of the machine may be anywhere
    private final DialBackOff backOff = new DialBackOff(Duration.ofSeconds(5), () -> nanos);

    private static Endpoint endpoint(String host, int port) {
        return TestTransport.endpoint("/ip4/" + host + "/tcp/" + port);
    }

    private boolean runsAfter(Duration time) {
        long now = nanos;
        nanos += time.toNanos();
        boolean running = backOff.contains(ADDRESS, PEER);
        nanos = now;
        return running;
    }

    @Test
    void itDoublesUpToItsLimitAndEndsWithSuccess() {
        for (int seconds : new int[] {1, 2, 4, 5, 5}) {
            backOff.failed(ADDRESS, PEER, Kind.UNREACHABLE, false);
            assertThat(runsAfter(Duration.ofSeconds(seconds).minusNanos(1))).isTrue();
            assertThat(runsAfter(Duration.ofSeconds(seconds))).isFalse();
        }
        backOff.remove(ADDRESS, PEER);
        assertThat(backOff.contains(ADDRESS, PEER)).isFalse();
        backOff.failed(ADDRESS, PEER, Kind.UNREACHABLE, false);
        assertThat(runsAfter(Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void anAddressWithoutAnAnswerIsLeftAloneForEveryPeer() {
        backOff.failed(ADDRESS, PEER, Kind.UNREACHABLE, false);
        assertThat(backOff.contains(ADDRESS, OTHER)).isTrue();
        assertThat(backOff.contains(endpoint("192.0.2.1", 4002), PEER))
                .as("another port")
                .isFalse();
        assertThat(backOff.contains(TestTransport.endpoint("/ip4/192.0.2.1/udp/4001/quic-v1"), PEER))
                .as("the same port of another transport")
                .isFalse();
    }

    @Test
    void anAddressWhereAnotherPeerAnsweredIsLeftAloneForTheAbsentOneAlone() {
        backOff.failed(ADDRESS, PEER, Kind.WRONG_PEER, false);
        assertThat(backOff.contains(ADDRESS, PEER)).isTrue();
        assertThat(backOff.contains(ADDRESS, OTHER)).isFalse();
    }

    @Test
    void failuresWithoutAnyConnectionAreForgottenWithTheFirst() {
        backOff.failed(ADDRESS, PEER, Kind.UNREACHABLE, true);
        Endpoint online = endpoint("192.0.2.2", 4001);
        backOff.failed(online, PEER, Kind.UNREACHABLE, false);
        assertThat(backOff.contains(ADDRESS, PEER)).isTrue();
        backOff.online();
        assertThat(backOff.contains(ADDRESS, PEER)).isFalse();
        assertThat(backOff.contains(online, PEER)).isTrue();
    }

    @Test
    void theLatestFailuresAreRemembered() {
        backOff.failed(ADDRESS, PEER, Kind.UNREACHABLE, false);
        for (int port = 1; port < DialBackOff.MAX_ENTRIES; port++) {
            backOff.failed(endpoint("192.0.2.2", port), PEER, Kind.UNREACHABLE, false);
        }
        assertThat(backOff.contains(ADDRESS, PEER)).isTrue();
        backOff.failed(endpoint("192.0.2.2", DialBackOff.MAX_ENTRIES), PEER, Kind.UNREACHABLE, false);
        assertThat(backOff.contains(ADDRESS, PEER)).isFalse();
    }
}
