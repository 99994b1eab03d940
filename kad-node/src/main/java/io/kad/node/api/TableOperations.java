package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.RoutingTableView;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.output.OutputLine;
import java.util.List;

/** Operations that read the routing table in parts: how full each bucket is, and the peers of one bucket, some at a time. */
final class TableOperations {

    /** Peers of an answer. */
    static final int MAX_PEERS = 256;

    private static final int MAX_BUCKET = 255;
    private static final int MAX_FROM = 1_000_000;
    private static final String PATH = CommandOperations.PREFIX + "/buckets";

    private final Kademlia kad;

    TableOperations(Kademlia kad) {
        this.kad = kad;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "buckets",
                        "Buckets of the routing table with their numbers of peers, closest first.",
                        Route.get(PATH, this::buckets),
                        List.of(),
                        200),
                new Operation(
                        "bucket",
                        "Peers of one bucket.",
                        Route.get(PATH + "/{bucket}", this::bucket),
                        List.of(
                                Parameter.path("bucket", "Binary logarithm of the distances.", 0, MAX_BUCKET),
                                Parameter.number("from", "Number of the first peer. Default: 0.", 0, MAX_FROM),
                                Parameter.number("count", "Number of peers. Default: 256.", 1, MAX_PEERS)),
                        200));
    }

    private void buckets(Request request, Exchange exchange) {
        RoutingTableView table = kad.routingTable();
        int[] pending = new int[MAX_BUCKET + 1];
        table.pending().forEach(entry -> pending[entry.bucket()]++);
        ObjectNode line = OutputLine.done("buckets")
                .put("bucketSize", kad.config().get(KademliaConfig.BUCKET_SIZE))
                .put("peers", table.entries().size());
        ArrayNode array = line.putArray("buckets");
        for (RoutingTableView.Bucket bucket : table.buckets()) {
            array.addObject()
                    .put("bucket", bucket.index())
                    .put("peers", bucket.entries().size())
                    .put(
                            "connected",
                            bucket.entries().stream()
                                    .filter(RoutingTableView.Entry::connected)
                                    .count())
                    .put("pending", pending[bucket.index()]);
        }
        exchange.send(Response.json(200, line));
    }

    private void bucket(Request request, Exchange exchange) throws HttpException {
        int index = number("bucket", request.parameter("bucket"), 0, MAX_BUCKET);
        int from = number("from", request.queryValue("from").orElse("0"), 0, MAX_FROM);
        int count = number("count", request.queryValue("count").orElse(String.valueOf(MAX_PEERS)), 1, MAX_PEERS);
        List<RoutingTableView.Entry> entries = kad.routingTable().entries().stream()
                .filter(entry -> entry.bucket() == index)
                .toList();
        ObjectNode line = OutputLine.done("bucket")
                .put("bucket", index)
                .put("total", entries.size())
                .put("from", from);
        ArrayNode array = line.putArray("peers");
        entries.stream().skip(from).limit(count).forEach(entry -> {
            ObjectNode peer =
                    array.addObject().put("peerId", entry.peer().toString()).put("connected", entry.connected());
            OutputLine.addresses(peer, entry.peer(), entry.addresses());
        });
        exchange.send(Response.json(200, line));
    }

    private static int number(String name, String text, int min, int max) throws HttpException {
        if (text.matches("\\d{1,7}")) {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new HttpException(
                HttpError.BAD_REQUEST,
                "invalid " + name + " '" + text + "': expected an integer from " + min + " to " + max);
    }
}
