package io.kad.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Security;
import io.kad.api.message.PeerInfo;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadResultTest {

    private static final LoadPlan PLAN = Plans.closed(
            PeerInfo.of(Workload.randomPeer(new Random(1)), List.of()),
            RequestKind.FIND_NODE,
            Security.NOISE,
            false,
            1);

    private final Measurement measurement = new Measurement(System.nanoTime());

    private OptionalInt missingProbes = OptionalInt.empty();

    private LoadResult result() {
        return result(measurement);
    }

    private LoadResult result(Measurement measurement) {
        ServerUsage.Sample used = new ServerUsage.Sample(8_000, 1 << 20, OptionalLong.of(600));
        return new LoadResult(PLAN, Optional.empty(), measurement, missingProbes, 4_000, Optional.of(used));
    }

    @Test
    void whatWasNotServedDoesNotMakeTheOtherRequestsCheaper() {
        measurement.succeeded(System.nanoTime(), true);
        measurement.succeeded(System.nanoTime(), true);
        measurement.failed("TIMEOUT");
        measurement.failed(OpenLoop.NOT_SENT);
        assertThat(result().cpuMicrosPerRequest()).contains(4.0);
        assertThat(result().allocatedPerRequest()).contains(300.0);
        assertThat(result().failed()).isEqualTo(2);
        assertThat(result().json().get("clientCpuMicrosPerRequest").asDouble()).isEqualTo(2);
    }

    @Test
    void onlySuccessesWithinTheMeasuredTimeCountForTheRate() {
        Measurement inTime = new Measurement(System.nanoTime() + TimeUnit.DAYS.toNanos(1));
        Measurement late = new Measurement(System.nanoTime() - 1);
        for (int i = 0; i < 3; i++) {
            inTime.succeeded(System.nanoTime(), true);
            late.succeeded(System.nanoTime(), true);
        }
        inTime.failed("TIMEOUT");
        assertThat(result(inTime).perSecond()).isEqualTo(10); // 3 in 300 ms
        assertThat(result(late).perSecond()).isZero();
    }

    @Test
    void withoutASuccessThereIsNoValuePerRequest() {
        measurement.failed("TIMEOUT");
        ObjectNode json = result().json();
        assertThat(json.has("serverCpuMicrosPerRequest")).isFalse();
        assertThat(json.has("serverAllocatedBytesPerRequest")).isFalse();
        assertThat(json.has("clientCpuMicrosPerRequest")).isFalse();
        assertThat(json.get("errors").get("TIMEOUT").asLong()).isEqualTo(1);
    }

    @Test
    void theShareOfMissingProbesIsThatOfDroppedRequests() {
        for (int i = 0; i < 40; i++) {
            measurement.succeeded(System.nanoTime(), true);
        }
        measurement.failed("TIMEOUT");
        missingProbes = OptionalInt.of(5);
        assertThat(result().notServed()).isEqualTo(11);
        assertThat(result().json().get("probes").get("missing").asInt()).isEqualTo(5);
        assertThat(result().text()).contains("5 of 20 announcements not stored");
    }
}
