package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.support.Callbacks;
import io.kad.transport.netty.support.TestIdentity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the bytes which one side has sent are those which the other side has received. */
class TrafficTest {

    /** Bytes of the handshake of either kind, at least. */
    private static final long HANDSHAKE = 300;

    private static NettyTransport transport(int number) {
        NettyTransport transport = new NettyTransport(
                new TestIdentity(number), KademliaConfig.of("/test/kad/1.0.0"), InstantSource.system());
        transport.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {}

            @Override
            public void onEvent(TransportEvent event) {}
        });
        return transport;
    }

    private static long bytes(NettyTransport transport, String direction) {
        return transport.amounts().get("traffic-" + direction + "-bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"})
    void whatOneSideHasSentTheOtherHasReceived(String address) throws Exception {
        try (NettyTransport server = transport(0);
                NettyTransport client = transport(1)) {
            assertThat(client.amounts())
                    .containsEntry("traffic-sent-bytes", 0L)
                    .containsEntry("traffic-received-bytes", 0L);
            CompletableFuture<List<Multiaddr>> listening = new CompletableFuture<>();
            server.listen(Multiaddr.parse(address), Callbacks.completing(listening));
            CompletableFuture<ConnectionInfo> connected = new CompletableFuture<>();
            client.connect(
                    PeerInfo.of(new TestIdentity(0).peerId(), listening.get(60, TimeUnit.SECONDS)),
                    Duration.ofSeconds(30),
                    Callbacks.completing(connected));
            connected.get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(bytes(server, "received"))
                        .isEqualTo(bytes(client, "sent"))
                        .isGreaterThan(HANDSHAKE);
                assertThat(bytes(client, "received"))
                        .isEqualTo(bytes(server, "sent"))
                        .isGreaterThan(HANDSHAKE);
            });
        }
    }
}
