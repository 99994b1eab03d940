package io.kad.node.delegated;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.Bytes;
import io.kad.api.message.PeerInfo;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpException;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.ResponseStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answer of peers that pass the filters of a request: one JSON object, or a line for each peer as it is found. Thread-safe.
 *
 * <p>A stream begins with its first peer, so that a failure before that has a status of its own.
 */
final class PeerResults implements Consumer<PeerInfo> {

    /** Most peers of a JSON answer. Source: the specification. */
    static final int MAX_JSON = 100;

    /** Most peers of a stream. Source: kad's choice. */
    static final int MAX_STREAMED = 1000;

    private static final long MAX_AGE_SECONDS = 300;
    private static final long MAX_AGE_OF_NONE_SECONDS = 15;
    private static final String PROTOCOLS = "filter-protocols";

    private final Exchange exchange;
    private final String listName;
    private final AddressFilter addresses;
    private final boolean passesProtocols;
    private final boolean isStreamed;
    private final Duration maxStale;
    private final ArrayNode list = JsonNodeFactory.instance.arrayNode();
    private @Nullable ResponseStream stream;
    private int count;

    /**
     * Creates an answer without peers.
     *
     * @param listName name of the list in the JSON object
     * @param maxStale time for which a result may be used after it is stale
     */
    PeerResults(Request request, Exchange exchange, String listName, Duration maxStale) throws HttpException {
        this.exchange = exchange;
        this.listName = listName;
        this.maxStale = maxStale;
        this.addresses = AddressFilter.of(request);
        List<String> protocols = FilterNames.of(request, PROTOCOLS);
        // The DHT does not know the transfer protocols of a peer
        this.passesProtocols = protocols.isEmpty() || Set.copyOf(protocols).contains(FilterNames.UNKNOWN);
        this.isStreamed = request.mediaType().equals(MediaType.NDJSON);
    }

    /** Adds a peer, if it passes the filters. */
    @Override
    public synchronized void accept(PeerInfo peer) {
        if (passesProtocols && !isFull()) {
            addresses.apply(peer).ifPresent(this::add);
        }
    }

    private void add(PeerInfo peer) {
        count++;
        ObjectNode json = json(peer);
        if (isStreamed) {
            var unused = stream().write(Bytes.utf8(json + "\n"));
        } else {
            list.add(json);
        }
    }

    /** Returns the peer in the form of the specification (Peer Schema). */
    private static ObjectNode json(PeerInfo peer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Schema", "peer").put("ID", peer.id().toString());
        ArrayNode addresses = json.putArray("Addrs");
        peer.addresses().forEach(address -> addresses.add(address.toString()));
        json.putArray("Protocols");
        return json;
    }

    private ResponseStream stream() {
        ResponseStream started = stream;
        if (started == null) {
            started = exchange.stream(cached(Response.head(200, MediaType.NDJSON)));
            stream = started;
        }
        return started;
    }

    private Response cached(Response response) {
        String stale = String.valueOf(maxStale.toSeconds());
        return response.with(
                        "Cache-Control",
                        "public, max-age=" + (count > 0 ? MAX_AGE_SECONDS : MAX_AGE_OF_NONE_SECONDS)
                                + ", stale-while-revalidate=" + stale + ", stale-if-error=" + stale)
                .with("Last-Modified", Exchange.httpDate(Instant.now()))
                .with("Vary", "Accept");
    }

    /** Returns whether further peers would be ignored. */
    synchronized boolean isFull() {
        return count >= (isStreamed ? MAX_STREAMED : MAX_JSON);
    }

    /** Returns whether the filters let no peer pass, so that a lookup would be for nothing. */
    boolean excludesAll() {
        return !passesProtocols || addresses.excludesAll();
    }

    /** Returns the number of peers. */
    synchronized int count() {
        return count;
    }

    /** Ends the answer. */
    synchronized void end() {
        if (isStreamed) {
            stream().end();
        } else {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set(listName, list);
            exchange.send(cached(Response.json(200, json)));
        }
    }
}
