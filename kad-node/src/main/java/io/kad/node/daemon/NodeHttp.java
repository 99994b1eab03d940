package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.http.AccessToken;
import io.kad.node.http.HttpAddress;
import io.kad.node.http.HttpLimits;
import io.kad.node.http.HttpServer;
import io.kad.node.http.RouteGroup;
import io.kad.node.option.HttpOptions;
import io.kad.node.option.PeerOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.OutputLine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP side of a running peer: the server with all its routes, and where it listens. Thread-safe. */
final class NodeHttp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeHttp.class);
    private static final String TOKEN_FILE = "http-token";

    private final Optional<HttpServer> server;

    private NodeHttp(Optional<HttpServer> server) {
        this.server = server;
    }

    /**
     * Address and token of the server, checked before a peer is started.
     *
     * @param name the option of the address, as refusals call it
     * @param token the token of the options; empty if they have none
     * @param data the data directory, which the token is in otherwise
     */
    record Settings(String name, InetSocketAddress address, Optional<AccessToken> token, Optional<Path> data) {

        /** Returns the settings that the options have; empty if there shall be no server. */
        static Optional<Settings> of(HttpOptions http, PeerOptions options) {
            Optional<AccessToken> token =
                    http.token(options).map(value -> AccessToken.parse(value.name(), value.text()));
            return http.address(options)
                    .map(value -> new Settings(
                            value.name() + " " + value.text(),
                            HttpAddress.parse(value.name(), value.text()),
                            token,
                            options.data()));
        }

        private Optional<AccessToken> effectiveToken() {
            return token.or(() -> data.map(directory -> AccessToken.loadOrCreate(directory.resolve(TOKEN_FILE))));
        }
    }

    /** Starts a server with these routes, if there are settings. */
    static NodeHttp start(Optional<Settings> settings, List<RouteGroup> routes) {
        return new NodeHttp(settings.map(present -> start(present, routes)));
    }

    private static HttpServer start(Settings settings, List<RouteGroup> routes) {
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
    Optional<ObjectNode> line() {
        return server.map(present -> OutputLine.line("http").put("address", HttpAddress.text(present.address())));
    }

    @Override
    public void close() {
        server.ifPresent(HttpServer::close);
    }
}
