package io.kad.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Security;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.bench.cli.CommandException;
import io.kad.transport.netty.NettyTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LoadSessionTest {

    private static final int TABLE = 25;

    private final BenchServer server = new BenchServer(StubServer.PROTOCOL, 1, Map.of());

    @AfterEach
    void stop() {
        server.close();
    }

    private PeerInfo listen(String address) {
        return PeerInfo.of(server.listen(Multiaddr.parse(address)).join().get(0));
    }

    private PeerInfo listen() {
        return listen("/ip4/127.0.0.1/tcp/0");
    }

    @ParameterizedTest
    @EnumSource(RequestKind.class)
    void aClosedLoopHasAResultForEachRequest(RequestKind kind) throws InterruptedException {
        try (LoadSession session = new LoadSession(Plans.closed(listen(), kind, Security.NOISE, false, 2))) {
            server.fillTable(TABLE, 1);
            session.fill();
            LoadResult result = session.measure(Optional.empty());
            assertThat(result.metrics().requests()).isPositive();
            assertThat(result.metrics().failed()).isZero();
            assertThat(result.metrics().missed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(RequestKind.class)
    void anOpenLoopSendsAsManyRequestsAsTheRateSays(RequestKind kind) throws InterruptedException {
        try (LoadSession session = new LoadSession(Plans.open(listen(), kind, 100, Duration.ofMillis(500)))) {
            server.fillTable(TABLE, 1);
            session.fill();
            LoadResult result = session.measure(Optional.empty());
            assertThat(result.metrics().requests()).isEqualTo(50);
            assertThat(result.metrics().failed()).isZero();
            assertThat(result.metrics().missed()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/tcp/0, NOISE, false, tcp, noise",
        "/ip4/127.0.0.1/tcp/0, NOISE, true, tcp, noise",
        "/ip4/127.0.0.1/tcp/0, TLS, false, tcp, tls",
        "/ip4/127.0.0.1/udp/0/quic-v1, NOISE, true, quic, tls"
    })
    void aRunUsesTheConnectionsThatItsPlanNames(
            String address, Security security, boolean fresh, String transport, String agreed)
            throws InterruptedException {
        assertThat(NettyTransport.hasQuic()).isTrue();
        LoadPlan plan = Plans.closed(listen(address), RequestKind.FIND_NODE, security, fresh, 3);
        try (LoadSession session = new LoadSession(plan)) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(server.peer().connections()).hasSize(3));
            ObjectNode json = session.measure(Optional.empty()).json();
            assertThat(json.get("transport").asText()).isEqualTo(transport);
            assertThat(json.get("security").asText()).isEqualTo(agreed);
            assertThat(json.get("streams").asText()).isEqualTo(fresh ? "fresh" : "kept");
            assertThat(json.get("requests").asLong()).isPositive();
            assertThat(json.get("errors")).isEmpty();
        }
    }

    @Test
    void aRequestThatFindsNothingIsCounted() throws InterruptedException {
        try (LoadSession session =
                new LoadSession(Plans.closed(listen(), RequestKind.GET_VALUE, Security.NOISE, false, 1))) {
            LoadResult result = session.measure(Optional.empty());
            assertThat(result.metrics().missed())
                    .isEqualTo(result.metrics().requests())
                    .isPositive();
        }
    }

    @Test
    void anAnnouncementThatTheServerDropsIsNotServed() throws InterruptedException {
        try (StubServer dropping = new StubServer();
                LoadSession session = new LoadSession(Plans.announcing(dropping.info(), Duration.ofSeconds(1)))) {
            LoadResult result = session.measure(Optional.empty());
            assertThat(result.metrics().failed()).isZero();
            assertThat(result.notServed())
                    .isEqualTo(result.metrics().requests())
                    .isPositive();
        }
    }

    @Test
    void announcementsThatTheServerStoresAreServed() throws InterruptedException {
        try (LoadSession session = new LoadSession(Plans.announcing(listen(), Duration.ofSeconds(20)))) {
            LoadResult result = session.measure(Optional.empty());
            assertThat(result.metrics().requests()).isPositive();
            assertThat(result.notServed()).isZero();
        }
    }

    @Test
    void theTableHasThePeersThatWereFabricated() {
        server.fillTable(TABLE, 1);
        assertThat(server.peer().routingTable().entries()).hasSize(TABLE);
        assertThat(FabricatedPeers.of(server.peer().peerId(), TABLE, 1))
                .isEqualTo(FabricatedPeers.of(server.peer().peerId(), TABLE, 1))
                .allSatisfy(peer ->
                        assertThat(server.peer().knownAddresses(peer.id())).isEqualTo(peer.addresses()));
    }

    @Test
    void answersAreExactlyTheClosestPeersOfTheTable() throws InterruptedException {
        server.fillTable(FabricatedPeers.MAX_IN_JS, 1);
        List<PeerInfo> table = FabricatedPeers.of(server.peer().peerId(), FabricatedPeers.MAX_IN_JS, 1);
        try (LoadSession session =
                new LoadSession(Plans.closed(listen(), RequestKind.FIND_NODE, Security.NOISE, false, 1))) {
            assertThat(session.exactResponses(table, 20)).isEqualTo(20);
            assertThat(session.exactResponses(table.subList(0, 100), 20)).isLessThan(20);
        }
    }

    @Test
    void aServerThatIsNotThereIsOneClearLine() throws IOException {
        // bound and not listening: nobody else can listen there
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            PeerInfo gone = PeerInfo.of(
                    SeededIdentity.of("gone", 1, 0).peerId(),
                    List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + bound.getLocalPort())));
            LoadPlan plan = Plans.closed(gone, RequestKind.FIND_NODE, Security.NOISE, false, 1);
            assertThatThrownBy(() -> new LoadSession(plan))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("give the address of a running server")
                    .hasMessageNotContaining("\n");
        }
    }
}
