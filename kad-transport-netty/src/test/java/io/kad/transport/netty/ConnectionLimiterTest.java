package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionLimiterTest {

    private final LimitCounters counters = new LimitCounters();
    private long nanos;
    private ConnectionLimiter limiter = limiter(KademliaConfig.builder());

    private ConnectionLimiter limiter(KademliaConfig.Builder config) {
        return new ConnectionLimiter(config.build(), counters, () -> nanos);
    }

    private static Channel from(String host, int port) {
        return new EmbeddedChannel() {
            @Override
            public SocketAddress remoteAddress() {
                return new InetSocketAddress(host, port);
            }
        };
    }

    private List<Channel> addPendingUpToTheLimit() {
        List<Channel> pending = new ArrayList<>();
        for (int number = 0; number < TransportOptions.MAX_PENDING_UPGRADES.defaultValue(); number++) {
            Channel channel = new EmbeddedChannel();
            assertThat(limiter.tryAddInbound(channel)).isTrue();
            pending.add(channel);
        }
        assertThat(limiter.tryAddInbound(new EmbeddedChannel())).isFalse();
        assertThat(counters.get(Limit.PENDING_UPGRADES)).isPositive();
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

    @Test
    void oneHostHasALimitedNumberOfConnections() {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerHost(2));
        Channel first = from("192.0.2.1", 1);
        assertThat(limiter.tryAddInbound(first)).isTrue();
        assertThat(limiter.tryAddInbound(from("192.0.2.1", 2))).isTrue();
        assertThat(limiter.tryAddInbound(from("192.0.2.1", 3))).isFalse();
        assertThat(limiter.tryAddInbound(from("192.0.2.2", 1)))
                .as("another host")
                .isTrue();
        assertThat(counters.get(Limit.CONNECTIONS_PER_HOST)).isEqualTo(1);
        first.close();
        assertThat(limiter.tryAddInbound(from("192.0.2.1", 4))).isTrue();
    }

    @Test
    void anIp6HostIsA56() {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerHost(1));
        assertThat(limiter.tryAddInbound(from("2001:db8:0:1::1", 1))).isTrue();
        assertThat(limiter.tryAddInbound(from("2001:db8:0:2::1", 1))).isFalse();
        assertThat(limiter.tryAddInbound(from("2001:db8:0:100::1", 1))).isTrue();
    }

    @Test
    void oneHostOpensALimitedNumberOfConnectionsInAMinute() {
        limiter = limiter(KademliaConfig.builder().maxAcceptsPerMinute(6));
        for (int number = 0; number < 6; number++) {
            Channel channel = from("192.0.2.1", number);
            assertThat(limiter.tryAddInbound(channel)).isTrue();
            channel.close();
        }
        assertThat(limiter.tryAddInbound(from("192.0.2.1", 10))).isFalse();
        assertThat(limiter.tryAddInbound(from("192.0.2.2", 1)))
                .as("another host")
                .isTrue();
        nanos += TimeUnit.SECONDS.toNanos(11);
        assertThat(limiter.tryAddInbound(from("192.0.2.1", 11))).isTrue();
        assertThat(limiter.tryAddInbound(from("192.0.2.1", 12))).isFalse();
        assertThat(counters.get(Limit.ACCEPTS_PER_MINUTE)).isEqualTo(2);
    }

    @Test
    void aRefusedConnectionTakesNoTokenOfItsHost() {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerHost(8).maxAcceptsPerMinute(60));
        List<Channel> peers = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            Channel peer = from("192.0.2.1", number);
            assertThat(limiter.tryAddInbound(peer)).isTrue();
            peers.add(peer);
        }
        for (int number = 0; number < 100; number++) {
            assertThat(limiter.tryAddInbound(from("192.0.2.1", 100 + number))).isFalse();
        }
        peers.get(0).close();
        assertThat(limiter.tryAddInbound(from("192.0.2.1", 8))).isTrue();
        assertThat(counters.get(Limit.ACCEPTS_PER_MINUTE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.%d", "2001:db8:1:%d00::1"})
    void oneAddressRangeHasAnEighthOfThePendingUpgrades(String hosts) {
        limiter = limiter(KademliaConfig.builder().maxPendingUpgrades(32));
        List<Channel> pending = new ArrayList<>();
        for (int number = 1; number <= 4; number++) {
            Channel channel = from(hosts.formatted(number), 1);
            assertThat(limiter.tryAddInbound(channel)).isTrue();
            pending.add(channel);
        }
        assertThat(limiter.tryAddInbound(from(hosts.formatted(5), 1))).isFalse();
        assertThat(counters.get(Limit.PENDING_UPGRADES)).isEqualTo(1);
        assertThat(limiter.tryAddInbound(from("198.51.100.1", 1))).isTrue();
        limiter.upgradeFinished(pending.get(0));
        assertThat(limiter.tryAddInbound(from(hosts.formatted(6), 1))).isTrue();
        assertThat(limiter.tryAddInbound(from(hosts.formatted(7), 1))).isFalse();
        pending.get(0).close();
        assertThat(limiter.tryAddInbound(from(hosts.formatted(7), 1))).isFalse();
        pending.get(1).close();
        assertThat(limiter.tryAddInbound(from(hosts.formatted(8), 1))).isTrue();
    }

    @Test
    void loopbackIsExemptFromTheLimitsOfAHost() {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerHost(1).maxAcceptsPerMinute(1));
        for (int number = 0; number < 20; number++) {
            assertThat(limiter.tryAddInbound(from("127.0.0.1", number))).isTrue();
        }
    }

    @Test
    void allConnectionsHaveALimit() {
        limiter = limiter(KademliaConfig.builder().maxConnections(2));
        assertThat(limiter.hasCapacity()).isTrue();
        limiter.addOutbound(new EmbeddedChannel());
        assertThat(limiter.tryAddInbound(new EmbeddedChannel())).isTrue();
        assertThat(limiter.hasCapacity()).isFalse();
        assertThat(limiter.tryAddInbound(new EmbeddedChannel())).isFalse();
        assertThat(counters.get(Limit.CONNECTIONS)).isEqualTo(2);
    }
}
