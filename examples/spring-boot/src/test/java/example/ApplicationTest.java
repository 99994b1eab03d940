package example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.wire.key.Ed25519Identity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** The application on a free port, with a second peer beside it. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ApplicationTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private Kademlia peer;

    private Kademlia other;

    @BeforeEach
    void join() {
        other = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.of("/my-network/kad/1.0.0"))
                .bootstrapPeer(peer.addresses().get(0).withPeerId(peer.peerId()))
                .build();
        other.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
        other.bootstrap().result().join();
    }

    @AfterEach
    void leave() {
        other.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
        return client.send(
                request.uri(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofMinutes(1))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void aRecordIsStoredInTheNetworkAndFound() throws Exception {
        HttpResponse<String> put =
                send(HttpRequest.newBuilder().PUT(BodyPublishers.ofString("hello")), "/records/greeting");
        assertThat(put.body()).isEqualTo("stored");
        assertThat(other.storeSizes().join().records()).isEqualTo(1);
        assertThat(send(HttpRequest.newBuilder(), "/records/greeting").body()).isEqualTo("hello");
        assertThat(send(HttpRequest.newBuilder(), "/records/none").statusCode()).isEqualTo(404);
    }

    @Test
    void healthAndMetricsShowThePeer() throws Exception {
        assertThat(send(HttpRequest.newBuilder(), "/actuator/health").body())
                .contains("\"kademlia\"")
                .contains(peer.peerId().toString());
        // the peer notices a little later that the one of another test is gone
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(send(HttpRequest.newBuilder(), "/actuator/metrics/kad.connections")
                                .body())
                        .contains("\"value\":1.0")
                        .contains("inbound"));
        assertThat(send(HttpRequest.newBuilder(), "/actuator/metrics/kad.requests.served").body())
                .contains("\"COUNT\"");
    }
}
