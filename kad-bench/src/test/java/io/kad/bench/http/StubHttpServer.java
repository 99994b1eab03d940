package io.kad.bench.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** HTTP server of one handler, which remembers the connections from which requests came. Thread-safe. */
final class StubHttpServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    StubHttpServer(Handler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            clients.add(exchange.getRemoteAddress());
            handler.handle(exchange);
            exchange.close();
        });
        server.start();
    }

    static void respond(HttpExchange exchange, int status, String... chunks) throws IOException {
        exchange.sendResponseHeaders(status, 0); // chunked
        for (String chunk : chunks) {
            exchange.getResponseBody().write(chunk.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        }
    }

    URI url(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + pathAndQuery);
    }

    int requests() {
        return requests.get();
    }

    Set<InetSocketAddress> clients() {
        return clients;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
