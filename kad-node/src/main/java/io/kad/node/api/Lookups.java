package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.id.Bytes;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.ResponseStream;
import io.kad.node.http.Route;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lookups that run in the background, to be watched and cancelled. Thread-safe. */
final class Lookups implements AutoCloseable {

    /** Lookups that run at a time. */
    static final int MAX_RUNNING = 16;

    /** Lookups that are kept; of those that have ended, the oldest ones make room. */
    static final int MAX_KEPT = 64;

    private static final String PATH = CommandOperations.PREFIX + "/lookups";
    private static final Duration KEPT_FOR = Duration.ofMinutes(5);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final List<String> COMMANDS = List.of("get", "find-providers", "find-peer", "closest-peers");
    private static final Parameter ID = Parameter.path("id", "ID of the lookup.");

    private final Kademlia kad;
    private final Map<String, Lookup> lookups = new LinkedHashMap<>();
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(0, MAX_RUNNING, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Lookups::thread);
    private long lastId;

    Lookups(Kademlia kad) {
        this.kad = kad;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "kad-lookup");
        thread.setDaemon(true);
        return thread;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "lookups",
                        "Lookups that run, or have ended lately.",
                        Route.get(PATH, this::list),
                        List.of(),
                        200),
                new Operation(
                        "startLookup",
                        "Starts a lookup.",
                        Route.change("POST", PATH + "/{command}/{key}", this::start),
                        List.of(
                                Parameter.path("command", "get, find-providers, find-peer or closest-peers."),
                                Parameter.path("key", "The key or peer ID, as the command takes it."),
                                Parameter.text("timeout", "Timeout such as 30s, at most 10 min. Default: 60 s.")),
                        201),
                new Operation("lookup", "State of a lookup.", Route.get(PATH + "/{id}", this::show), List.of(ID), 200),
                new Operation(
                        "watchLookup",
                        "Lines of a lookup as server-sent events: each hop, the results, and a last one with ok.",
                        Route.get(PATH + "/{id}/events", this::watch).asQuery().producing(MediaType.EVENT_STREAM),
                        List.of(
                                ID,
                                Parameter.number("from", "Number of the first line. Default: 0.", 0, Lookup.MAX_LINES)),
                        200),
                new Operation(
                        "cancelLookup",
                        "Cancels a lookup.",
                        Route.change("DELETE", PATH + "/{id}", this::cancel),
                        List.of(ID),
                        200));
    }

    private void list(Request request, Exchange exchange) {
        ObjectNode line = OutputLine.done("lookups");
        ArrayNode array = line.putArray("lookups");
        synchronized (this) {
            lookups.values().forEach(lookup -> array.add(lookup.state()));
        }
        exchange.send(Response.json(200, line));
    }

    private void start(Request request, Exchange exchange) throws HttpException {
        String command = request.parameter("command");
        if (!COMMANDS.contains(command)) {
            throw new HttpException(
                    HttpError.BAD_REQUEST, "unknown lookup '" + command + "'; known: " + String.join(", ", COMMANDS));
        }
        String key = request.parameter("key");
        List<String> options = request.queryValue("timeout")
                .map(timeout -> List.of("--trace", "--timeout=" + timeout))
                .orElse(List.of("--trace"));
        Commands.Parsed parsed = Commands.parse(command, options, List.of(key));
        Lookup lookup = add(command, key);
        try {
            lookup.startedBy(executor.submit(() -> lookup.run(parsed, kad)));
        } catch (RejectedExecutionException full) {
            remove(lookup);
            throw new HttpException(
                    HttpError.UNAVAILABLE,
                    "limit of " + MAX_RUNNING + " running lookups reached; cancel one, or try again later",
                    Map.of("Retry-After", "1"));
        }
        exchange.send(Response.json(201, lookup.state()).with("Location", PATH + "/" + lookup.id()));
    }

    private synchronized Lookup add(String command, String key) {
        lookups.values().removeIf(lookup -> lookup.hasEndedFor(KEPT_FOR));
        if (lookups.size() >= MAX_KEPT) {
            lookups.values().stream().filter(Lookup::isEnded).findFirst().ifPresent(this::remove);
        }
        lastId++;
        Lookup lookup = new Lookup(String.valueOf(lastId), command, key);
        lookups.put(lookup.id(), lookup);
        return lookup;
    }

    private synchronized void remove(Lookup lookup) {
        lookups.remove(lookup.id());
    }

    private Lookup find(Request request) throws HttpException {
        String id = request.parameter("id");
        @Nullable Lookup lookup;
        synchronized (this) {
            lookup = lookups.get(id);
        }
        if (lookup == null) {
            throw new HttpException(HttpError.NOT_FOUND, "unknown lookup '" + id + "', or it ended long ago");
        }
        return lookup;
    }

    private void show(Request request, Exchange exchange) throws HttpException {
        exchange.send(Response.json(200, find(request).state()));
    }

    private void cancel(Request request, Exchange exchange) throws HttpException {
        Lookup lookup = find(request);
        lookup.cancel();
        exchange.send(Response.json(200, lookup.state()));
    }

    /** Writes the lines as they come; a slow reader delays its own lines only. */
    private void watch(Request request, Exchange exchange) throws HttpException, InterruptedException {
        Lookup lookup = find(request);
        int next = from(request);
        ResponseStream stream = exchange.stream(Response.head(200, MediaType.EVENT_STREAM));
        try {
            boolean ended = false;
            while (!ended && !exchange.isEnded()) {
                List<ObjectNode> lines = lookup.await(next, KEEP_ALIVE);
                for (ObjectNode line : lines) {
                    stream.write(Bytes.utf8("id: " + next + "\ndata: " + line + "\n\n"))
                            .join();
                    next++;
                }
                if (lines.isEmpty()) {
                    ended = lookup.isEnded();
                    stream.write(Bytes.utf8(": waiting\n\n")).join();
                } else {
                    ended = lines.get(lines.size() - 1).has("ok");
                }
            }
            stream.end();
        } catch (CompletionException gone) {
            stream.abort();
        }
    }

    private static int from(Request request) throws HttpException {
        String from = request.queryValue("from").orElse("0");
        if (!from.matches("\\d{1,5}")) {
            throw new HttpException(
                    HttpError.BAD_REQUEST, "invalid from '" + from + "': expected an integer of 0 or more");
        }
        return Integer.parseInt(from);
    }

    /** Cancels all lookups. */
    @Override
    public void close() {
        synchronized (this) {
            lookups.values().forEach(Lookup::cancel);
        }
        executor.shutdownNow();
    }
}
