package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Lookups that run in the background, to be watched and cancelled. Thread-safe. */
final class Lookups implements AutoCloseable {

    /** Lookups that run at a time. */
    static final int MAX_RUNNING = 16;

    /** Lookups that are kept; of those that have ended, the oldest ones make room. */
    static final int MAX_KEPT = 64;

    private static final String PATH = CommandOperations.PREFIX + "/lookups";
    private static final Duration KEPT_FOR = Duration.ofMinutes(5);
    private static final List<String> COMMANDS = List.of("get", "find-providers", "find-peer", "closest-peers");
    private static final Parameter ID = Parameter.path("id", "ID of the lookup.");

    private final Kademlia kad;
    private final Map<String, Lookup> lookups = new LinkedHashMap<>();
    private final Semaphore slots = new Semaphore(MAX_RUNNING);
    private long lastId;

    Lookups(Kademlia kad) {
        this.kad = kad;
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
        if (!slots.tryAcquire()) {
            throw new HttpException(
                    HttpError.UNAVAILABLE,
                    "limit of " + MAX_RUNNING + " running lookups reached; cancel one, or try again later",
                    Map.of("Retry-After", "1"));
        }
        Lookup lookup = add(command, key, parsed);
        var unused = lookup.start(kad).whenComplete((done, fault) -> slots.release());
        exchange.send(Response.json(201, lookup.state()).with("Location", PATH + "/" + lookup.id()));
    }

    private synchronized Lookup add(String command, String key, Commands.Parsed parsed) {
        lookups.values().removeIf(lookup -> lookup.hasEndedFor(KEPT_FOR));
        if (lookups.size() >= MAX_KEPT) {
            lookups.values().stream().filter(Lookup::isEnded).findFirst().ifPresent(this::remove);
        }
        lastId++;
        Lookup lookup = new Lookup(String.valueOf(lastId), command, key, parsed);
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

    private void watch(Request request, Exchange exchange) throws HttpException {
        exchange.completedBy(LookupWatch.start(find(request), exchange, from(request)));
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
        List<Lookup> running;
        synchronized (this) {
            running = List.copyOf(lookups.values());
        }
        running.forEach(Lookup::cancel);
    }
}
