package io.kad.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.RoutingTableView;
import io.kad.api.event.EventRegistration;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.HttpServer;
import io.kad.node.http.TestServer;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A routing table of 10,000 peers, which is read in parts. */
@Timeout(60)
class TableOperationsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient client = HttpClient.newHttpClient();
    private static final int PEERS = 10_000;
    private static final int MAX_BYTES = 128 * 1024;

    private static NodeApi api;
    private static HttpServer server;

    @BeforeAll
    static void start() throws Exception {
        Map<String, Object> results = Map.of(
                "config",
                        KademliaConfig.builder()
                                .set(KademliaConfig.BUCKET_SIZE, 4096)
                                .build(),
                "onEvent", returning(EventRegistration.class, Map.of()),
                "routingTable", table());
        api = new NodeApi(returning(Kademlia.class, results), NodeSetup.UNKNOWN);
        server = TestServer.loopback(api.routes());
    }

    /** Returns a table whose buckets halve, the farthest one first in size; every fifth peer is connected. */
    private static RoutingTableView table() {
        List<RoutingTableView.Entry> entries = new ArrayList<>();
        int left = PEERS;
        for (int bucket = 255; left > 0; bucket--) {
            int size = bucket == 242 ? left : (left + 1) / 2;
            left -= size;
            for (int i = 0; i < size; i++) {
                entries.add(0, entry(bucket, i));
            }
        }
        return new RoutingTableView(entries, List.of(entry(255, PEERS)));
    }

    private static RoutingTableView.Entry entry(int bucket, int number) {
        byte[] id = ByteBuffer.allocate(34)
                .put((byte) 0x12)
                .put((byte) 0x20)
                .putInt(bucket)
                .putInt(number)
                .array();
        return new RoutingTableView.Entry(
                PeerId.fromBytes(Bytes.of(id)),
                bucket,
                number % 5 == 0,
                List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001")));
    }

    private static <T> T returning(Class<T> type, Map<String, Object> results) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> results.get(method.getName())));
    }

    @AfterAll
    static void stop() {
        server.close();
        api.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + server.address().getPort() + "/api/v1" + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode read(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body().length()).isLessThan(MAX_BYTES);
        return JSON.readTree(response.body());
    }

    @Test
    void eachBucketIsReadPageByPageAndNoPeerIsMissing() throws Exception {
        JsonNode buckets = read("/buckets");
        assertThat(buckets.path("peers").asInt()).isEqualTo(PEERS);
        assertThat(buckets.path("bucketSize").asInt()).isEqualTo(4096);
        assertThat(buckets.path("buckets")).hasSize(14);
        Set<String> seen = new HashSet<>();
        for (JsonNode bucket : buckets.path("buckets")) {
            int size = bucket.path("peers").asInt();
            int connected = 0;
            for (int from = 0; from < size; from += TableOperations.MAX_PEERS) {
                JsonNode page = read("/buckets/" + bucket.path("bucket").asInt() + (from == 0 ? "" : "?from=" + from));
                assertThat(page.path("total").asInt()).isEqualTo(size);
                assertThat(page.path("peers")).hasSize(Math.min(TableOperations.MAX_PEERS, size - from));
                for (JsonNode peer : page.path("peers")) {
                    seen.add(peer.path("peerId").asText());
                    connected += peer.path("connected").asBoolean() ? 1 : 0;
                    assertThat(peer.path("addresses").path(0).asText()).startsWith("/ip4/192.0.2.1/tcp/4001/p2p/");
                }
            }
            assertThat(bucket.path("connected").asInt()).isEqualTo(connected);
            assertThat(bucket.path("pending").asInt())
                    .isEqualTo(bucket.path("bucket").asInt() == 255 ? 1 : 0);
        }
        assertThat(seen).hasSize(PEERS);
    }

    @Test
    void aPartBeyondTheEndOrOfAnEmptyBucketIsEmpty() throws Exception {
        assertThat(read("/buckets/255?from=1000000&count=1").path("peers")).isEmpty();
        assertThat(read("/buckets/0").path("total").asInt()).isZero();
        assertThat(read("/buckets/255?count=3&from=2").path("peers")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/buckets/256",
                "/buckets/-1",
                "/buckets/x",
                "/buckets/99999999999",
                "/buckets/255?from=-1",
                "/buckets/255?from=1000001",
                "/buckets/255?count=0",
                "/buckets/255?count=257",
                "/buckets/255?count=1&count=2",
                "/buckets/255?page=1",
                "/buckets?count=1"
            })
    void whatIsNoPartIsRefused(String path) throws Exception {
        HttpResponse<String> refused = get(path);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(refused.body()).path("code").asText()).isEqualTo("bad-input");
    }
}
