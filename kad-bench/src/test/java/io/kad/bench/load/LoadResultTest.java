package io.kad.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Security;
import io.kad.api.message.PeerInfo;
import io.kad.bench.measure.LoadMetrics;
import io.kad.bench.measure.Measurement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoadResultTest {

    private static final LoadPlan PLAN = Plans.closed(
            PeerInfo.of(Workload.randomPeer(new Random(1)), List.of()),
            RequestKind.FIND_NODE,
            Security.NOISE,
            false,
            1);

    @Test
    void theShareOfMissingProbesIsThatOfDroppedRequests() {
        Measurement measurement = new Measurement(System.nanoTime());
        for (int i = 0; i < 40; i++) {
            measurement.succeeded(System.nanoTime(), true);
        }
        measurement.failed("TIMEOUT");
        LoadMetrics metrics = new LoadMetrics(measurement, PLAN.times(), 0, Optional.empty());
        LoadResult result = new LoadResult(PLAN, Optional.empty(), metrics, OptionalInt.of(5));
        assertThat(result.notServed()).isEqualTo(11);
        assertThat(result.json().get("probes").get("missing").asInt()).isEqualTo(5);
        assertThat(result.text()).contains("5 of 20 announcements not stored");
    }
}
