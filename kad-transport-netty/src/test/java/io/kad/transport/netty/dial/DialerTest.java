package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.DialPolicy;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.stream.PartialMessageBudget;
import io.kad.transport.netty.support.TestConnectionInfo;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestMuxedConnection;
import io.kad.transport.netty.support.TestTransport;
import io.kad.transport.netty.support.Wire;
import io.kad.transport.netty.transport.Endpoint;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dials of a {@link DialerFixture}. */
class DialerTest extends DialerFixture {

    @Test
    void theListenersAreFoundOutOnceForAllAddressesOfAPeer() {
        Dialer dialer = dialer(config());
        dial(dialer, withAddresses(1, KademliaConfig.MAX_ADDRESSES_PER_PEER.defaultValue()));
        awaitConnecting(1);
        assertThat(listenersAsked).hasValue(1);
    }

    @Test
    void aDialEndsWithTheLastOperationThatNeedsIt() {
        Dialer dialer = dialer(config());
        PeerInfo peer = peer(1, "/ip4/198.18.0.1/tcp/1");
        dialer.trusted().add(peer); // an attempt that ends late would leave the address alone
        Call first = dial(dialer, peer);
        Call second = dial(dialer, peer);
        Call third = new Call(dialer, peer, Duration.ofMillis(200));
        awaitConnecting(1);
        assertThat(third.failure.join().kind()).isEqualTo(Kind.TIMEOUT);
        first.operation.cancel();
        first.failure.join();
        assertThat(connecting.element().cancelled()).isNotDone();
        assertThat(slots.isEmpty()).isFalse();
        second.operation.cancel();
        assertThat(connecting.element().cancelled().join()).isTrue();
        await().until(slots::isEmpty);
        assertThat(connecting).hasSize(1);
        dial(dialer, peer);
        awaitConnecting(2);
    }

    @Test
    void aDialThatWaitsForASlotEndsWithItsOperation() {
        Dialer dialer = dialer(config().maxDialsPerHost(1));
        Call first = dial(dialer, peer(1, "/ip4/198.18.0.1/tcp/1"));
        awaitConnecting(1);
        List<Call> waiting = new ArrayList<>();
        for (int number = 2; number < 20; number++) {
            waiting.add(dial(dialer, peer(number, "/ip4/198.18.0.1/tcp/" + number)));
        }
        await().until(() -> counters.get(LimitId.DIALS_PER_HOST) == 18);
        waiting.forEach(call -> call.operation.cancel());
        waiting.forEach(call -> call.failure.join()); // none of them takes the slot that becomes free now
        first.operation.cancel();
        await().until(slots::isEmpty);
        assertThat(connecting).hasSize(1);
    }

    @Test
    void allAddressesAreTriedOneAfterTheOther() {
        Dialer dialer = dialer(config());
        int count = KademliaConfig.MAX_ADDRESSES_PER_PEER.defaultValue();
        dial(dialer, withAddresses(1, count));
        awaitConnecting(count);
        assertThat(connecting).extracting(Connecting::socket).doesNotHaveDuplicates();
        assertThat(connecting).allSatisfy(each -> assertThat(each.cancelled()).isNotDone());
        // Each waits for the one before it no longer than this, whatever the machine makes of it
        List<Duration> pauses =
                delays.stream().filter(delay -> !delay.equals(LONG)).toList();
        assertThat(pauses)
                .hasSizeGreaterThanOrEqualTo(count - 1)
                .allSatisfy(pause -> assertThat(pause).isLessThanOrEqualTo(Duration.ofMillis(250)));
    }

    @Test
    void theAddressesOfAllTransportsAreTriedInOneOrder() {
        Dialer dialer = dialer(config());
        dial(
                dialer,
                peer(
                        1,
                        "/ip4/198.18.0.1/tcp/4",
                        "/ip6/2001:db8::1/tcp/3",
                        "/ip4/198.18.0.1/udp/2/quic-v1",
                        "/ip4/198.18.0.1/udp/2/quic-v1/webtransport",
                        "/ip6/2001:db8::1/udp/1/quic-v1",
                        "/ip4/198.18.0.1/tcp/5/ws",
                        "/ip4/10.0.0.1/tcp/6"));
        awaitConnecting(5);
        assertThat(connecting)
                .extracting(each -> each.socket().getPort())
                .as("a private address, QUIC of IPv6 and IPv4, TCP of IPv6 and IPv4")
                .containsExactly(6, 1, 2, 3, 4);
    }

    @Test
    void thePortOfOneTransportFailsWithoutThatOfAnother() {
        refuse = true;
        Dialer dialer = dialer(config());
        dial(dialer, peer(1, "/ip4/198.18.0.1/udp/1/quic-v1")).failure.join();
        TransportFailure tcp =
                dial(dialer, peer(1, "/ip4/198.18.0.1/tcp/1")).failure.join();
        assertThat(tcp.message()).isEqualTo("as the test says");
        assertThat(connecting).hasSize(2);
    }

    @Test
    void aPeerWithoutAnAddressOfATransportIsUnreachable() {
        Dialer dialer = dialer(config());
        TransportFailure failure = dial(dialer, peer(1, "/ip4/198.18.0.1/udp/1/webrtc-direct"))
                .failure
                .join();
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message()).contains("tcp, quic-v1");
    }

    @Test
    void anAddressThatFailsIsFollowedAtOnceAndReported() {
        refuse = true;
        Dialer dialer = dialer(config().maxAddressesPerPeer(100));
        PeerInfo peer = withAddresses(1, 100);
        assertThat(dial(dialer, peer).failure.join().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(connecting).hasSize(100);
        assertThat(failedAddresses).containsExactlyElementsOf(peer.addresses());
        await().until(slots::isEmpty);
    }

    @Test
    void anAddressThatFailedIsLeftAloneUnlessTheUserHasGivenIt() {
        refuse = true;
        Dialer dialer = dialer(config());
        dial(dialer, peer(1, "/ip4/198.18.0.1/tcp/1")).failure.join();
        TransportFailure second =
                dial(dialer, peer(2, "/ip4/198.18.0.1/tcp/1")).failure.join();
        assertThat(second.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(second.message()).contains("failed a short time ago");
        assertThat(connecting).hasSize(1);
        assertThat(failedAddresses).as("it was not tried").hasSize(1);
        dialer.trusted().add(peer(2, "/ip4/198.18.0.1/tcp/1"));
        dial(dialer, peer(2, "/ip4/198.18.0.1/tcp/1")).failure.join();
        assertThat(connecting).hasSize(2);
    }

    /** Opens a connection of an attempt, and ends it. */
    private void connectAndEnd(Connecting attempt, boolean hasResponded, boolean here) throws Exception {
        Channel channel = Wire.channel();
        ConnectionBudget budget = ConnectionBudget.unlimited(channel.eventLoop());
        PeerConnection connection = new PeerConnection(
                TestConnectionInfo.outbound(new TestIdentity(1).peerId(), "/ip4/198.18.0.1/tcp/1"),
                new TestMuxedConnection(channel, hasResponded),
                new PartialMessageBudget(1 << 20, budget),
                budget);
        attempt.executor().submit(() -> attempt.attempt().succeed(connection)).get(60, TimeUnit.SECONDS);
        if (here) {
            connection.close();
        } else {
            channel.close();
        }
    }

    @Test
    void anAddressWhoseConnectionEndsWithoutAnAnswerHasFailed() throws Exception {
        Dialer dialer = dialer(config());
        PeerInfo peer = peer(1, "/ip4/198.18.0.1/tcp/1");
        dial(dialer, peer);
        awaitConnecting(1);
        connectAndEnd(connecting.element(), false, false);
        await().until(slots::isEmpty);
        TransportFailure second = dial(dialer, peer).failure.join();
        assertThat(second.message()).contains("failed a short time ago");
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, true"})
    void anAddressThatHasAnsweredOrIsLeftByTheLocalPeerHasNotFailed(boolean hasResponded, boolean here)
            throws Exception {
        Dialer dialer = dialer(config());
        PeerInfo peer = peer(1, "/ip4/198.18.0.1/tcp/1");
        dial(dialer, peer);
        awaitConnecting(1);
        connectAndEnd(connecting.element(), hasResponded, here);
        await().until(slots::isEmpty);
        dial(dialer, peer);
        awaitConnecting(2);
    }

    @Test
    void anAddressThatIsSaidToBelongToManyPeersIsDialledOnce() {
        Dialer dialer = dialer(config());
        List<Call> calls = IntStream.range(0, 20)
                .mapToObj(number -> dial(dialer, peer(number, "/ip4/127.0.0.1/tcp/1")))
                .toList();
        awaitConnecting(1);
        connecting.element().failLater(Kind.UNREACHABLE);
        calls.forEach(call -> call.failure.join());
        assertThat(connecting).hasSize(1);
    }

    @Test
    void manyPeersThatAreSaidToBeAtOneHostCauseFewDials() {
        refuse = true;
        Dialer dialer = dialer(config().maxFailedDialsPerHost(5));
        List<Call> calls = IntStream.range(0, 20)
                .mapToObj(number -> dial(dialer, peer(number, "/ip4/198.18.0.1/tcp/" + (1000 + number))))
                .toList();
        List<Kind> kinds =
                calls.stream().map(call -> call.failure.join().kind()).toList();
        assertThat(connecting).hasSize(5);
        assertThat(kinds).containsOnly(Kind.UNREACHABLE, Kind.OVERLOADED);
        assertThat(counters.get(LimitId.FAILED_DIALS_PER_HOST)).isEqualTo(15);
        dialer.trusted().add(peer(30, "/ip4/198.18.0.1/tcp/1"));
        dial(dialer, peer(30, "/ip4/198.18.0.1/tcp/1")).failure.join();
        dial(dialer, peer(31, "/ip4/198.18.0.2/tcp/1")).failure.join();
        assertThat(connecting).hasSize(7);
    }

    @Test
    void manyPeersThatAreSaidToBeAtOneAddressCauseFewDialsThoughItsHostAnswers() throws Exception {
        FailedDials failed = new FailedDials(5, () -> 0);
        DialTarget there = target("198.18.0.1", 4001);
        DialTarget neighbour = target("198.18.0.1", 4002);
        int dials = 0;
        for (int number = 0; number < 1000; number++) {
            dials += failed.tryAdd(there) ? 1 : 0;
            if (failed.tryAdd(neighbour)) { // a peer that is reached, over and over
                failed.takeBack(neighbour);
            }
            failed.succeeded(neighbour);
        }
        assertThat(dials).isEqualTo(5);
        DialTarget named = new SocketTarget(
                there.address(),
                new Endpoint(
                        TestTransport.TCP,
                        new InetSocketAddress(
                                InetAddress.getByAddress(
                                        "other.example", ip("198.18.0.1").getAddress()),
                                4001)),
                false);
        assertThat(failed.tryAdd(named)).as("by a name").isFalse();
        assertThat(failed.tryAdd(target("198.18.0.2", 4001))).isTrue();
    }

    private static DialTarget target(String host, int port) {
        String address = "/ip4/" + host + "/tcp/" + port;
        return new SocketTarget(Multiaddr.parse(address), TestTransport.endpoint(address), false);
    }

    @Test
    void aLiveHostIsDialledAtOnceThoughManyDeadOnesWait() {
        Dialer dialer = dialer(config().maxDials(4));
        for (int number = 0; number < 64; number++) {
            dial(dialer, peer(number, "/ip4/198.18.1." + number + "/tcp/1"));
        }
        dial(dialer, peer(100, "/ip4/198.18.2.1/tcp/1"));
        InetSocketAddress live = new InetSocketAddress("198.18.2.1", 1);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> connecting.stream().anyMatch(each -> each.socket().equals(live)));
        assertThat(counters.get(LimitId.DIALS)).as("late attempts were ended").isPositive();
    }

    @Test
    void peersThatWaitForADialHaveALimit() {
        Dialer dialer = dialer(config());
        for (int number = 0; number < TransportLimits.MAX_QUEUED_DIALS; number++) {
            dial(dialer, peer(number, "/ip4/198.18.0.1/tcp/" + (number + 1)));
        }
        await().until(() -> counters.get(LimitId.DIALS_PER_HOST) >= TransportLimits.MAX_QUEUED_DIALS - 8);
        Call refused = dial(dialer, peer(TransportLimits.MAX_QUEUED_DIALS, "/ip4/198.18.0.2/tcp/1"));
        assertThat(refused.failure.join().kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(counters.get(LimitId.DIALS)).isPositive();
    }

    @Test
    void aDialHasATotalTime() {
        Dialer dialer = dialer(config().dialTimeout(Duration.ofMillis(600)));
        TransportFailure failure = dial(dialer, withAddresses(1, 16)).failure.join();
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        await().untilAsserted(() -> assertThat(connecting)
                .allSatisfy(each -> assertThat(each.cancelled()).isDone()));
        assertThat(counters.get(LimitId.DIAL_TIMEOUT)).isEqualTo(1);
        await().until(slots::isEmpty);
    }

    @Test
    void aHostNameIsCheckedWhereItResolvesTo() throws Exception {
        Dialer dialer = dialer(config().dialPolicy(DialPolicy.PUBLIC));
        Call call = dial(dialer, peer(1, "/dns4/metadata.example/tcp/80"));
        await().until(() -> !lookups.isEmpty());
        lookups.remove().setSuccess(List.of(ip("169.254.169.254"), ip("fd00:ec2::254"), ip("127.0.0.1")));
        assertThat(call.failure.join().message()).contains("dial-policy");
        assertThat(connecting).isEmpty();
        assertThat(counters.get(LimitId.DIAL_POLICY)).isEqualTo(3);
        assertThat(failedAddresses).hasSize(1);
        dial(dialer, peer(2, "/dns4/good.example/tcp/80"));
        await().until(() -> !lookups.isEmpty());
        lookups.remove().setSuccess(List.of(ip("127.0.0.1"), ip("1.1.1.1")));
        awaitConnecting(1);
        assertThat(connecting.element().socket()).isEqualTo(new InetSocketAddress("1.1.1.1", 80));
    }

    @Test
    void theAddressesOfAHostNameAreBoundedAndFailTogether() throws Exception {
        refuse = true;
        Dialer dialer = dialer(config());
        Call call = dial(dialer, peer(1, "/dns4/many.example/tcp/80"));
        await().until(() -> !lookups.isEmpty());
        List<InetAddress> addresses = new ArrayList<>();
        for (int last = 1; last <= 100; last++) {
            addresses.add(ip("198.18.0." + last));
        }
        lookups.remove().setSuccess(addresses);
        call.failure.join();
        assertThat(connecting).hasSize(TransportLimits.MAX_ADDRESSES_PER_NAME);
        assertThat(failedAddresses).containsExactly(Multiaddr.parse("/dns4/many.example/tcp/80"));
    }

    @Test
    void aHostNameWhoseAddressesAllRefuseIsRefusedInTheOrderOfTheResolver() throws Exception {
        Dialer dialer = dialer(config());
        Call call = dial(dialer, peer(1, "/dns4/closed.example/tcp/80"));
        await().until(() -> !lookups.isEmpty());
        lookups.remove().setSuccess(List.of(ip("198.18.0.1"), ip("198.18.0.2")));
        await().until(() -> connecting.size() == 2);
        assertThat(connecting)
                .extracting(each -> each.socket().getAddress())
                .containsExactly(ip("198.18.0.1"), ip("198.18.0.2"));
        connecting.forEach(each -> each.failLater(Kind.REFUSED));
        assertThat(call.failure.join()).isEqualTo(new TransportFailure(Kind.REFUSED, "as the test says"));
    }

    @Test
    void anOverloadOfTheLocalPeerIsNoFaultOfTheAddress() {
        Dialer dialer = dialer(config());
        Call call = dial(dialer, peer(1, "/ip4/198.18.0.1/tcp/1"));
        await().until(() -> !connecting.isEmpty());
        connecting.forEach(each -> each.failLater(Kind.OVERLOADED));
        assertThat(call.failure.join().kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(failedAddresses).isEmpty();
    }

    @Test
    void anOverloadOfTheLocalPeerIsNoFailureOfTheHostEither() {
        Dialer dialer = dialer(config().maxFailedDialsPerHost(1));
        for (int number = 1; number <= 5; number++) {
            Call call = dial(dialer, peer(number, "/ip4/198.18.0.1/tcp/1"));
            awaitConnecting(number);
            connecting.forEach(each -> each.failLater(Kind.OVERLOADED));
            assertThat(call.failure.join().message()).isEqualTo("as the test says");
        }
        assertThat(counters.get(LimitId.FAILED_DIALS_PER_HOST)).isZero();
    }

    @Test
    void anOverloadIsReportedWhateverElseFails() {
        Dialer dialer = dialer(config());
        Call call = dial(dialer, withAddresses(1, 2));
        awaitConnecting(2);
        connecting.remove().failLater(Kind.OVERLOADED);
        connecting.remove().failLater(Kind.UNREACHABLE);
        assertThat(call.failure.join().kind()).isEqualTo(Kind.OVERLOADED);
    }

    @Test
    void anOverloadThatPreventsAnAttemptIsReportedAfterAFailureToo() {
        refuse = true;
        Dialer dialer = dialer(config().maxFailedDialsPerHost(1));
        Call call = dial(dialer, peer(1, "/ip4/198.18.0.1/tcp/1", "/ip4/198.18.0.1/tcp/2"));
        assertThat(call.failure.join().kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(call.failure.join().message()).contains("retry later");
        assertThat(connecting).hasSize(1);
    }

    @Test
    void anOverloadIsReportedWhenTheTimeOfTheDialIsUp() {
        Dialer dialer = dialer(config().dialTimeout(Duration.ofMillis(600)));
        nextFailure.set(Kind.OVERLOADED);
        Call call = dial(dialer, withAddresses(1, 2));
        assertThat(call.failure.join().kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(connecting).hasSize(2);
        assertThat(counters.get(LimitId.DIAL_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void aDialThatIsCancelledAtOnceIsNoFailureOfItsHost() {
        Dialer dialer = dialer(config().maxFailedDialsPerHost(10));
        for (int number = 1; number <= 20; number++) { // twice the limit, as a busy machine may be late with some
            Call call = dial(dialer, peer(number, "/ip4/198.18.0.1/tcp/" + number));
            int count = number;
            await().atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> connecting.size() == count);
            call.operation.cancel();
            await().until(slots::isEmpty);
        }
        assertThat(counters.get(LimitId.FAILED_DIALS_PER_HOST)).isZero();
    }

    @Test
    void aDialThatIsCancelledLateLeavesItsAddressAlone() {
        Dialer dialer = dialer(config());
        Call call = dial(dialer, peer(1, "/ip4/198.18.0.1/tcp/1"));
        awaitConnecting(1);
        await().until(() -> slots.late() == 1);
        call.operation.cancel();
        await().until(slots::isEmpty);
        TransportFailure second =
                dial(dialer, peer(2, "/ip4/198.18.0.1/tcp/1")).failure.join();
        assertThat(second.message()).contains("failed a short time ago");
        assertThat(connecting).hasSize(1);
    }

    @Test
    void aLookupIsPartOfTheTimeOfItsDialAndKeepsItsSlotUntilItHasEnded() {
        Dialer dialer = dialer(config().dialTimeout(Duration.ofMillis(300)));
        Call call = dial(dialer, peer(1, "/dns4/slow.example/tcp/80"));
        assertThat(call.failure.join().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(slots.isEmpty()).isFalse();
        lookups.remove().setFailure(new UnknownHostException("no such host"));
        await().until(slots::isEmpty);
        assertThat(connecting).isEmpty();
    }

    @Test
    void privateAddressesThatOthersStateAreNotDialledByThePublicPolicy() {
        Dialer dialer = dialer(config().dialPolicy(DialPolicy.PUBLIC));
        PeerInfo peer = peer(1, "/ip4/10.0.0.1/tcp/1", "/ip4/169.254.169.254/tcp/80", "/ip4/127.0.0.1/tcp/1");
        assertThat(dial(dialer, peer).failure.join().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(connecting).isEmpty();
        assertThat(counters.get(LimitId.DIAL_POLICY)).isEqualTo(3);
        dialer.trusted().add(peer(1, "/ip4/10.0.0.1/tcp/1"));
        dial(dialer, peer);
        awaitConnecting(1);
        assertThat(connecting.element().socket()).isEqualTo(new InetSocketAddress("10.0.0.1", 1));
    }
}
