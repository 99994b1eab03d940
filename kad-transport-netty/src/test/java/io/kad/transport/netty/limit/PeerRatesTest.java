package io.kad.transport.netty.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.transport.netty.support.TestIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerRatesTest {

    private static final KademliaConfig DEFAULTS = KademliaConfig.of("/test/kad/1.0.0");
    private static final KademliaConfig SMALL = DEFAULTS.toBuilder()
            .maxRequestsPerMinute(60)
            .maxStoredRecordsPerMinute(2)
            .build();

    private final LimitCounters counters = new LimitCounters();
    private long nanos;

    private static InetSocketAddress address(int... ip) throws Exception {
        byte[] bytes = new byte[ip.length];
        for (int index = 0; index < ip.length; index++) {
            bytes[index] = (byte) ip[index];
        }
        return new InetSocketAddress(InetAddress.getByAddress(bytes), 4001);
    }

    private static int take(PeerRates.Limiter peer, LimitId limit, int times) {
        int taken = 0;
        for (int time = 0; time < times; time++) {
            taken += peer.tryTake(limit) ? 1 : 0;
        }
        return taken;
    }

    private PeerRates rates(KademliaConfig config) {
        return new PeerRates(config, counters, () -> nanos);
    }

    @Test
    void aPeerHasOneRateOverAllItsConnectionsAndAddresses() throws Exception {
        PeerRates rates = rates(SMALL);
        TestIdentity peer = new TestIdentity(1);
        int first = take(rates.limiter(peer.peerId(), address(127, 0, 0, 1)), LimitId.REQUESTS_PER_MINUTE, 40);
        int second = take(rates.limiter(peer.peerId(), address(203, 0, 113, 1)), LimitId.REQUESTS_PER_MINUTE, 40);

        assertThat(first + second).isEqualTo(60);
        assertThat(counters.get(LimitId.REQUESTS_PER_MINUTE)).isEqualTo(20);
        assertThat(rates.limiter(new TestIdentity(2).peerId(), address(203, 0, 113, 1))
                        .tryTake(LimitId.REQUESTS_PER_MINUTE))
                .as("another peer of that host")
                .isTrue();
    }

    @Test
    void tokensReturnEvenly() throws Exception {
        PeerRates.Limiter peer = rates(SMALL).limiter(new TestIdentity(1).peerId(), address(203, 0, 113, 1));
        take(peer, LimitId.REQUESTS_PER_MINUTE, 100);
        nanos += TimeUnit.SECONDS.toNanos(5);
        assertThat(take(peer, LimitId.REQUESTS_PER_MINUTE, 100)).isEqualTo(5);
    }

    @Test
    void whoCanWaitGetsTheTokensThatReturn() throws Exception {
        PeerRates.Limiter peer = rates(SMALL).limiter(new TestIdentity(1).peerId(), address(203, 0, 113, 1));
        take(peer, LimitId.REQUESTS_PER_MINUTE, 60);
        long second = TimeUnit.SECONDS.toNanos(1);
        assertThat(peer.takeWithin(LimitId.REQUESTS_PER_MINUTE, 3 * second)).isEqualTo(second);
        assertThat(peer.takeWithin(LimitId.REQUESTS_PER_MINUTE, 3 * second)).isEqualTo(2 * second);
        assertThat(peer.takeWithin(LimitId.REQUESTS_PER_MINUTE, 3 * second)).isEqualTo(3 * second);
        assertThat(peer.takeWithin(LimitId.REQUESTS_PER_MINUTE, 3 * second))
                .as("it would take 4 s")
                .isNegative();
        peer.giveBack(LimitId.REQUESTS_PER_MINUTE);
        assertThat(peer.takeWithin(LimitId.REQUESTS_PER_MINUTE, 3 * second)).isEqualTo(3 * second);
        nanos += 3 * second;
        assertThat(peer.tryTake(LimitId.REQUESTS_PER_MINUTE))
                .as("all have been taken")
                .isFalse();
        nanos += second;
        assertThat(peer.tryTake(LimitId.REQUESTS_PER_MINUTE)).isTrue();
    }

    @Test
    void aRangeIsWaitedForToo() throws Exception {
        PeerRates rates = rates(SMALL);
        for (int number = 0; number < PeerRates.PEERS_PER_GROUP; number++) {
            take(
                    rates.limiter(new TestIdentity(number).peerId(), address(203, 0, 113, number)),
                    LimitId.REQUESTS_PER_MINUTE,
                    60);
        }
        PeerRates.Limiter newcomer = rates.limiter(new TestIdentity(100).peerId(), address(203, 0, 113, 100));
        assertThat(newcomer.takeWithin(LimitId.REQUESTS_PER_MINUTE, TimeUnit.SECONDS.toNanos(1)))
                .isEqualTo(TimeUnit.MILLISECONDS.toNanos(125));
        assertThat(newcomer.takeWithin(LimitId.REQUESTS_PER_MINUTE, TimeUnit.MILLISECONDS.toNanos(125)))
                .isNegative();
    }

    @Test
    void anyNumberOfIdentitiesOfAnAddressRangeShareItsRate() throws Exception {
        PeerRates rates = rates(SMALL);
        int taken = 0;
        for (int number = 0; number < 100; number++) {
            taken += take(
                    rates.limiter(new TestIdentity(number).peerId(), address(203, 0, 113, number)),
                    LimitId.STORED_RECORDS_PER_MINUTE,
                    2);
        }
        assertThat(taken).isEqualTo(2 * PeerRates.PEERS_PER_GROUP);
        assertThat(rates.limiter(new TestIdentity(100).peerId(), address(198, 51, 100, 1))
                        .tryTake(LimitId.STORED_RECORDS_PER_MINUTE))
                .as("a peer of another range")
                .isTrue();
    }

    @Test
    void aPeerBeyondItsRateLeavesThatOfItsRangeToOthers() throws Exception {
        PeerRates rates = rates(SMALL);
        take(rates.limiter(new TestIdentity(1).peerId(), address(203, 0, 113, 1)), LimitId.REQUESTS_PER_MINUTE, 10_000);
        assertThat(take(
                        rates.limiter(new TestIdentity(2).peerId(), address(203, 0, 113, 2)),
                        LimitId.REQUESTS_PER_MINUTE,
                        100))
                .isEqualTo(60);
    }

    @Test
    void loopbackHasNoRateOfItsRange() throws Exception {
        PeerRates rates = rates(SMALL);
        for (int number = 0; number < 100; number++) {
            assertThat(take(
                            rates.limiter(new TestIdentity(number).peerId(), address(127, 0, 0, 1)),
                            LimitId.REQUESTS_PER_MINUTE,
                            100))
                    .isEqualTo(60);
        }
    }

    @Test
    void honestHeavyUsePasses() throws Exception {
        PeerRates.Limiter peer = rates(DEFAULTS).limiter(new TestIdentity(1).peerId(), address(203, 0, 113, 1));
        assertThat(take(peer, LimitId.STORED_RECORDS_PER_MINUTE, 10_000))
                .as("records republished at once")
                .isEqualTo(10_000);
        for (int second = 0; second < 600; second++) {
            assertThat(take(peer, LimitId.REQUESTS_PER_MINUTE, 4000))
                    .as("requests of a load generator in second %d", second)
                    .isEqualTo(4000);
            nanos += TimeUnit.SECONDS.toNanos(1);
        }
    }

    @Test
    void aPeerThatStoresTwentyThousandRecordsAtOnceIsRefused() throws Exception {
        PeerRates.Limiter peer = rates(DEFAULTS).limiter(new TestIdentity(1).peerId(), address(127, 0, 0, 1));
        assertThat(take(peer, LimitId.STORED_RECORDS_PER_MINUTE, 20_000)).isEqualTo(12_000);
        assertThat(take(peer, LimitId.STORED_PROVIDERS_PER_MINUTE, 20_000)).isEqualTo(12_000);
    }

    @Test
    void bucketsAreBoundedAndFullOnesMakeRoom() {
        TokenBuckets buckets = new TokenBuckets(60, () -> nanos);
        for (int key = 0; key < TokenBuckets.MAX_BUCKETS; key++) {
            assertThat(buckets.tryTake("key " + key)).isTrue();
        }
        assertThat(buckets.tryTake("one more")).isFalse();
        nanos += TimeUnit.SECONDS.toNanos(2);
        assertThat(buckets.tryTake("one more")).isTrue();
    }
}
