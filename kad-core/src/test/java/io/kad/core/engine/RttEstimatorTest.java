package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadResponse;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RttEstimatorTest {

    private static final Duration FLOOR = Duration.ofSeconds(1);
    private static final Duration CEILING = Duration.ofSeconds(10);

    private final RttEstimator timeout = new RttEstimator();

    private Duration next() {
        return timeout.timeout(FLOOR, CEILING);
    }

    @Test
    void beforeTheFirstResponseTheTimeoutIsTheCeiling() {
        timeout.onTimeout();
        assertThat(next()).isEqualTo(CEILING);
    }

    @Test
    void aFastPeerHasTheFloorAndASlowPeerItsMeasuredTimeout() {
        timeout.onResponse(Duration.ofMillis(50).toNanos());
        assertThat(next()).isEqualTo(FLOOR);
        RttEstimator slow = new RttEstimator();
        slow.onResponse(Duration.ofSeconds(2).toNanos());
        assertThat(slow.timeout(FLOOR, CEILING)).isEqualTo(Duration.ofSeconds(6));
        for (int times = 0; times < 100; times++) {
            slow.onResponse(Duration.ofSeconds(2).toNanos());
        }
        assertThat(slow.timeout(FLOOR, CEILING)).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2100));
        slow.onResponse(Duration.ofSeconds(100).toNanos());
        assertThat(slow.timeout(FLOOR, CEILING)).isEqualTo(CEILING);
    }

    @Test
    void eachTimeoutDoublesItUntilThePeerResponds() {
        timeout.onResponse(1);
        timeout.onTimeout();
        assertThat(next()).isEqualTo(FLOOR.multipliedBy(2));
        timeout.onTimeout();
        timeout.onTimeout();
        assertThat(next()).isEqualTo(FLOOR.multipliedBy(8));
        for (int times = 0; times < 100; times++) {
            timeout.onTimeout();
        }
        assertThat(next()).isEqualTo(CEILING);
        timeout.onResponse(1);
        assertThat(next()).isEqualTo(FLOOR);
    }

    @Test
    void aFloorAboveTheCeilingGivesTheCeiling() {
        timeout.onResponse(1);
        assertThat(timeout.timeout(Duration.ofSeconds(11), CEILING)).isEqualTo(CEILING);
    }

    @Test
    void onlyRequestsToConnectedPeersHaveTheMeasuredTimeout() {
        EngineFixture fixture = new EngineFixture(EngineFixture.config()
                .set(KademliaConfig.MIN_REQUEST_TIMEOUT, FLOOR)
                .set(KademliaConfig.REQUEST_TIMEOUT, CEILING));
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        assertThat(fixture.pendingTo(1).timeout()).isEqualTo(CEILING);
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(2))));
        assertThat(fixture.pendingTo(2).timeout()).isEqualTo(CEILING);
        fixture.fail(fixture.pendingTo(2), EngineFixture.TIMED_OUT);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("another"), 20));
        assertThat(fixture.pendingTo(1).timeout()).isEqualTo(FLOOR);
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("a third"), 20));
        assertThat(fixture.pendingTo(1).timeout()).isEqualTo(FLOOR.multipliedBy(2));
    }
}
