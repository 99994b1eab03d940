package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.http.RouteGroup;
import java.util.ArrayList;
import java.util.List;

/** HTTP API of a node: all its operations, and the document that describes them. */
public final class NodeApi implements AutoCloseable {

    private static final String DOCUMENT = CommandOperations.PREFIX + "/openapi.json";

    private final List<Operation> operations = new ArrayList<>();
    private final Lookups lookups;
    private final Agents agents;

    /** Creates the API of {@code kad}, which was started with {@code setup}. */
    public NodeApi(Kademlia kad, NodeSetup setup) {
        this(kad, setup, Lookups.Limits.DEFAULT);
    }

    NodeApi(Kademlia kad, NodeSetup setup, Lookups.Limits limits) {
        lookups = new Lookups(kad, limits);
        agents = new Agents(kad);
        operations.addAll(new CommandOperations(kad, setup).all());
        operations.addAll(new StateOperations(kad).all());
        operations.addAll(new TableOperations(kad).all());
        operations.add(agents.operation());
        operations.add(new Events(kad).operation());
        operations.addAll(new StoreOperations(kad).all());
        operations.addAll(lookups.all());
    }

    /** Returns the routes, with that of the document. */
    public RouteGroup routes() {
        ObjectNode document = document();
        List<Route> routes = new ArrayList<>();
        operations.forEach(operation -> routes.add(operation.checkedRoute()));
        routes.add(Route.get(DOCUMENT, (request, exchange) -> exchange.send(Response.json(200, document))));
        return RouteGroup.of("/api", routes);
    }

    /** Returns the OpenAPI document. */
    ObjectNode document() {
        return OpenApi.document(operations);
    }

    /** Cancels all lookups that run in the background, and ends to follow the events of the peer. */
    @Override
    public void close() {
        agents.close();
        lookups.close();
    }
}
