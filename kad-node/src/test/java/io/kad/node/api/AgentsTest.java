package io.kad.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.Kademlia;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.EventRegistration;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.node.http.HttpServer;
import io.kad.node.http.RouteGroup;
import io.kad.node.http.TestServer;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agent versions of a peer whose events the test makes. */
@Timeout(60)
class AgentsTest {

    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

    private final List<Consumer<DhtEvent>> listeners = new ArrayList<>();
    private final List<ConnectionInfo> connections = new ArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private Agents agents;
    private HttpServer server;

    @BeforeEach
    @SuppressWarnings("unchecked")
    void start() throws Exception {
        Kademlia kad = (Kademlia) Proxy.newProxyInstance(
                Kademlia.class.getClassLoader(),
                new Class<?>[] {Kademlia.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "onEvent" -> {
                        listeners.add((Consumer<DhtEvent>) arguments[0]);
                        yield (EventRegistration) () -> ended.set(true);
                    }
                    case "connections" -> List.copyOf(connections);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        agents = new Agents(kad);
        server =
                TestServer.loopback(RouteGroup.of("", List.of(agents.operation().checkedRoute())));
    }

    @AfterEach
    void stop() {
        server.close();
        agents.close();
        assertThat(ended).isTrue();
    }

    private static ConnectionInfo connection(int number) {
        byte[] id = ByteBuffer.allocate(34)
                .put((byte) 0x12)
                .put((byte) 0x20)
                .putInt(number)
                .array();
        return new ConnectionInfo(
                number,
                PeerId.fromBytes(Bytes.of(id)),
                ADDRESS,
                ConnectionInfo.Direction.INBOUND,
                "tcp",
                "noise",
                "yamux",
                0);
    }

    private void emit(TransportEvent event) {
        listeners.forEach(listener -> listener.accept(new DhtEvent.TransportEventReceived(event)));
    }

    private void identify(ConnectionInfo connection, String agent) {
        emit(new TransportEvent.PeerIdentified(
                new PeerIdentification(connection.peer(), agent, "", Set.of(), List.of(), Optional.empty()),
                connection));
    }

    private List<String> shown() throws Exception {
        JsonNode body = new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                                + server.address().getPort() + "/api/v1/agents"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
        return body.path("agents").findValuesAsText("agent");
    }

    @Test
    void theLatestOfEachConnectedPeerIsShownUntilItsLastConnectionCloses() throws Exception {
        connections.add(connection(1));
        identify(connection(1), "first/1");
        identify(connection(1), "second/2");
        identify(connection(2), "not connected any more");
        assertThat(shown()).containsExactly("second/2");
        emit(new TransportEvent.ConnectionClosed(connection(1), 1));
        assertThat(shown()).containsExactly("second/2");
        emit(new TransportEvent.ConnectionClosed(connection(1), 0));
        assertThat(shown()).isEmpty();
    }

    @Test
    void aLongOneIsCutAndTheOldestOneMakesRoom() throws Exception {
        for (int number = 0; number <= Agents.MAX_PEERS; number++) {
            connections.add(connection(number));
            identify(connection(number), "a" + number + "-" + "x".repeat(10_000));
        }
        assertThat(shown())
                .hasSize(Agents.MAX_PEERS)
                .allMatch(agent -> agent.length() == Agents.MAX_LENGTH)
                .noneMatch(agent -> agent.startsWith("a0-"))
                .anyMatch(agent -> agent.startsWith("a" + Agents.MAX_PEERS + "-"));
    }
}
