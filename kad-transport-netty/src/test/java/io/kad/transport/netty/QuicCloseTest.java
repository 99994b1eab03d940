package io.kad.transport.netty;

import static io.kad.transport.netty.support.Callbacks.completing;
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
import io.kad.transport.netty.quic.QuicLimits;
import io.kad.transport.netty.support.TestIdentity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** End of a transport with connections over QUIC. */
class QuicCloseTest {

    private static final int DIALERS = 8;

    private final List<NettyTransport> transports = new ArrayList<>();

    private NettyTransport transport(int number) {
        NettyTransport transport = new NettyTransport(
                new TestIdentity(number), KademliaConfig.of("/test/kad/1.0.0"), InstantSource.system());
        transport.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {}

            @Override
            public void onEvent(TransportEvent event) {}
        });
        transports.add(transport);
        return transport;
    }

    @AfterEach
    void stop() {
        transports.forEach(NettyTransport::close);
    }

    @Test
    void everyPeerIsToldOfIt() throws Exception {
        NettyTransport server = transport(0);
        CompletableFuture<List<Multiaddr>> listening = new CompletableFuture<>();
        server.listen(Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1"), completing(listening));
        PeerInfo peer = PeerInfo.of(new TestIdentity(0).peerId(), listening.get(60, TimeUnit.SECONDS));
        for (int number = 1; number <= DIALERS; number++) {
            CompletableFuture<ConnectionInfo> connected = new CompletableFuture<>();
            transport(number).connect(peer, Duration.ofSeconds(30), completing(connected));
            assertThat(connected.get(60, TimeUnit.SECONDS).transport()).isEqualTo("quic");
        }
        await().until(() -> server.connections().size() == DIALERS);
        server.close();
        // those that are not told find out by their idle timeout
        await().atMost(QuicLimits.IDLE_TIMEOUT.dividedBy(2))
                .until(() -> transports.stream()
                        .allMatch(each -> each == server || each.connections().isEmpty()));
    }
}
