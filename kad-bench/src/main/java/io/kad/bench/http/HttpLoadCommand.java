package io.kad.bench.http;

import io.kad.bench.measure.ServerUsage;
import io.kad.bench.measure.TimeOptions;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code http}: one measured run against the HTTP of a node. */
@Command(
        name = "http",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Send GET requests to the HTTP of a node, and print the metrics: one JSON line on standard output, and one line for people on standard error.",
            "In a closed loop: each connection sends its next request when the response has ended, to its last byte."
        })
public final class HttpLoadCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "URL",
            description = "What is requested, such as http://127.0.0.1:5001/routing/v1/providers/CID.")
    private URI url = URI.create("http://127.0.0.1");

    @Option(
            names = "--accept",
            description =
                    "Media type of the response, such as application/x-ndjson or text/event-stream (default: ${DEFAULT-VALUE}).")
    private String accept = "application/json";

    @Option(
            names = "--connections",
            description = "Connections, each with one request at a time, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int connections = 1;

    @Option(
            names = "--min-bytes",
            description =
                    "Bytes of the shortest body that has what was requested; shorter ones count as missed (default: ${DEFAULT-VALUE}).")
    private long minBytes = 1;

    @Option(
            names = "--pid",
            description =
                    "Process of the node: adds its CPU time a request and its memory, and for a Java process the bytes allocated a request.")
    private @Nullable Long pid;

    @Mixin
    private TimeOptions times = new TimeOptions();

    /** Creates the command. */
    public HttpLoadCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        HttpPlan plan = new HttpPlan(url, accept, connections, minBytes, times.times());
        try (ServerUsage usage = pid == null ? null : new ServerUsage(pid);
                HttpLoad load = new HttpLoad(plan)) {
            HttpResult result = load.measure(Optional.ofNullable(usage));
            System.out.println(result.json());
            System.err.println(result.text());
            return result.metrics().succeeded() > 0 ? 0 : 1;
        }
    }
}
