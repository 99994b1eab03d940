package io.kad.bench.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/** Metrics of one measured run. Immutable. */
public final class LoadMetrics {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_MICRO = 1e3;

    private final Times times;
    private final Histogram latencies;
    private final Map<String, Long> errors;
    private final long requests;
    private final long missed;
    private final double perSecond;
    private final long clientCpuNanos;
    private final Optional<ServerUsage.Sample> used;

    /**
     * Creates the metrics of a measurement that has ended.
     *
     * @param clientCpuNanos CPU time of the generator
     * @param used usage of the process of the server meanwhile, if it is known
     */
    public LoadMetrics(Measurement measurement, Times times, long clientCpuNanos, Optional<ServerUsage.Sample> used) {
        this.times = times;
        this.latencies = measurement.latencies();
        this.errors = measurement.errors();
        this.requests = measurement.requests();
        this.missed = measurement.missed();
        this.perSecond =
                measurement.succeededInWindow() * 1e9 / times.measurement().toNanos();
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

    /** Returns the number of requests that succeeded. */
    public long succeeded() {
        return latencies.getTotalCount();
    }

    /** Returns the number of responses that did not hold what was asked for. */
    public long missed() {
        return missed;
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

    /** Adds the times and all metrics to {@code json}. */
    public void addTo(ObjectNode json) {
        json.put("warmUpSeconds", times.warmUp().toMillis() / 1e3);
        json.put("seconds", times.measurement().toMillis() / 1e3);
        json.put("timeoutSeconds", times.timeout().toMillis() / 1e3);
        json.put("requests", requests);
        errors.forEach(json.putObject("errors")::put);
        json.put("missed", missed);
        json.put("requestsPerSecond", rounded(perSecond));
        addMillis(json.putObject("latencyMillis"), latencies);
        perRequest(clientCpuNanos)
                .ifPresent(nanos -> json.put("clientCpuMicrosPerRequest", rounded(nanos / NANOS_PER_MICRO)));
        cpuMicrosPerRequest().ifPresent(micros -> json.put("serverCpuMicrosPerRequest", rounded(micros)));
        residentBytes().ifPresent(bytes -> json.put("serverResidentBytes", bytes));
        allocatedPerRequest().ifPresent(bytes -> json.put("serverAllocatedBytesPerRequest", rounded(bytes)));
        json.put("ok", succeeded() > 0);
    }

    /** Adds percentiles of {@code nanos} to {@code json}, in milliseconds. */
    public static void addMillis(ObjectNode json, Histogram nanos) {
        json.put("p50", rounded(nanos.getValueAtPercentile(50) / NANOS_PER_MILLI));
        json.put("p90", rounded(nanos.getValueAtPercentile(90) / NANOS_PER_MILLI));
        json.put("p99", rounded(nanos.getValueAtPercentile(99) / NANOS_PER_MILLI));
        json.put("max", rounded(nanos.getMaxValue() / NANOS_PER_MILLI));
    }

    /** Returns a number with at most three digits after the point. */
    public static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** Returns all metrics as one line for people. */
    public String text() {
        StringBuilder line = new StringBuilder();
        append(
                line,
                "%,d requests, %,.0f/s, p50 %.3f ms, p90 %.3f ms, p99 %.3f ms, max %.1f ms",
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
        cpuMicrosPerRequest().ifPresent(micros -> append(line, "; server: %.1f µs of CPU a request", micros));
        allocatedPerRequest().ifPresent(bytes -> append(line, ", %,.0f B allocated", bytes));
        residentBytes().ifPresent(bytes -> append(line, ", %,d MiB resident", bytes >> 20));
        return line.toString();
    }

    private static void append(StringBuilder line, String format, Object... values) {
        line.append(String.format(Locale.ROOT, format, values));
    }
}
