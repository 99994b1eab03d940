package io.kad.node.api;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpException;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Route;
import io.kad.node.http.RouteHandler;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operations that are commands of a session; each answers with the lines of its command. */
final class CommandOperations {

    static final String PREFIX = CommandPath.PREFIX;
    private static final int OK = 200;

    static final Parameter TIMEOUT = Parameter.text("timeout", "Timeout such as 30s, at most 10 min. Default: 60 s.")
            .like("30s");
    private static final Parameter KEY = Parameter.path(
                    "key", "Key of a record: /namespace/name, percent-encoded, or 0x followed by hex digits.")
            .like("/app/greeting");
    private static final Parameter CONTENT = Parameter.path("key", "Key of a content: a CID, or as that of a record.")
            .like(Examples.CID);
    private static final Parameter TARGET = Parameter.path(
                    "key", "Key of a lookup: a peer ID, a CID, or as that of a record.")
            .like(Examples.PEER);
    private static final Parameter PEER =
            Parameter.path("peer", "Peer ID, in base58 or as a CID.").like(Examples.PEER);
    private static final Parameter ADDRESS =
            Parameter.text(CommandPath.ADDRESS, "Multiaddr.").asRequired().like(Examples.ADDRESS);
    private static final Parameter TRACE = Parameter.text(
                    "trace", "true to get a line for each hop before the others. Default: false.")
            .oneOf(List.of("false", "true"));
    private static final Parameter QUORUM = Parameter.text("quorum", "one, majority, all, or a number. Default: one.")
            .like("one");

    private final Kademlia kad;
    private final NodeSetup setup;

    /** Values that the document shows. */
    private static final class Examples {

        static final String CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
        static final String PEER = "12D3KooWGatU9DrSJQHUmDnMnLDdPLPxXfAtCK86oxPZYLLKoYGX";
        static final String ADDRESS = "/ip4/127.0.0.1/tcp/4001/p2p/" + PEER;
    }

    CommandOperations(Kademlia kad, NodeSetup setup) {
        this.kad = kad;
        this.setup = setup;
    }

    List<Operation> all() {
        List<Operation> operations = new ArrayList<>(local());
        operations.addAll(queries());
        operations.addAll(publications());
        operations.addAll(changes());
        operations.addAll(examinations());
        return operations;
    }

    /** Operations that read the state of the node. */
    private List<Operation> local() {
        return List.of(
                operation("info", "Peer ID, addresses, mode and store sizes.", get("/info", "info")),
                operation("connections", "Open connections.", get("/connections", "connections")),
                operation(
                        "routingTable",
                        "Routing table, closest bucket first.",
                        get("/routing-table", "routing-table")));
    }

    /** Operations that query the network, and change nothing of it. */
    private List<Operation> queries() {
        int k = kad.config().get(KademliaConfig.K);
        return List.of(
                operation("getRecord", "Finds the best record of a key.", query("get"), KEY, QUORUM, TRACE, TIMEOUT),
                operation(
                        "findProviders",
                        "Finds the providers of a content, each as it is found with application/x-ndjson.",
                        query("find-providers"),
                        CONTENT,
                        Parameter.number(
                                "count", "Number of providers to find. Default: 0 (all).", 0, Integer.MAX_VALUE),
                        TRACE,
                        TIMEOUT),
                operation("findPeer", "Finds a peer and its addresses.", query("find-peer"), PEER, TRACE, TIMEOUT),
                operation(
                        "closestPeers",
                        "Finds the peers closest to a key.",
                        query("closest-peers"),
                        TARGET,
                        Parameter.number("count", "Number of peers to find. Default: k.", 1, k),
                        TRACE,
                        TIMEOUT));
    }

    /** Operations that put and provide, and take that back. */
    private List<Operation> publications() {
        Route put = query("put")
                .handledBy(this::putRecord)
                .consuming(CommandPath.VALUE_TYPE, kad.config().get(KademliaConfig.MAX_MESSAGE_BYTES));
        return List.of(
                operation(
                        "putRecord",
                        "Stores a record, whose value is the body, at the peers closest to its key.",
                        put,
                        KEY,
                        QUORUM,
                        Parameter.text("ttl", "Time to live such as 36h. Default: record-ttl.")
                                .like("36h"),
                        TRACE,
                        TIMEOUT),
                operation(
                        "removeRecord",
                        "Removes a record that this peer published from the local store.",
                        change("DELETE", "/records/{key}", command("remove")),
                        KEY,
                        TIMEOUT),
                operation(
                        "provide",
                        "Announces this peer as a provider of a content.",
                        query("provide"),
                        CONTENT,
                        TRACE,
                        TIMEOUT),
                operation(
                        "stopProviding",
                        "Stops providing a content.",
                        change("DELETE", "/providers/{key}", command("stop-providing")),
                        CONTENT,
                        TIMEOUT));
    }

    /** Operations that change the node itself. */
    private List<Operation> changes() {
        return List.of(
                operation(
                        "connect",
                        "Connects to a peer, whose address ends in /p2p/PEERID.",
                        change("POST", "/connections", command("connect")).asQuery(),
                        ADDRESS,
                        TIMEOUT),
                operation(
                        "disconnect",
                        "Closes all connections to a peer.",
                        change("DELETE", "/connections/{peer}", command("disconnect")),
                        PEER),
                operation(
                        "addAddress",
                        "Adds an address of a peer to the routing table.",
                        change("PUT", "/routing-table/{peer}", command("add-address")),
                        PEER,
                        ADDRESS,
                        TIMEOUT),
                operation(
                        "removeAddress",
                        "Removes an address of a peer from the routing table.",
                        change("DELETE", "/routing-table/{peer}/addresses/{address}", command("remove-address")),
                        PEER,
                        Parameter.path("address", "Multiaddr, percent-encoded.").like(Examples.ADDRESS),
                        TIMEOUT),
                operation(
                        "removePeer",
                        "Removes a peer from the routing table.",
                        change("DELETE", "/routing-table/{peer}", command("remove-peer")),
                        PEER,
                        TIMEOUT),
                operation(
                        "bootstrap",
                        "Refreshes the routing table.",
                        lines(change("POST", "/bootstrap", command("bootstrap"))),
                        TRACE,
                        TIMEOUT),
                operation(
                        "setMode",
                        "Sets the mode.",
                        change("PUT", "/mode/{mode}", command("mode")),
                        Parameter.path("mode", "server, client or auto.").like("server"),
                        TIMEOUT));
    }

    /** Operations that dial peers to find something out. */
    private List<Operation> examinations() {
        return List.of(
                operation(
                        "ping",
                        "Measures the RTT to a peer, whose address ends in /p2p/PEERID, after dialling it if needed.",
                        query("ping"),
                        ADDRESS,
                        TIMEOUT),
                operation(
                        "identify",
                        "Runs identify against a peer, whose address ends in /p2p/PEERID, after dialling it if needed.",
                        query("identify"),
                        ADDRESS,
                        TIMEOUT),
                operation(
                        "diagnose",
                        "Checks addresses, bootstrap peers, routing table, clock, disk and limits, and names each fault.",
                        query("diagnose"),
                        TIMEOUT));
    }

    private static Operation operation(String id, String summary, Route route, Parameter... parameters) {
        return new Operation(id, summary, route, List.of(parameters), OK);
    }

    private Route get(String path, String command) {
        return Route.get(PREFIX + path, command(command));
    }

    /** Returns the route of a command that also runs outside a session. */
    private Route query(String command) {
        CommandPath path = CommandPath.of(command);
        return lines(
                path.changesState() ? change(path.method(), path.path(), command(command)) : get(path.path(), command));
    }

    /** Returns {@code route} as that of a query whose results are lines, which may be streamed. */
    private static Route lines(Route route) {
        return route.asQuery().producing(MediaType.JSON, MediaType.NDJSON);
    }

    private static Route change(String method, String path, RouteHandler handler) {
        return Route.change(method, PREFIX + path, handler);
    }

    private RouteHandler command(String name) {
        return (request, exchange) -> run(name, request, exchange, List.of(), Optional.empty());
    }

    private void putRecord(Request request, Exchange exchange) throws HttpException {
        // The value is the standard input of the command
        run("put", request, exchange, List.of("-"), Optional.of(request.bodyStream()));
    }

    private void run(String name, Request request, Exchange exchange, List<String> more, Optional<InputStream> input)
            throws HttpException {
        List<String> options = new ArrayList<>();
        List<String> arguments = new ArrayList<>(request.parameters().values());
        for (String parameter : request.query().keySet()) {
            String value = request.queryValue(parameter).orElseThrow();
            if (parameter.equals(ADDRESS.name())) {
                arguments.add(value);
            } else {
                options.add("--" + parameter + "=" + value);
            }
        }
        arguments.addAll(more);
        CommandResponse answer = new CommandResponse(request, exchange, OK);
        Commands.Parsed command = Commands.parse(name, options, arguments);
        exchange.onEnd(() -> command.deadline().cancel());
        exchange.completedBy(command.start(kad, setup, answer, input));
    }
}
