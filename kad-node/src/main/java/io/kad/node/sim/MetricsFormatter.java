package io.kad.node.sim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.text.UnknownName;
import io.kad.node.output.OutputLine;
import io.kad.sim.scenario.Expectation;
import io.kad.sim.scenario.RunResult;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Text of the metrics of a run: a table for people, JSON and comma-separated values. */
final class MetricsFormatter {

    private MetricsFormatter() {}

    static String text(RunResult result) {
        StringBuilder text = new StringBuilder(result.scenario().name());
        result.report().metrics().forEach((name, value) -> {
            text.append(String.format(Locale.ROOT, "%n  %-28s %12s", name, number(value)));
            expected(result, name)
                    .ifPresent(each ->
                            text.append("   expected ").append(each).append(each.holds(value) ? "" : "   NOT MET"));
        });
        for (Expectation missing : result.failed()) {
            if (!result.report().metrics().containsKey(missing.metric())) {
                text.append(String.format(Locale.ROOT, "%n  %-28s unknown metric", missing.metric()))
                        .append(UnknownName.suggestion(
                                missing.metric(), result.report().metrics().keySet()));
            }
        }
        return text.append(String.format(
                        Locale.ROOT, "%n  %-28s %s", "messages", result.encoded() ? "encoded" : "not encoded"))
                .append(String.format(Locale.ROOT, "%n  %-28s %s", "trace", trace(result.traceHash())))
                .toString();
    }

    private static Optional<Expectation> expected(RunResult result, String metric) {
        return result.scenario().expectations().stream()
                .filter(each -> each.metric().equals(metric))
                .findFirst();
    }

    static ObjectNode json(RunResult result) {
        ObjectNode node = OutputLine.line("run")
                .put("ok", result.isOk())
                .put("name", result.scenario().name())
                .put("seed", result.scenario().setup().seed())
                .put("peers", result.scenario().setup().peers())
                .put("tables", result.scenario().setup().tables().name().toLowerCase(Locale.ROOT))
                .put("encoded", result.encoded())
                .put("trace", trace(result.traceHash()));
        ObjectNode metrics = node.putObject("metrics");
        result.report().metrics().forEach(metrics::put);
        var failed = node.putArray("failed");
        result.failed().forEach(each -> failed.add(each.metric() + " " + each));
        return node;
    }

    static String csv(List<RunResult> results) {
        StringBuilder text = new StringBuilder("run,metric,value\n");
        for (RunResult result : results) {
            result.report()
                    .metrics()
                    .forEach((name, value) -> text.append(result.scenario().name())
                            .append(',')
                            .append(name)
                            .append(',')
                            .append(value)
                            .append('\n'));
        }
        return text.toString();
    }

    static String trace(long hash) {
        return String.format(Locale.ROOT, "%016x", hash);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e12
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%.0f" : "%.5f", value);
    }
}
