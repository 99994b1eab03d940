package io.kad.bench.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.spi.transport.ConnectionInfo;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/** Figures of one measured run. Immutable. */
public final class LoadResult {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_MICRO = 1e3;

    private final LoadPlan plan;
    private final Optional<ConnectionInfo> connection;
    private final Histogram latencies;
    private final Map<String, Long> errors;
    private final long requests;
    private final long missed;
    private final OptionalInt missingProbes;
    private final double perSecond;
    private final long clientCpuNanos;
    private final Optional<ServerUsage.Sample> used;

    LoadResult(
            LoadPlan plan,
            Optional<ConnectionInfo> connection,
            Measurement measurement,
            OptionalInt missingProbes,
            long clientCpuNanos,
            Optional<ServerUsage.Sample> used) {
        this.plan = plan;
        this.connection = connection;
        this.latencies = measurement.latencies();
        this.errors = measurement.errors();
        this.requests = measurement.requests();
        this.missed = measurement.missed();
        this.missingProbes = missingProbes;
        this.perSecond = measurement.succeededInWindow()
                * 1e9
                / plan.times().measurement().toNanos();
        this.clientCpuNanos = clientCpuNanos;
        this.used = used;
    }

    /** Returns the number of requests that have ended, with those that failed or were not sent. */
    public long requests() {
        return requests;
    }

    /** Returns the number of failed requests, and of those that were not sent. */
    public long failed() {
        return requests - succeeded();
    }

    private long succeeded() {
        return latencies.getTotalCount();
    }

    /** Returns the number of responses that did not hold what was asked for. */
    public long missed() {
        return missed;
    }

    /**
     * Returns the number of requests that failed, were not sent, did not get what was requested, or were dropped. The dropped ADD_PROVIDER are
     * estimated: the same share as of the probes.
     */
    public long notServed() {
        return failed()
                + missed
                + Math.round((double) succeeded() * missingProbes.orElse(0) / AnnouncementProbes.COUNT);
    }

    /** Returns the requests that succeeded in a second of the measured time. */
    public double perSecond() {
        return perSecond;
    }

    /** Returns a percentile of the latencies of successful requests, in milliseconds; 0 if none has succeeded. */
    public double latencyMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }

    /** Returns the CPU time of the server for a successful request, in microseconds, if its process was given and one has succeeded. */
    public Optional<Double> cpuMicrosPerRequest() {
        return used.flatMap(sample -> perRequest(sample.cpuNanos())).map(nanos -> nanos / NANOS_PER_MICRO);
    }

    /** Returns the resident memory of the server at the end, in bytes, if its process was given. */
    public Optional<Long> residentBytes() {
        return used.map(ServerUsage.Sample::residentBytes);
    }

    /** Returns the bytes that the server allocated for a successful request, if it is a Java process and one has succeeded. */
    public Optional<Double> allocatedPerRequest() {
        OptionalLong bytes = used.map(ServerUsage.Sample::allocatedBytes).orElse(OptionalLong.empty());
        return bytes.isPresent() ? perRequest(bytes.getAsLong()) : Optional.empty();
    }

    /** Divides by the requests that succeeded: what failed or was not sent would make a server look cheap. */
    private Optional<Double> perRequest(long amount) {
        return succeeded() == 0 ? Optional.empty() : Optional.of((double) amount / succeeded());
    }

    /** Returns the options of the load and all figures as one JSON object. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("event", "load");
        json.put("request", plan.request().name());
        json.put("streams", plan.freshStreams() ? "fresh" : "kept");
        json.put("connections", plan.connections());
        connection.ifPresent(open -> {
            json.put("transport", open.transport());
            json.put("security", open.security());
        });
        if (plan.rate().isPresent()) {
            json.put("loop", "open").put("rate", plan.rate().getAsDouble()).put("maxPending", plan.maxPending());
        } else {
            json.put("loop", "closed").put("inFlight", plan.inFlight());
        }
        json.put("warmUpSeconds", plan.times().warmUp().toMillis() / 1e3);
        json.put("seconds", plan.times().measurement().toMillis() / 1e3);
        json.put("timeoutSeconds", plan.times().timeout().toMillis() / 1e3);
        json.put("seed", plan.data().seed());
        json.put("keys", plan.data().keys());
        json.put("valueBytes", plan.data().valueBytes());
        json.put("providers", plan.data().providersPerKey());
        json.put("requests", requests);
        errors.forEach(json.putObject("errors")::put);
        json.put("missed", missed);
        missingProbes.ifPresent(missing ->
                json.putObject("probes").put("sent", AnnouncementProbes.COUNT).put("missing", missing));
        json.put("requestsPerSecond", rounded(perSecond));
        ObjectNode millis = json.putObject("latencyMillis");
        millis.put("p50", rounded(latencyMillis(50)));
        millis.put("p90", rounded(latencyMillis(90)));
        millis.put("p99", rounded(latencyMillis(99)));
        millis.put("max", rounded(latencies.getMaxValue() / NANOS_PER_MILLI));
        perRequest(clientCpuNanos)
                .ifPresent(nanos -> json.put("clientCpuMicrosPerRequest", rounded(nanos / NANOS_PER_MICRO)));
        cpuMicrosPerRequest().ifPresent(micros -> json.put("serverCpuMicrosPerRequest", rounded(micros)));
        residentBytes().ifPresent(bytes -> json.put("serverResidentBytes", bytes));
        allocatedPerRequest().ifPresent(bytes -> json.put("serverAllocatedBytesPerRequest", rounded(bytes)));
        json.put("ok", succeeded() > 0);
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** Returns all figures as one line for people. */
    public String text() {
        StringBuilder line = new StringBuilder();
        append(
                line,
                "%s, %s streams, %,d connection(s)",
                plan.request(),
                plan.freshStreams() ? "fresh" : "kept",
                plan.connections());
        if (plan.rate().isPresent()) {
            append(line, ", open loop of %,.0f/s", plan.rate().getAsDouble());
        } else {
            append(line, ", %,d in flight", plan.inFlight());
        }
        append(
                line,
                ": %,d requests, %,.0f/s, p50 %.3f ms, p90 %.3f ms, p99 %.3f ms, max %.1f ms",
                requests,
                perSecond,
                latencyMillis(50),
                latencyMillis(90),
                latencyMillis(99),
                latencies.getMaxValue() / NANOS_PER_MILLI);
        line.append(errors.isEmpty() ? ", no errors" : ", errors " + errors);
        if (missed > 0) {
            append(line, ", %,d without a result", missed);
        }
        if (missingProbes.orElse(0) > 0) {
            append(line, ", %d of %d announcements not stored", missingProbes.getAsInt(), AnnouncementProbes.COUNT);
        }
        cpuMicrosPerRequest().ifPresent(micros -> append(line, "; server: %.1f µs of CPU a request", micros));
        allocatedPerRequest().ifPresent(bytes -> append(line, ", %,.0f B allocated", bytes));
        residentBytes().ifPresent(bytes -> append(line, ", %,d MiB resident", bytes >> 20));
        return line.toString();
    }

    private static void append(StringBuilder line, String format, Object... values) {
        line.append(String.format(Locale.ROOT, format, values));
    }
}
