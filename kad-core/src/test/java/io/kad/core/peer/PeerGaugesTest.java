package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.core.metrics.PeerMetrics;
import io.kad.core.metrics.RecordedMetrics;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Gauges of a peer: its state is read once for all that are read together, and a plug-in that fails makes them unknown. */
class PeerGaugesTest {

    private static final long SECOND = 1_000_000_000;
    private static final String LIMIT = "kad.limits.reached[limit-connections]";

    private final PeerFixture fixture = new PeerFixture();
    private final RecordedMetrics recorded = new RecordedMetrics();
    private final AtomicInteger calls = new AtomicInteger();

    private void start() {
        fixture.metrics = PeerMetrics.of(recorded, fixture.world.environment().nanoTime());
        fixture.start(fixture.engine, fixture.world.environment());
        fixture.transport.onCall = calls::incrementAndGet;
    }

    private double connections(String direction, String transport) {
        return recorded.gauge("kad.connections[" + direction + ", " + transport + "]");
    }

    @Test
    void theConnectionsAreReadOnceForAllTheirGauges() {
        start();
        for (int reading = 1; reading <= 2; reading++) {
            for (String direction : new String[] {"inbound", "outbound"}) {
                for (String transport : new String[] {"tcp", "quic", "other"}) {
                    assertThat(connections(direction, transport)).isZero();
                }
            }
            assertThat(recorded.gauge("kad.streams[]")).isZero();
            assertThat(calls).hasValue(reading);
            fixture.world.pass(SECOND);
        }
    }

    @Test
    void aTransportThatFailsMakesGaugesUnknownAndLetsTotalsStand() {
        fixture.transport.counters = Map.of("limit-connections", 7L);
        start();
        assertThat(recorded.gauge(LIMIT)).isEqualTo(7);
        fixture.transport.counters = null;
        fixture.transport.defect = new NoClassDefFoundError("no/such/Driver");
        fixture.world.pass(SECOND);

        assertThat(recorded.gauge(LIMIT)).isEqualTo(7);
        assertThat(connections("inbound", "tcp")).isNaN();
        assertThat(recorded.gauge("kad.routing.table.peers[255]")).isZero();
    }

    @Test
    void aTransportWithoutCountersHindersNoStart() {
        fixture.transport.counters = null;
        start();
        assertThat(connections("inbound", "tcp")).isZero();
    }
}
