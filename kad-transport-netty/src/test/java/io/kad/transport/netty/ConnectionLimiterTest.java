package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
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

    private boolean accept(Channel channel) {
        return limiter.tryAddInbound(channel, false, from -> false);
    }

    private boolean dial() {
        return limiter.tryAddOutbound(new EmbeddedChannel(), from -> false);
    }

    private static Channel from(String host, int port) {
        return new EmbeddedChannel() {
            @Override
            public SocketAddress remoteAddress() {
                return new InetSocketAddress(host, port);
            }
        };
    }

    /** Accepts a connection whose upgrade has then begun. */
    private boolean acceptBegun(Channel channel) {
        boolean accepted = accept(channel);
        limiter.securityAgreed(channel);
        return accepted;
    }

    /** Adds connections in their upgrade from networks with one each. */
    private List<Channel> addPendingUpToTheLimit() {
        List<Channel> pending = new ArrayList<>();
        for (int number = 0; number < TransportOptions.MAX_PENDING_UPGRADES.defaultValue(); number++) {
            Channel channel = from("198.51." + number + ".1", 1);
            assertThat(acceptBegun(channel)).isTrue();
            pending.add(channel);
        }
        assertThat(accept(from("203.0.113.1", 1))).isFalse();
        assertThat(counters.get(LimitId.PENDING_UPGRADES)).isPositive();
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
        upgraded.forEach(limiter::upgradeEnded);
        upgraded.forEach(Channel::close);
        addPendingUpToTheLimit();
    }

    @Test
    void oneHostHasALimitedNumberOfConnections() {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerHost(2));
        Channel first = from("192.0.2.1", 1);
        assertThat(accept(first)).isTrue();
        assertThat(accept(from("192.0.2.1", 2))).isTrue();
        assertThat(accept(from("192.0.2.1", 3))).isFalse();
        assertThat(accept(from("192.0.2.2", 1))).as("another host").isTrue();
        assertThat(counters.get(LimitId.CONNECTIONS_PER_HOST)).isEqualTo(1);
        first.close();
        assertThat(accept(from("192.0.2.1", 4))).isTrue();
    }

    @Test
    void anIp6HostIsA56() {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerHost(1));
        assertThat(accept(from("2001:db8:0:1::1", 1))).isTrue();
        assertThat(accept(from("2001:db8:0:2::1", 1))).isFalse();
        assertThat(accept(from("2001:db8:0:100::1", 1))).isTrue();
    }

    @Test
    void oneHostOpensALimitedNumberOfConnectionsInAMinute() {
        limiter = limiter(KademliaConfig.builder().maxAcceptsPerMinute(6));
        for (int number = 0; number < 6; number++) {
            Channel channel = from("192.0.2.1", number);
            assertThat(accept(channel)).isTrue();
            channel.close();
        }
        assertThat(accept(from("192.0.2.1", 10))).isFalse();
        assertThat(accept(from("192.0.2.2", 1))).as("another host").isTrue();
        nanos += TimeUnit.SECONDS.toNanos(11);
        assertThat(accept(from("192.0.2.1", 11))).isTrue();
        assertThat(accept(from("192.0.2.1", 12))).isFalse();
        assertThat(counters.get(LimitId.ACCEPTS_PER_MINUTE)).isEqualTo(2);
    }

    @Test
    void aRefusedConnectionTakesNoTokenOfItsHost() {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerHost(8).maxAcceptsPerMinute(60));
        List<Channel> peers = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            Channel peer = from("192.0.2.1", number);
            assertThat(accept(peer)).isTrue();
            peers.add(peer);
        }
        for (int number = 0; number < 100; number++) {
            assertThat(accept(from("192.0.2.1", 100 + number))).isFalse();
        }
        peers.get(0).close();
        assertThat(accept(from("192.0.2.1", 8))).isTrue();
        assertThat(counters.get(LimitId.ACCEPTS_PER_MINUTE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.%d", "2001:db8:1:%d00::1"})
    void oneAddressRangeHasAnEighthOfThePendingUpgrades(String hosts) {
        limiter = limiter(KademliaConfig.builder().maxPendingUpgrades(32));
        List<Channel> pending = new ArrayList<>();
        for (int number = 1; number <= 4; number++) {
            Channel channel = from(hosts.formatted(number), 1);
            assertThat(acceptBegun(channel)).isTrue();
            pending.add(channel);
        }
        assertThat(accept(from(hosts.formatted(5), 1))).isFalse();
        assertThat(counters.get(LimitId.PENDING_UPGRADES)).isEqualTo(1);
        assertThat(accept(from("198.51.100.1", 1))).isTrue();
        limiter.upgradeEnded(pending.get(0));
        assertThat(acceptBegun(from(hosts.formatted(6), 1))).isTrue();
        assertThat(accept(from(hosts.formatted(7), 1))).isFalse();
        pending.get(0).close();
        assertThat(accept(from(hosts.formatted(7), 1))).isFalse();
        pending.get(1).close();
        assertThat(accept(from(hosts.formatted(8), 1))).isTrue();
    }

    @Test
    void loopbackIsExemptFromTheLimitsOfAHost() {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerHost(1).maxAcceptsPerMinute(1));
        for (int number = 0; number < 20; number++) {
            assertThat(accept(from("127.0.0.1", number))).isTrue();
        }
    }

    @Test
    void allConnectionsHaveALimit() {
        limiter = limiter(KademliaConfig.builder().maxConnections(2));
        Channel outbound = new EmbeddedChannel();
        assertThat(limiter.tryAddOutbound(outbound, from -> false)).isTrue();
        assertThat(accept(new EmbeddedChannel())).isTrue();
        assertThat(limiter.tryAddOutbound(new EmbeddedChannel(), from -> false)).isFalse();
        assertThat(accept(new EmbeddedChannel())).isFalse();
        assertThat(counters.get(LimitId.CONNECTIONS)).isEqualTo(2);
        outbound.close();
        assertThat(limiter.tryAddOutbound(new EmbeddedChannel(), from -> false)).isTrue();
    }

    @Test
    void neitherDirectionTakesTheShareOfTheOther() {
        limiter = limiter(KademliaConfig.builder().maxConnections(10).inboundConnectionsPercent(60));
        for (int number = 0; number < 4; number++) {
            assertThat(dial()).isTrue();
        }
        int inbound = 0;
        while (accept(new EmbeddedChannel())) {
            inbound++;
        }
        assertThat(inbound).isEqualTo(6);
        assertThat(dial()).isFalse();
    }

    private static final class Opened {

        final List<Channel> inbound = new ArrayList<>();
        final List<Channel> outbound = new ArrayList<>();

        boolean closeOne(Direction direction) {
            List<Channel> of = direction == Direction.INBOUND ? inbound : outbound;
            if (!of.isEmpty()) {
                of.remove(0).close();
            }
            return true;
        }
    }

    @Test
    void aShareThatIsNotUsedIsLentToInboundConnectionsAndTakenBack() {
        limiter = limiter(KademliaConfig.builder().maxConnections(10).inboundConnectionsPercent(60));
        Opened opened = new Opened();
        for (int number = 0; number < 10; number++) {
            Channel channel = new EmbeddedChannel();
            assertThat(accept(channel)).isTrue();
            limiter.upgradeEnded(channel);
            opened.inbound.add(channel);
        }
        assertThat(accept(new EmbeddedChannel())).isFalse();
        for (int number = 1; number <= 4; number++) {
            assertThat(limiter.tryAddOutbound(new EmbeddedChannel(), opened::closeOne))
                    .isTrue();
            assertThat(opened.inbound).hasSize(10 - number);
        }
        assertThat(limiter.tryAddOutbound(new EmbeddedChannel(), from -> {
                    assertThat(from).as("its own").isEqualTo(Direction.OUTBOUND);
                    return false;
                }))
                .isFalse();
    }

    @Test
    void aShareThatIsNotUsedIsLentToOutboundConnectionsAndTakenBack() {
        limiter = limiter(KademliaConfig.builder().maxConnections(10).inboundConnectionsPercent(60));
        Opened opened = new Opened();
        for (int number = 0; number < 10; number++) {
            Channel channel = new EmbeddedChannel();
            assertThat(limiter.tryAddOutbound(channel, from -> false)).isTrue();
            opened.outbound.add(channel);
        }
        assertThat(dial()).isFalse();
        for (int number = 1; number <= 6; number++) {
            assertThat(limiter.tryAddInbound(new EmbeddedChannel(), false, opened::closeOne))
                    .isTrue();
            assertThat(opened.outbound).hasSize(10 - number);
        }
        assertThat(limiter.tryAddInbound(new EmbeddedChannel(), false, from -> {
                    assertThat(from).as("its own").isEqualTo(Direction.INBOUND);
                    return false;
                }))
                .isFalse();
    }

    @Test
    void aPlaceThatIsTakenBackIsNotLentAgainOnTheWay() {
        limiter = limiter(KademliaConfig.builder().maxConnections(10).inboundConnectionsPercent(60));
        Opened opened = new Opened();
        for (int number = 0; number < 10; number++) {
            Channel channel = from("198.51." + number + ".1", 1);
            assertThat(accept(channel)).isTrue();
            limiter.upgradeEnded(channel);
            opened.inbound.add(channel);
        }
        assertThat(limiter.tryAddOutbound(new EmbeddedChannel(), from -> {
                    opened.closeOne(from);
                    assertThat(accept(from("203.0.113.1", 1))).isFalse();
                    return true;
                }))
                .isTrue();
    }

    @Test
    void placesThatAreLentToUpgradesAreTakenBackToo() {
        limiter = limiter(KademliaConfig.builder().maxConnections(4).inboundConnectionsPercent(50));
        List<Channel> pending = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            Channel channel = from("198.51." + number + ".1", 1);
            assertThat(acceptBegun(channel)).isTrue();
            pending.add(channel);
        }
        assertThat(dial()).isTrue();
        assertThat(dial()).isTrue();
        assertThat(dial()).isFalse();
        assertThat(pending.stream().filter(Channel::isActive)).hasSize(2);
    }

    @Test
    void aFullShareHasRoomWhenAnotherConnectionIsClosed() {
        limiter = limiter(KademliaConfig.builder().maxConnections(4).inboundConnectionsPercent(50));
        Channel least = new EmbeddedChannel();
        assertThat(accept(least)).isTrue();
        assertThat(accept(new EmbeddedChannel())).isTrue();
        assertThat(dial()).isTrue();
        assertThat(dial()).isTrue();
        assertThat(limiter.tryAddInbound(new EmbeddedChannel(), false, from -> {
                    assertThat(from).isEqualTo(Direction.INBOUND);
                    limiter.remove(least);
                    return true;
                }))
                .isTrue();
        least.close();
        assertThat(accept(new EmbeddedChannel())).as("its close counts once").isFalse();
    }

    @Test
    void idleConnectionsAreInExcessFromHighWaterToLowWater() {
        limiter = limiter(KademliaConfig.builder()
                .maxConnections(200)
                .inboundConnectionsPercent(50)
                .connectionHighWaterPercent(90)
                .connectionLowWaterPercent(70));
        List<Channel> upgraded = new ArrayList<>();
        for (int number = 0; number < 90; number++) {
            Channel channel = new EmbeddedChannel();
            assertThat(accept(channel)).isTrue();
            upgraded.add(channel);
        }
        List<Channel> dialled = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            Channel channel = new EmbeddedChannel();
            assertThat(limiter.tryAddOutbound(channel, from -> false)).isTrue();
            dialled.add(channel);
        }
        assertThat(limiter.excess(Direction.INBOUND)).isZero();
        assertThat(accept(new EmbeddedChannel())).isTrue();
        assertThat(limiter.excess(Direction.INBOUND)).isEqualTo(21);
        dialled.forEach(Channel::close);
        assertThat(limiter.excess(Direction.INBOUND))
                .as("of what the other direction leaves")
                .isZero();
        assertThat(limiter.excess(Direction.OUTBOUND)).isZero();
        upgraded.forEach(Channel::close);
        assertThat(limiter.excess(Direction.INBOUND)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.%d", "10.1.2.%d", "2001:db8:1:%d00::1"})
    void oneNetworkHasALimitedNumberOfConnections(String hosts) {
        limiter = limiter(KademliaConfig.builder().maxConnectionsPerNetwork(3));
        List<Channel> open = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            Channel channel = from(hosts.formatted(number), 1);
            assertThat(accept(channel)).isTrue();
            open.add(channel);
        }
        assertThat(accept(from(hosts.formatted(4), 1))).isFalse();
        assertThat(accept(from("198.51.100.1", 1))).as("another network").isTrue();
        assertThat(counters.get(LimitId.CONNECTIONS_PER_NETWORK)).isEqualTo(1);
        open.get(0).close();
        assertThat(accept(from(hosts.formatted(4), 1))).isTrue();
    }

    @Test
    void aPrivateNetworkHasRoomForManyPeersOfOneHost() {
        for (int number = 0; number < 50; number++) {
            Channel channel = from("10.0.0.1", number);
            assertThat(accept(channel)).isTrue();
            limiter.upgradeEnded(channel);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.%d", "198.%d.0.1", "fd00:%d::1", "2001:db8:%d::1"})
    void sixteenHostsDoNotHoldAllPendingUpgrades(String hosts) {
        List<Channel> held = new ArrayList<>();
        for (int host = 1; host <= 16; host++) {
            for (int port = 1; port <= 64; port++) {
                Channel channel = from(hosts.formatted(host), port);
                if (accept(channel)) {
                    held.add(channel);
                }
            }
        }
        assertThat(held).hasSizeGreaterThanOrEqualTo(TransportOptions.MAX_PENDING_UPGRADES.defaultValue());
        assertThat(accept(from("203.0.113.1", 1))).isTrue();
        assertThat(held.stream().filter(Channel::isActive))
                .hasSize(TransportOptions.MAX_PENDING_UPGRADES.defaultValue() - 1);
    }

    @Test
    void aSlowUpgradeGivesWayToANewOne() {
        List<Channel> slow = addPendingUpToTheLimit();
        nanos += TimeUnit.SECONDS.toNanos(1) - 1;
        assertThat(accept(from("203.0.113.1", 2))).isFalse();
        nanos++;
        assertThat(accept(from("203.0.113.1", 3))).isTrue();
        assertThat(slow.stream().filter(channel -> !channel.isActive())).containsExactly(slow.get(0));
    }

    @Test
    void anUpgradeThatHangsGivesWay() {
        List<Channel> pending = addPendingUpToTheLimit();
        limiter.upgradeEnded(pending.get(7));
        Channel hanging = from("203.0.113.1", 1);
        assertThat(accept(hanging)).isTrue();
        nanos += TimeUnit.MILLISECONDS.toNanos(250) - 1;
        assertThat(accept(from("203.0.116.1", 1))).as("it may still begin").isFalse();
        nanos++;
        assertThat(acceptBegun(from("203.0.114.1", 1))).isTrue();
        assertThat(hanging.isActive()).isFalse();
        assertThat(limiter.isCounted(hanging)).isFalse();
        assertThat(pending).allMatch(Channel::isActive);
        assertThat(accept(from("203.0.115.1", 1))).as("now all have begun").isFalse();
    }

    @Test
    void anUpgradeThatAdvancesDoesNotHang() {
        List<Channel> pending = addPendingUpToTheLimit();
        limiter.upgradeEnded(pending.get(7));
        Channel advancing = from("203.0.113.1", 1);
        assertThat(accept(advancing)).isTrue();
        for (int step = 1; step <= 3; step++) {
            nanos += TimeUnit.MILLISECONDS.toNanos(249);
            limiter.upgradeAdvanced(advancing);
            assertThat(accept(from("203.0.116.1", step))).isFalse();
        }
        limiter.securityAgreed(advancing);
        nanos += TimeUnit.MILLISECONDS.toNanos(252);
        assertThat(accept(from("203.0.116.1", 9))).isFalse();
        assertThat(advancing.isActive()).isTrue();
    }

    @Test
    void anUpgradeThatAdvancesWithoutEndHangsAfterASecond() {
        List<Channel> pending = new ArrayList<>();
        limiter = limiter(KademliaConfig.builder().maxPendingUpgrades(2));
        for (int number = 1; number <= 2; number++) {
            Channel channel = from("198.51." + number + ".1", 1);
            assertThat(accept(channel)).isTrue();
            pending.add(channel);
        }
        Channel advancing = pending.get(0);
        for (int step = 1; step < 10; step++) {
            nanos += TimeUnit.MILLISECONDS.toNanos(100);
            pending.forEach(limiter::upgradeAdvanced);
            assertThat(accept(from("203.0.116.1", step))).isFalse();
        }
        nanos += TimeUnit.MILLISECONDS.toNanos(100);
        pending.forEach(limiter::upgradeAdvanced);
        assertThat(accept(from("203.0.116.1", 10))).isTrue();
        assertThat(advancing.isActive()).isFalse();
    }

    @Test
    void aRangeThatHasItsPartGivesOneThatHangsToItsNewcomer() {
        limiter = limiter(KademliaConfig.builder().maxPendingUpgrades(32));
        List<Channel> pending = new ArrayList<>();
        for (int host = 1; host <= 4; host++) {
            Channel channel = from("192.0.2." + host, 1);
            assertThat(host == 2 ? accept(channel) : acceptBegun(channel)).isTrue();
            pending.add(channel);
        }
        nanos += TimeUnit.MILLISECONDS.toNanos(250);
        assertThat(acceptBegun(from("192.0.2.9", 1))).isTrue();
        assertThat(pending.stream().filter(channel -> !channel.isActive())).containsExactly(pending.get(1));
        assertThat(accept(from("192.0.2.10", 1))).isFalse();
    }

    @Test
    void loopbackHoldsNoPlaceOfAnUpgradeAgainstAnybody() {
        List<Channel> held = new ArrayList<>();
        for (int port = 1; port <= 300; port++) {
            Channel channel = from("127.0.0." + (1 + port % 100), port);
            assertThat(acceptBegun(channel)).isTrue();
            held.add(channel);
        }
        assertThat(held.stream().filter(Channel::isActive))
                .containsExactlyElementsOf(
                        held.subList(300 - TransportOptions.MAX_PENDING_UPGRADES.defaultValue(), 300));
        Channel other = from("192.0.2.1", 1);
        assertThat(acceptBegun(other)).isTrue();
        assertThat(accept(from("127.0.0.1", 1000))).isTrue();
        assertThat(other.isActive()).as("it is not from where most are").isTrue();
    }

    @Test
    void aNewcomerOfAFullLoopbackHasItsTurnThoughTheOthersHaveBegun() {
        for (int port = 1; port <= 200; port++) {
            assertThat(acceptBegun(from("127.0.0.1", port))).isTrue();
        }
        Channel newcomer = from("127.0.0.1", 1000);
        assertThat(accept(newcomer)).isTrue();
        for (int port = 1; port < TransportOptions.MAX_PENDING_UPGRADES.defaultValue(); port++) {
            assertThat(acceptBegun(from("127.0.0.2", port))).isTrue();
        }
        assertThat(newcomer.isActive()).isTrue();
    }

    @Test
    void aConnectionThatHangsInItsUpgradeGivesWayWhenAllPlacesAreTaken() {
        limiter = limiter(KademliaConfig.builder().maxConnections(4).inboundConnectionsPercent(99));
        for (int host = 1; host <= 3; host++) {
            Channel upgraded = from("198.51.100." + host, 1);
            assertThat(accept(upgraded)).isTrue();
            limiter.upgradeEnded(upgraded);
        }
        Channel hanging = from("192.0.2.1", 1);
        assertThat(accept(hanging)).isTrue();
        assertThat(accept(from("203.0.113.1", 1))).isFalse();
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(accept(from("203.0.113.1", 2))).isTrue();
        assertThat(hanging.isActive()).isFalse();
    }

    @Test
    void anUpgradedConnectionNeedsNoPlaceAmongThoseInTheirUpgrade() {
        limiter = limiter(KademliaConfig.builder().maxPendingUpgrades(1));
        Channel pending = from("192.0.2.1", 1);
        assertThat(acceptBegun(pending)).isTrue();
        assertThat(accept(from("192.0.2.2", 1))).isFalse();
        assertThat(limiter.tryAddInbound(from("192.0.2.2", 2), true, from -> false))
                .isTrue();
        assertThat(pending.isActive()).isTrue();
        assertThat(limiter.isCounted(pending)).isTrue();
    }

    @Test
    void aConnectionThatFindsNoRoomTakesNoTokenOfItsHost() {
        limiter = limiter(KademliaConfig.builder()
                .maxConnections(2)
                .inboundConnectionsPercent(50)
                .maxAcceptsPerMinute(2));
        Channel other = from("198.51.100.1", 1);
        assertThat(accept(other)).isTrue();
        assertThat(dial()).isTrue();
        for (int number = 0; number < 10; number++) {
            assertThat(accept(from("192.0.2.1", number))).isFalse();
        }
        assertThat(counters.get(LimitId.CONNECTIONS)).isEqualTo(10);
        other.close();
        assertThat(accept(from("192.0.2.1", 20))).isTrue();
    }
}
