package io.kad.node.dashboard;

import io.kad.node.http.Route;
import java.util.List;
import java.util.stream.Stream;

/** Routes of the page and of its files: a fixed list, so that no path leads to any other file. */
public final class Dashboard {

    private static final String PAGE = "index.html";

    private static final List<String> FILES = List.of(
            "api.js",
            "buckets.js",
            "chart.js",
            "checks.js",
            "commands.js",
            "connections.js",
            "dom.js",
            "events.js",
            "format.js",
            "icon.svg",
            "layout.css",
            "limits.js",
            "main.js",
            "metrics.js",
            "overview.js",
            "parts.css",
            "poll.js",
            "recent.js",
            "result.js",
            "samples.js",
            "spark.js",
            "stores.js",
            "theme.css",
            "theme.js",
            "token.js",
            "trace.js",
            "traffic.js");

    private Dashboard() {}

    /** Returns the routes: the page at {@code /}, its files below {@code /dashboard}. */
    public static List<Route> routes() {
        return Stream.concat(Stream.of(route("/", PAGE)), FILES.stream().map(name -> route("/dashboard/" + name, name)))
                .toList();
    }

    private static Route route(String path, String name) {
        Asset asset = Asset.load(name);
        return Route.get(path, (request, exchange) -> exchange.send(asset.response(request)))
                .producing(asset.mediaType());
    }
}
