package io.kad.bench.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.bench.measure.LoadMetrics;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Result of one measured run. Immutable. */
final class HttpResult {

    private final HttpPlan plan;
    private final LoadMetrics metrics;
    private final Histogram firstBytes;
    private final double bytesPerResponse;
    private final double linesPerResponse;

    HttpResult(HttpPlan plan, LoadMetrics metrics, HttpMeasurement measurement) {
        this.plan = plan;
        this.metrics = metrics;
        this.firstBytes = measurement.firstBytes();
        long responses = Math.max(1, metrics.succeeded());
        this.bytesPerResponse = (double) measurement.bytes() / responses;
        this.linesPerResponse = (double) measurement.lines() / responses;
    }

    LoadMetrics metrics() {
        return metrics;
    }

    /** Returns the options of the load and all metrics as one JSON object. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("event", "http-load");
        json.put("url", plan.url().toString());
        json.put("accept", plan.accept());
        json.put("connections", plan.connections());
        json.put("minBytes", plan.minBytes());
        json.put("bytesPerResponse", LoadMetrics.rounded(bytesPerResponse));
        json.put("linesPerResponse", LoadMetrics.rounded(linesPerResponse));
        LoadMetrics.addMillis(json.putObject("firstByteMillis"), firstBytes);
        metrics.addTo(json);
        return json;
    }

    /** Returns all metrics as one line for people. */
    String text() {
        return String.format(
                Locale.ROOT,
                "%s, %s, %,d connection(s), %,.0f B in %,.0f lines each: %s",
                plan.url().getRawPath(),
                plan.accept(),
                plan.connections(),
                bytesPerResponse,
                linesPerResponse,
                metrics.text());
    }
}
