package io.kad.bench.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.bench.measure.LoadMetrics;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Result of one measured run. Immutable.
 *
 * @param connection the last connection that was opened, if one was
 * @param metrics its metrics
 * @param missingProbes number of probes that the server has not stored, of a run that announces
 */
public record LoadResult(
        LoadPlan plan, Optional<ConnectionInfo> connection, LoadMetrics metrics, OptionalInt missingProbes) {

    /**
     * Returns the number of requests that failed, were not sent, did not get what was requested, or were dropped. The dropped ADD_PROVIDER are
     * estimated: the same share as of the probes.
     */
    public long notServed() {
        return metrics.failed()
                + metrics.missed()
                + Math.round((double) metrics.succeeded() * missingProbes.orElse(0) / AnnouncementProbes.COUNT);
    }

    /** Returns the options of the load and all metrics as one JSON object. */
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
        json.put("seed", plan.data().seed());
        json.put("keys", plan.data().keys());
        json.put("valueBytes", plan.data().valueBytes());
        json.put("providers", plan.data().providersPerKey());
        missingProbes.ifPresent(missing ->
                json.putObject("probes").put("sent", AnnouncementProbes.COUNT).put("missing", missing));
        metrics.addTo(json);
        return json;
    }

    /** Returns all metrics as one line for people. */
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
        line.append(": ").append(metrics.text());
        if (missingProbes.orElse(0) > 0) {
            append(line, ", %d of %d announcements not stored", missingProbes.getAsInt(), AnnouncementProbes.COUNT);
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String format, Object... values) {
        line.append(String.format(Locale.ROOT, format, values));
    }
}
