package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.EventRegistration;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.node.http.Exchange;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.output.OutputLine;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Agent versions of the connected peers, as each has stated its own by identify. Thread-safe. */
final class Agents implements AutoCloseable {

    /** Peers whose agent version is kept; the oldest one makes room. */
    static final int MAX_PEERS = 4096;

    /** Characters of an agent version that are kept; known implementations use less than 100. */
    static final int MAX_LENGTH = 256;

    private final Kademlia kad;
    private final Map<PeerId, String> agents = new LinkedHashMap<>();
    private final EventRegistration registration;

    /** Starts to follow the events of {@code kad}. */
    Agents(Kademlia kad) {
        this.kad = kad;
        this.registration = kad.onEvent(this::follow);
    }

    Operation operation() {
        return new Operation(
                "agents",
                "Agent versions of the connected peers, as they have stated them.",
                Route.get(CommandOperations.PREFIX + "/agents", this::list),
                List.of(),
                200);
    }

    private void follow(DhtEvent event) {
        if (event instanceof DhtEvent.TransportEventReceived received) {
            if (received.event() instanceof TransportEvent.PeerIdentified identified) {
                put(
                        identified.identification().peer(),
                        identified.identification().agent());
            } else if (received.event() instanceof TransportEvent.ConnectionClosed closed && closed.remaining() == 0) {
                remove(closed.connection().peer());
            }
        }
    }

    private synchronized void put(PeerId peer, String agent) {
        agents.remove(peer);
        if (agents.size() >= MAX_PEERS) {
            agents.remove(agents.keySet().iterator().next());
        }
        agents.put(peer, cut(agent));
    }

    /** Returns the beginning of a long text, without a half of a surrogate pair. */
    private static String cut(String agent) {
        if (agent.length() <= MAX_LENGTH) {
            return agent;
        }
        boolean splits = Character.isHighSurrogate(agent.charAt(MAX_LENGTH - 1));
        return agent.substring(0, splits ? MAX_LENGTH - 1 : MAX_LENGTH);
    }

    private synchronized void remove(PeerId peer) {
        agents.remove(peer);
    }

    private synchronized Map<PeerId, String> snapshot() {
        return new HashMap<>(agents);
    }

    private void list(Request request, Exchange exchange) {
        ObjectNode line = OutputLine.done("agents");
        ArrayNode array = line.putArray("agents");
        Map<PeerId, String> known = snapshot();
        Set<PeerId> connected =
                kad.connections().stream().map(ConnectionInfo::peer).collect(Collectors.toCollection(TreeSet::new));
        for (PeerId peer : connected) {
            String agent = known.get(peer);
            if (agent != null) {
                array.addObject().put("peerId", peer.toString()).put("agent", agent);
            }
        }
        exchange.send(Response.json(200, line));
    }

    @Override
    public void close() {
        registration.close();
    }
}
