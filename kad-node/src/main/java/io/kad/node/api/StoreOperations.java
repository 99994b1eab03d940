package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.Quoting;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.http.RouteHandler;
import io.kad.node.option.Range;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Operations that list what the local stores hold, page by page. The handlers read the stores themselves, and may block. */
final class StoreOperations {

    private static final int DEFAULT_LIMIT = 50;
    private static final Range LIMIT = Range.between(1, 100);
    private static final Parameter LIMIT_PARAMETER = Parameter.number(
            "limit", "Most entries of the page. Default: " + DEFAULT_LIMIT + ".", LIMIT.min(), LIMIT.max());
    private static final Parameter AFTER =
            Parameter.text("after", "The text next of the page before; without it, the first page follows.");

    private final Kademlia kad;

    StoreOperations(Kademlia kad) {
        this.kad = kad;
    }

    List<Operation> all() {
        return List.of(
                operation(
                        "storedRecords",
                        "Records of the local store, without their values.",
                        "/stored-records",
                        (request, exchange) ->
                                list("records", request, exchange, kad.recordStore()::page, StoreOperations::describe)),
                operation(
                        "storedProviders",
                        "Contents that this peer provides, from the local store.",
                        "/stored-providers",
                        (request, exchange) -> list(
                                "providers",
                                request,
                                exchange,
                                kad.providerStore()::localPage,
                                StoreOperations::describe)));
    }

    private static Operation operation(String id, String summary, String path, RouteHandler handler) {
        Route route = Route.get(CommandOperations.PREFIX + path, handler);
        return new Operation(id, summary, route, List.of(LIMIT_PARAMETER, AFTER), 200);
    }

    /** Reader of a page of a store. */
    private interface Pages<T> {

        Page<T> read(Optional<Bytes> after, int limit) throws StoreException;
    }

    private static <T> void list(
            String name, Request request, Exchange exchange, Pages<T> pages, BiConsumer<ObjectNode, T> description)
            throws HttpException {
        int limit = request.queryValue("limit")
                .map(text -> LIMIT.parse("limit", text))
                .orElse(DEFAULT_LIMIT);
        ObjectNode line = OutputLine.done("stored-" + name);
        ArrayNode array = line.putArray(name);
        try {
            Page<T> page = pages.read(cursor(request), limit);
            page.items().forEach(item -> description.accept(array.addObject(), item));
            page.next().ifPresent(next -> line.put("next", next.hex()));
        } catch (StoreException failed) {
            throw new HttpException(
                    HttpError.of(ErrorCode.IO),
                    OutputLine.error(ErrorCode.IO, "the store failed: " + failed.getMessage()));
        }
        exchange.send(Response.json(200, line));
    }

    private static Optional<Bytes> cursor(Request request) throws HttpException {
        Optional<String> text = request.queryValue("after");
        try {
            return text.map(Bytes::fromHex);
        } catch (IllegalArgumentException e) {
            throw new HttpException(
                    HttpError.BAD_REQUEST,
                    "invalid after " + Quoting.text(text.orElse("")) + ": expected the text next of the page before");
        }
    }

    private static void describe(ObjectNode json, Record record) {
        json.put("key", record.key().toString())
                .put("bytes", record.value().size())
                .put("publisher", record.publisher().map(PeerId::toString).orElse(null));
        json.put("expires", record.expires().map(Instant::toString).orElse(null));
    }

    private static void describe(ObjectNode json, ProviderRecord provider) {
        json.put("key", provider.key().toString())
                .put("expires", provider.expires().map(Instant::toString).orElse(null));
    }
}
