package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.ConfigOption;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.RoutingTableView;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.node.http.Exchange;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.http.RouteHandler;
import io.kad.node.output.OutputLine;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Operations that read a state for which a session has no command: known peers, configuration, limits. */
final class StateOperations {

    private final Kademlia kad;

    StateOperations(Kademlia kad) {
        this.kad = kad;
    }

    List<Operation> all() {
        return List.of(
                operation("peers", "Peers that are connected or in the routing table.", "/peers", this::peers),
                operation("config", "Configuration, with the default of each option.", "/config", this::config),
                operation("limits", "How often each limit of the transport was reached.", "/limits", this::limits));
    }

    private static Operation operation(String id, String summary, String path, RouteHandler handler) {
        return new Operation(id, summary, Route.get(CommandOperations.PREFIX + path, handler), List.of(), 200);
    }

    private void peers(Request request, Exchange exchange) {
        Set<PeerId> connected =
                kad.connections().stream().map(ConnectionInfo::peer).collect(Collectors.toSet());
        Set<PeerId> inTable = kad.routingTable().entries().stream()
                .map(RoutingTableView.Entry::peer)
                .collect(Collectors.toSet());
        ObjectNode line = OutputLine.done("peers");
        ArrayNode array = line.putArray("peers");
        for (PeerId peer : new TreeSet<>(
                Stream.concat(connected.stream(), inTable.stream()).toList())) {
            ObjectNode json = array.addObject()
                    .put("peerId", peer.toString())
                    .put("connected", connected.contains(peer))
                    .put("inRoutingTable", inTable.contains(peer));
            OutputLine.addresses(json, peer, kad.knownAddresses(peer));
        }
        exchange.send(Response.json(200, line));
    }

    private void config(Request request, Exchange exchange) {
        ObjectNode line = OutputLine.done("config");
        ArrayNode array = line.putArray("options");
        for (ConfigOption<?> option : KademliaConfig.options()) {
            describe(option, array.addObject());
        }
        exchange.send(Response.json(200, line));
    }

    /** Adds an option, with its values as a configuration file has them. */
    private <T> void describe(ConfigOption<T> option, ObjectNode json) {
        json.put("name", option.name())
                .put("value", option.textOf(kad.config().get(option)))
                .put("default", option.textOf(option.defaultValue()))
                .put("allowed", option.allowedValues());
    }

    private void limits(Request request, Exchange exchange) {
        ObjectNode line = OutputLine.done("limits");
        ObjectNode limits = line.putObject("limits");
        new TreeMap<>(kad.transportCounters()).forEach(limits::put);
        exchange.send(Response.json(200, line));
    }
}
