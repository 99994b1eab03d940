package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.spi.metrics.Metrics;
import io.kad.node.api.NodeApi;
import io.kad.node.dashboard.Dashboard;
import io.kad.node.delegated.DelegatedRouting;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.HttpAddress;
import io.kad.node.http.HttpServer;
import io.kad.node.http.Route;
import io.kad.node.http.RouteGroup;
import io.kad.node.http.limit.HttpLimits;
import io.kad.node.monitor.HealthChecks;
import io.kad.node.monitor.NodeMetrics;
import io.kad.node.option.HttpOptions;
import io.kad.node.option.NodeOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.OutputLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP side of a node, if its options have one: metrics from the start of the peer on, then the server with all its routes. */
public final class NodeHttp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeHttp.class);

    private final Optional<HttpSettings> settings;
    private final Optional<NodeMetrics> metrics;
    private @Nullable NodeApi api;
    private @Nullable HttpServer server;

    private NodeHttp(Optional<HttpSettings> settings) {
        this.settings = settings;
        this.metrics = settings.map(present -> new NodeMetrics());
    }

    /** Returns the HTTP side that the options have, which are checked; nothing listens yet. */
    static NodeHttp of(NodeOptions options) {
        return new NodeHttp(HttpSettings.of(options));
    }

    /**
     * Returns the HTTP side of a peer that has no token: only programs of this machine may change something.
     *
     * @param text value of the option {@code --http}; empty if there shall be no server
     */
    public static NodeHttp withoutToken(Optional<String> text) {
        String option = "--" + HttpOptions.ADDRESS;
        return new NodeHttp(text.map(address -> new HttpSettings(
                option + " " + address, HttpAddress.parse(option, address), Optional.empty(), Optional.empty())));
    }

    /** Returns what the peer must report its metrics to. */
    public Metrics metrics() {
        return metrics.map(NodeMetrics::ofPeer).orElse(Metrics.NONE);
    }

    /**
     * Starts the server, if there shall be one.
     *
     * @param setup what the peer was started with
     * @param expectsPeers whether the peer has bootstrap peers
     */
    public void start(Kademlia kad, NodeSetup setup, boolean expectsPeers) {
        settings.ifPresent(present -> {
            HttpServer started = start(present, routes(kad, setup, expectsPeers));
            metrics.ifPresent(all -> all.countLimitsOf(started));
            server = started;
        });
    }

    private List<RouteGroup> routes(Kademlia kad, NodeSetup setup, boolean expectsPeers) {
        HealthChecks checks = new HealthChecks(kad, expectsPeers);
        List<Route> ofNode = new ArrayList<>(checks.routes());
        metrics.ifPresent(present -> {
            present.addHealth(checks);
            ofNode.add(present.route());
        });
        ofNode.addAll(Dashboard.routes());
        NodeApi ofPeer = new NodeApi(kad, setup);
        api = ofPeer;
        return List.of(RouteGroup.of("", ofNode), ofPeer.routes(), DelegatedRouting.routes(kad));
    }

    private static HttpServer start(HttpSettings settings, List<RouteGroup> routes) {
        try {
            HttpServer server =
                    HttpServer.start(routes, settings.address(), settings.effectiveToken(), HttpLimits.DEFAULT);
            if (!server.allowsChanges()) {
                LOG.warn(
                        "HTTP calls that change something are refused at {}: an address of the network needs a token;"
                                + " use --http-token or --data",
                        HttpAddress.text(server.address()));
            }
            return server;
        } catch (IOException e) {
            throw UsageException.cannot("listen on " + settings.name(), e);
        }
    }

    /** Returns the line that tells where the server listens; empty if there is none. */
    public Optional<ObjectNode> line() {
        return Optional.ofNullable(server)
                .map(present -> OutputLine.line("http").put("address", HttpAddress.text(present.address())));
    }

    @Override
    public void close() {
        HttpServer started = server;
        if (started != null) {
            started.close();
        }
        NodeApi ofPeer = api;
        if (ofPeer != null) {
            ofPeer.close();
        }
        metrics.ifPresent(NodeMetrics::close);
    }
}
