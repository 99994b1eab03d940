package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.job.BootstrapRetries;
import io.kad.core.job.BootstrapSchedule;
import io.kad.core.lookup.DialAllowance;
import io.kad.core.lookup.ResponseTimes;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.RequestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseTimesTrackerTest {

    private static final long MILLI = 1_000_000;

    private final KademliaConfig config = KademliaConfig.builder().build();
    private final RoutingTableMaintenance routing = new RoutingTableMaintenance(
            new AdvanceContext(),
            EngineFixture.SELF,
            config,
            new BootstrapSchedule(config),
            new BootstrapRetries(config, new Random(1)));
    private final ResponseTimesTracker tracker = new ResponseTimesTracker(routing, config);
    private long lastRequest;

    private OutboundRequest send(long nowMillis, boolean connected) {
        OutboundRequest request = new OutboundRequest(
                new RequestId(++lastRequest),
                new QueryId(1),
                PeerInfo.of(Peers.peer(1), List.of()),
                new KadRequest.FindNode(Bytes.utf8("key")),
                1,
                DialAllowance.UNLIMITED,
                nowMillis * MILLI,
                connected,
                Duration.ofSeconds(10));
        tracker.track(request);
        return request;
    }

    private void measure(int count, boolean connected) {
        for (int i = 0; i < count; i++) {
            tracker.responded(send(0, connected), (i == 0 ? 300 : 100) * MILLI);
        }
    }

    /** Returns the response times of peers that have to be dialled, as peer 1 is not connected. */
    private ResponseTimes dialled() {
        return tracker.responseTimes(Peers.peer(1));
    }

    @Test
    void requestsWithAndWithoutADialAreMeasuredApart() {
        measure(100, true);
        assertThat(dialled().waitTimes().softNanos()).isEqualTo(750 * MILLI);
        measure(100, false);
        assertThat(dialled().waitTimes().softNanos()).isEqualTo(200 * MILLI);
    }

    @Test
    void aRequestIsWithoutAResponseAtItsMaxWaitAndALateOneTakesThatBack() {
        measure(100, false);
        OutboundRequest request = send(1000, false);
        assertThat(tracker.nextDeadlineNanos()).isEqualTo(1600 * MILLI);
        assertThat(expiredAt(1600 * MILLI - 1)).isEmpty();
        assertThat(dialled().requestsWithoutResponse()).isZero();
        assertThat(expiredAt(1600 * MILLI)).as("it may be slow").isEmpty();
        assertThat(dialled().requestsWithoutResponse()).isOne();

        tracker.responded(request, 1700 * MILLI);
        assertThat(dialled().requestsWithoutResponse()).isZero();
        assertThat(dialled().waitTimes().presumedDeadNanos())
                .as("the longest RTT")
                .isEqualTo(770 * MILLI);
        assertThat(tracker.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aRequestExpiresAtTheLongerMaxWait() {
        measure(100, false);
        OutboundRequest request = send(1000, false);
        assertThat(expiredAt(1600 * MILLI)).isEmpty();
        assertThat(tracker.hasWaitDeadline(request)).isTrue();
        assertThat(expiredAt(2200 * MILLI - 1)).isEmpty();
        assertThat(expiredAt(2200 * MILLI)).containsExactly(request);
        assertThat(tracker.hasWaitDeadline(request)).isFalse();
        assertThat(dialled().requestsWithoutResponse()).isOne();
    }

    private List<OutboundRequest> expiredAt(long nanos) {
        List<OutboundRequest> expired = new ArrayList<>();
        tracker.checkWaits(nanos, expired::add);
        return expired;
    }

    @ParameterizedTest
    @CsvSource({
        "TIMEOUT, 10, true",
        "UNREACHABLE, 10, false",
        "UNREACHABLE, 200, true",
        "REFUSED, 200, false",
        "CLOSED, 200, true",
        "UNSUPPORTED, 200, false",
        "RESET, 200, false",
        "OVERLOADED, 200, false"
    })
    void onlyMissingResponsesCountAsWithoutOne(TransportFailure.Kind kind, long afterMillis, boolean silent) {
        for (int i = 0; i < ResponseTimes.WINDOW; i++) {
            tracker.responded(send(0, false), (i % 4 == 0 ? 300 : 100) * MILLI);
        }
        long healthy = dialled().waitTimes().presumedDeadNanos();
        for (int i = 0; i < 100; i++) {
            tracker.failed(send(0, false), EngineFixture.failure(kind), afterMillis * MILLI);
        }

        assertThat(dialled().waitTimes().presumedDeadNanos() < healthy).isEqualTo(silent);
    }

    @Test
    void aForgottenRequestIsNotMeasured() {
        measure(100, false);
        OutboundRequest request = send(0, false);
        tracker.stopTracking(request);
        tracker.responded(request, 900 * MILLI);

        assertThat(tracker.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(dialled().waitTimes().maxWaitNanos()).isEqualTo(600 * MILLI);
    }

    @Test
    void theFloorsAreOptions() {
        ResponseTimesTracker patient = new ResponseTimesTracker(
                routing,
                KademliaConfig.builder()
                        .minSoftTimeout(Duration.ofSeconds(3))
                        .minMaxWait(Duration.ofSeconds(4))
                        .build());
        ResponseTimes times = patient.responseTimes(Peers.peer(1));
        for (int i = 0; i < 100; i++) {
            times.addResponse(MILLI);
        }
        assertThat(times.waitTimes().softNanos()).isEqualTo(3000 * MILLI);
        assertThat(times.waitTimes().maxWaitNanos()).isEqualTo(4000 * MILLI);
    }
}
