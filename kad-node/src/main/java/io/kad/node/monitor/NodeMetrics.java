package io.kad.node.monitor;

import io.kad.api.spi.metrics.Metrics;
import io.kad.core.micrometer.MicrometerMetrics;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpServer;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Metrics of a node and of its JVM, in the text format of Prometheus. */
public final class NodeMetrics implements AutoCloseable {

    /** Source: Prometheus, exposition formats. */
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MicrometerMetrics ofPeer = new MicrometerMetrics(registry, Tags.empty());
    private Optional<HealthGauges> health = Optional.empty();
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    /** Creates metrics of the JVM alone; those of the peer follow when it uses {@link #ofPeer}. */
    public NodeMetrics() {
        registry.config().meterFilter(new TimerBuckets());
        garbageCollection.bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Returns the receiver of the metrics of the peer. */
    public Metrics ofPeer() {
        return ofPeer;
    }

    /** Adds the health of the node: each scrape runs the checks, those within a second once. Called once, before the first scrape. */
    public void addHealth(HealthChecks checks) {
        addHealth(checks, System::nanoTime);
    }

    void addHealth(HealthChecks checks, LongSupplier nanoTime) {
        health = Optional.of(new HealthGauges(checks, registry, nanoTime));
    }

    /** Adds how often each limit of {@code server} was reached. */
    public void countLimitsOf(HttpServer server) {
        for (String limit : server.limitsReached().keySet()) {
            FunctionCounter.builder(
                            "kad.http.limits.reached",
                            server,
                            counting -> counting.limitsReached().getOrDefault(limit, 0L))
                    .tag("limit", limit)
                    .description("Times that a limit of the HTTP server was reached.")
                    .register(registry);
        }
    }

    /** Returns all metrics as text. */
    public String scrape() {
        health.ifPresent(HealthGauges::run);
        return registry.scrape(CONTENT_TYPE);
    }

    /** Returns the route of the metrics. */
    public Route route() {
        return Route.get("/metrics", this::send).producing("text/plain");
    }

    private void send(Request request, Exchange exchange) {
        exchange.send(Response.text(200, CONTENT_TYPE, scrape()));
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
