package io.kad.node.delegated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Bytes;
import io.kad.api.id.Cid;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.node.http.HttpServer;
import io.kad.node.http.Route;
import io.kad.node.http.RouteGroup;
import io.kad.node.http.TestServer;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of Delegated Routing V1 in a network of three peers over real connections. */
@Timeout(180)
class DelegatedRoutingTest {

    private static final Cid PROVIDED = Cid.v1(Cid.RAW, Multihash.sha256(Bytes.utf8("provided")));
    private static final Cid UNKNOWN = Cid.v1(Cid.RAW, Multihash.sha256(Bytes.utf8("unknown")));
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<Kademlia> network = new ArrayList<>();
    private static final List<HttpServer> servers = new ArrayList<>();
    private static final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < 3; i++) {
            Kademlia peer = peer();
            peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).get(60, TimeUnit.SECONDS);
            network.add(peer);
            peer.connect(info(network.get(0)), Duration.ofSeconds(60))
                    .handle((connected, failed) -> true)
                    .get();
            peer.addBootstrapPeers(i == 0 ? List.of() : List.of(info(network.get(0))));
        }
        await().atMost(Duration.ofMinutes(1))
                .until(() -> network.stream().allMatch(peer -> {
                    peer.bootstrap().result().join();
                    return peer.routingTable().entries().size() == 2;
                }));
        for (Kademlia provider : network.subList(1, 3)) {
            provider.startProviding(RecordKey.of(PROVIDED.multihash())).result().get(60, TimeUnit.SECONDS);
        }
        serve(network.get(0));
        network.add(peer());
        serve(network.get(3)); // it knows no other peer
        servers.add(TestServer.loopback(RouteGroup.of(
                "",
                List.of(Route.get("/many", (request, exchange) -> {
                            PeerResults results = new PeerResults(request, exchange, "Peers", Duration.ofHours(1));
                            IntStream.range(0, 2000)
                                    .mapToObj(DelegatedRoutingTest::numbered)
                                    .forEach(results);
                            results.end();
                        })
                        .producing("application/json", "application/x-ndjson")))));
    }

    private static Kademlia peer() {
        return Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder().mode(Mode.SERVER).build())
                .build();
    }

    private static PeerInfo numbered(int number) {
        return PeerInfo.of(
                PeerId.fromBytes(Multihash.sha256(Bytes.utf8("peer " + number)).bytes()), List.of());
    }

    private static PeerInfo info(Kademlia peer) {
        return PeerInfo.of(peer.peerId(), peer.addresses());
    }

    private static void serve(Kademlia peer) throws IOException {
        servers.add(TestServer.loopback(DelegatedRouting.routes(peer)));
    }

    @AfterAll
    static void stop() {
        servers.forEach(HttpServer::close);
        network.forEach(Kademlia::close);
    }

    private static HttpResponse<String> get(int server, String path, String... headers) throws Exception {
        int port = servers.get(server).address().getPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        return get(0, "/routing/v1" + path, headers);
    }

    private static List<JsonNode> list(HttpResponse<String> response, String name) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<JsonNode> list = new ArrayList<>();
        if (response.headers().firstValue("Content-Type").orElse("").equals("application/x-ndjson")) {
            for (String line : response.body().lines().toList()) {
                list.add(JSON.readTree(line));
            }
        } else {
            JsonNode body = JSON.readTree(response.body());
            assertThat(body.properties()).extracting(field -> field.getKey()).containsExactly(name);
            body.path(name).forEach(list::add);
        }
        return list;
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static void assertPeer(JsonNode peer) {
        assertThat(peer.properties())
                .extracting(field -> field.getKey())
                .containsExactly("Schema", "ID", "Addrs", "Protocols");
        assertThat(peer.path("Schema").asText()).isEqualTo("peer");
        assertThat(peer.path("Protocols").isArray()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-ndjson", "application/x-ndjson, application/json;q=0.8"})
    void providersAreFound(String accept) throws Exception {
        HttpResponse<String> response = get("/providers/" + PROVIDED, "Accept", accept);
        List<JsonNode> providers = list(response, "Providers");
        assertThat(header(response, "Content-Type")).isEqualTo(accept.replaceFirst(",.*", ""));
        assertThat(providers).hasSize(2).allSatisfy(DelegatedRoutingTest::assertPeer);
        assertThat(providers)
                .extracting(provider -> provider.path("ID").asText())
                .containsExactlyInAnyOrder(
                        network.get(1).peerId().toString(),
                        network.get(2).peerId().toString());
        assertThat(providers.get(0).path("Addrs").path(0).asText()).matches("/ip4/127\\.0\\.0\\.1/tcp/\\d+");
        assertThat(header(response, "Cache-Control"))
                .isEqualTo("public, max-age=300, stale-while-revalidate=172800, stale-if-error=172800");
        assertThat(header(response, "Vary")).isEqualTo("Accept");
        assertThat(header(response, "Last-Modified")).endsWith(" GMT");
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(response, "Access-Control-Allow-Methods")).isEqualTo("GET, OPTIONS");
    }

    @Test
    void theDefaultIsJson() throws Exception {
        for (String[] headers : new String[][] {{}, {"Accept", "*/*"}}) {
            assertThat(header(get("/providers/" + UNKNOWN, headers), "Content-Type"))
                    .isEqualTo("application/json");
        }
    }

    @ParameterizedTest
    @CsvSource({"/providers/, Providers", "/peers/, Peers"})
    void findingNothingIsAResultForAShortTime(String path, String name) throws Exception {
        String what = path + (name.equals("Peers") ? numbered(1).id() : UNKNOWN);
        for (String accept : List.of("application/json", "application/x-ndjson")) {
            HttpResponse<String> response = get(what, "Accept", accept);
            assertThat(list(response, name)).isEmpty();
            assertThat(header(response, "Cache-Control")).startsWith("public, max-age=15,");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerIsFoundByEachFormOfItsId(boolean asCid) throws Exception {
        PeerId wanted = network.get(2).peerId();
        HttpResponse<String> response = get("/peers/" + (asCid ? wanted.toCid() : wanted));
        assertThat(list(response, "Peers")).singleElement().satisfies(peer -> {
            assertPeer(peer);
            assertThat(peer.path("ID").asText()).isEqualTo(wanted.toString());
            assertThat(peer.path("Addrs")).isNotEmpty();
        });
    }

    @Test
    void theClosestPeersAreFoundInOrder() throws Exception {
        for (String key : List.of(
                UNKNOWN.toString(),
                numbered(1).id().toString(),
                numbered(1).id().toCid())) {
            Bytes target = key.equals(UNKNOWN.toString())
                    ? UNKNOWN.multihash().bytes()
                    : numbered(1).id().bytes();
            List<String> expected =
                    network.get(0).getClosestPeers(target, 20).result().get(60, TimeUnit.SECONDS).peers().stream()
                            .map(peer -> peer.id().toString())
                            .toList();
            assertThat(list(get("/dht/closest/peers/" + key), "Peers"))
                    .extracting(peer -> peer.path("ID").asText())
                    .isEqualTo(expected)
                    .hasSize(2);
        }
    }

    @Test
    void filtersApply() throws Exception {
        assertThat(list(get("/providers/" + PROVIDED + "?filter-addrs=quic-v1"), "Providers"))
                .isEmpty();
        assertThat(list(get("/providers/" + PROVIDED + "?filter-addrs=!ip6%2Ctcp"), "Providers"))
                .hasSize(2);
        assertThat(list(get("/providers/" + PROVIDED + "?filter-protocols=transport-bitswap"), "Providers"))
                .isEmpty();
        assertThat(list(get("/providers/" + PROVIDED + "?filter-protocols=unknown,transport-bitswap"), "Providers"))
                .hasSize(2);
        assertThat(get("/dht/closest/peers/" + UNKNOWN + "?filter-addrs=quic-v1")
                        .statusCode())
                .isEqualTo(404);
    }

    /** The server that knows no peer refuses each lookup. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter-protocols=transport-bitswap",
                "filter-addrs=tcp,!tcp",
                "filter-addrs=nonsense",
                "filter-addrs=!quic-v1,quic-v1,nonsense"
            })
    void filtersThatExcludeEverythingNeedNoLookup(String filter) throws Exception {
        for (String accept : List.of("application/json", "application/x-ndjson")) {
            String providers = "/routing/v1/providers/" + PROVIDED + "?" + filter;
            assertThat(list(get(1, providers, "Accept", accept), "Providers")).isEmpty();
            String peers = "/routing/v1/peers/" + numbered(1).id() + "?" + filter;
            assertThat(list(get(1, peers, "Accept", accept), "Peers")).isEmpty();
            assertThat(get(1, "/routing/v1/dht/closest/peers/" + PROVIDED + "?" + filter, "Accept", accept)
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"filter-addrs=!tcp", "filter-addrs=tcp,nonsense", "filter-addrs=unknown,nonsense"})
    void filtersThatLetSomethingPassNeedALookup(String filter) throws Exception {
        assertThat(get(1, "/routing/v1/providers/" + PROVIDED + "?" + filter).statusCode())
                .isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({
        "/providers/hello, 422",
        "/providers/12D3KooWGatU9DrSJQHUmDnMnLDdPLPxXfAtCK86oxPZYLLKoYGX, 422",
        "/peers/hello, 422",
        "/peers/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy, 422",
        "/dht/closest/peers/hello, 422",
        "/providers, 400",
        "/providers/, 400",
        "/other, 400",
        "/ipns/k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8, 501"
    })
    void whatDoesNotConformIsRefused(String path, int status) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).path("event").asText()).isEqualTo("error");
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    }

    @Test
    void anIpnsRecordCannotBePut() throws Exception {
        HttpRequest put = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + servers.get(0).address().getPort() + "/routing/v1/ipns/x"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(put, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(501);
    }

    @Test
    void aServerWithoutPeersSaysSo() throws Exception {
        HttpResponse<String> response = get(1, "/routing/v1/providers/" + UNKNOWN);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(response.body()).path("code").asText()).isEqualTo("no-peers");
    }

    @Test
    void answersAreBounded() throws Exception {
        assertThat(list(get(2, "/many"), "Peers")).hasSize(100);
        assertThat(list(get(2, "/many", "Accept", "application/x-ndjson"), "Peers"))
                .hasSize(1000);
    }
}
