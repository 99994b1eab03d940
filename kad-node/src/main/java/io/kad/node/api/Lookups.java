package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.id.Quoting;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Lookups that run in the background, to be watched and cancelled. Thread-safe. */
final class Lookups implements AutoCloseable {

    private static final String PATH = CommandOperations.PREFIX + "/lookups";
    private static final String LAST_EVENT_ID = "last-event-id";
    private static final int NO_CONTENT = 204;
    private static final List<String> COMMANDS = List.of("get", "find-providers", "find-peer", "closest-peers");
    private static final Parameter ID =
            Parameter.path("id", "ID of the lookup.").like("1");

    private final Kademlia kad;
    private final Limits limits;
    private final Map<String, Lookup> lookups = new LinkedHashMap<>();
    private final Semaphore slots;
    private long lastId;

    Lookups(Kademlia kad, Limits limits) {
        this.kad = kad;
        this.limits = limits;
        this.slots = new Semaphore(limits.running());
    }

    /**
     * Limits of the lookups.
     *
     * @param running lookups that run at a time
     * @param kept lookups that are kept; of those that have ended, the oldest ones make room
     * @param bytes bytes of all lines that are kept, likewise; one that runs counts with as many as it may have
     * @param keptFor time for which a lookup that has ended is kept
     */
    record Limits(int running, int kept, long bytes, Duration keptFor) {

        /** Limits of the program. Source: kad's choice. */
        static final Limits DEFAULT = new Limits(16, 64, 32 << 20, Duration.ofMinutes(5));
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
                                Parameter.path("command", "The command that looks up.")
                                        .oneOf(COMMANDS),
                                Parameter.path("key", "The key or peer ID, as the command takes it.")
                                        .like("0x01"),
                                CommandOperations.TIMEOUT),
                        201),
                new Operation("lookup", "State of a lookup.", Route.get(PATH + "/{id}", this::show), List.of(ID), 200),
                new Operation(
                        "watchLookup",
                        "Lines of a lookup as server-sent events: each hop, the results, and a last one with ok.",
                        Route.get(PATH + "/{id}/events", this::watch).asQuery().producing(MediaType.EVENT_STREAM),
                        List.of(
                                ID,
                                Parameter.number("from", "Number of the first line. Default: 0.", 0, Lookup.MAX_LINES),
                                Parameter.header(
                                        "Last-Event-ID",
                                        "Number of the last line that a client has got, which reconnects; the lines after it follow.",
                                        0,
                                        Lookup.MAX_LINES)),
                        200,
                        Map.of(NO_CONTENT, "The lookup has ended, and no line is left.")),
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
            trim(0, 0);
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
                    "limit of " + limits.running() + " running lookups reached; cancel one, or try again later",
                    Map.of("Retry-After", "1"));
        }
        Lookup lookup = add(command, key, parsed);
        var unused = lookup.start(kad).whenComplete((done, fault) -> trim());
        exchange.send(Response.json(201, lookup.state()).with("Location", PATH + "/" + lookup.id()));
    }

    private synchronized Lookup add(String command, String key, Commands.Parsed parsed) {
        trim(1, Lookup.MAX_BYTES);
        lastId++;
        Lookup lookup = new Lookup(String.valueOf(lastId), command, key, parsed, slots::release);
        lookups.put(lookup.id(), lookup);
        return lookup;
    }

    private synchronized void trim() {
        trim(0, 0);
    }

    /** Removes lookups that ended long ago, and then the oldest that have ended until so many further ones, of so many bytes, have room. */
    private void trim(int more, long moreBytes) {
        lookups.values().removeIf(lookup -> lookup.hasEndedFor(limits.keptFor()));
        long bytes =
                moreBytes + lookups.values().stream().mapToLong(Lookup::bytes).sum();
        Iterator<Lookup> oldest = lookups.values().iterator();
        while (oldest.hasNext() && (lookups.size() + more > limits.kept() || bytes > limits.bytes())) {
            Lookup lookup = oldest.next();
            if (lookup.isEnded()) {
                bytes -= lookup.bytes();
                oldest.remove();
            }
        }
    }

    private Lookup find(Request request) throws HttpException {
        String id = request.parameter("id");
        @Nullable Lookup lookup;
        synchronized (this) {
            trim(0, 0);
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
        int from = from(request);
        Lookup lookup = find(request);
        Lookup.Lines rest = lookup.lines(from, 0);
        if (rest.lines().isEmpty() && rest.isEnd()) {
            // A browser that reconnects after the last line gives up
            exchange.send(Response.empty(NO_CONTENT));
        } else {
            exchange.completedBy(LookupWatch.start(lookup, exchange, from));
        }
    }

    /** Returns the number of the first line: the one after the last that a client has got, which reconnects, or that of the query. */
    private static int from(Request request) throws HttpException {
        int from = number("from", request.queryValue("from").orElse("0"));
        Optional<String> last = request.header(LAST_EVENT_ID);
        return last.isPresent() ? 1 + number("Last-Event-ID", last.get()) : from;
    }

    private static int number(String name, String text) throws HttpException {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > Lookup.MAX_LINES) {
            throw new HttpException(
                    HttpError.BAD_REQUEST,
                    "invalid " + name + " " + Quoting.text(text) + ": expected an integer from 0 to "
                            + Lookup.MAX_LINES);
        }
        return Integer.parseInt(text);
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
