package io.kad.node.http;

import io.kad.node.http.limit.HttpLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Servers of a test at loopback addresses; they end with it. */
public final class TestServer implements AfterEachCallback {

    private final List<HttpServer> servers = new ArrayList<>();

    TestServer() {}

    /** Starts a server at a free port of the loopback address, without a token and with the limits of a node; the caller closes it. */
    public static HttpServer loopback(RouteGroup... groups) throws IOException {
        return loopback(HttpLimits.DEFAULT, Optional.empty(), groups);
    }

    private static HttpServer loopback(HttpLimits limits, Optional<AccessToken> token, RouteGroup... groups)
            throws IOException {
        return HttpServer.start(
                List.of(groups), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), token, limits);
    }

    HttpServer start(RouteGroup group) throws IOException {
        return start(HttpLimits.DEFAULT, Optional.empty(), group);
    }

    HttpServer start(HttpLimits limits, Optional<AccessToken> token, RouteGroup... groups) throws IOException {
        HttpServer server = loopback(limits, token, groups);
        servers.add(server);
        return server;
    }

    HttpServer start(HttpLimits limits, Route... routes) throws IOException {
        return start(limits, Optional.empty(), RouteGroup.of("", List.of(routes)));
    }

    /** Limits with short times, for tests in which a time must pass. */
    static HttpLimits times(Duration request, Duration idle, Duration write) {
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                usual.connections(),
                usual.running(),
                usual.queries(),
                usual.bodyBytes(),
                usual.responseBytes(),
                usual.streamBytes(),
                request,
                idle,
                write,
                usual.closeTimeout());
    }

    /** Limits of numbers and bytes. */
    static HttpLimits counts(int connections, int running, int queries, int bodyBytes, int streamBytes) {
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                connections,
                running,
                queries,
                bodyBytes,
                usual.responseBytes(),
                streamBytes,
                usual.requestTimeout(),
                usual.idleTimeout(),
                usual.writeTimeout(),
                usual.closeTimeout());
    }

    /** Limits with so many bytes of answers. */
    static HttpLimits answers(int responseBytes) {
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                usual.connections(),
                usual.running(),
                usual.queries(),
                usual.bodyBytes(),
                responseBytes,
                usual.streamBytes(),
                usual.requestTimeout(),
                usual.idleTimeout(),
                usual.writeTimeout(),
                usual.closeTimeout());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        servers.forEach(HttpServer::close);
    }
}
