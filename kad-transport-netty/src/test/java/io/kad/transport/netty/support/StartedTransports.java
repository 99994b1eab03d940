package io.kad.transport.netty.support;

import static io.kad.transport.netty.support.Callbacks.completing;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Transports of a test, which reset each request and end with it. */
public final class StartedTransports implements AutoCloseable {

    private final List<NettyTransport> open = new ArrayList<>();

    /** Creates an empty set. */
    public StartedTransports() {}

    /** Starts a transport. */
    public NettyTransport start(TestIdentity identity, KademliaConfig.Builder config) {
        return start(identity, config, ConnectionGate.OPEN);
    }

    /** Starts a transport with a gate. */
    public NettyTransport start(TestIdentity identity, KademliaConfig.Builder config, ConnectionGate gate) {
        NettyTransport transport = new NettyTransport(identity, config.build(), InstantSource.system());
        open.add(transport);
        transport.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                responder.reset();
            }

            @Override
            public void onEvent(TransportEvent event) {}

            @Override
            public ConnectionGate gate() {
                return gate;
            }
        });
        return transport;
    }

    /** Listens, and returns the bound addresses; fails if that takes more than a minute. */
    public static CompletableFuture<List<Multiaddr>> listen(NettyTransport transport, String address) {
        CompletableFuture<List<Multiaddr>> listening = new CompletableFuture<>();
        transport.listen(Multiaddr.parse(address), completing(listening));
        return listening.orTimeout(60, SECONDS);
    }

    /** Listens, and returns the bound address, which is the only one. */
    public static Multiaddr bind(NettyTransport transport, String address) {
        List<Multiaddr> bound = listen(transport, address).join();
        assertThat(bound).hasSize(1);
        return bound.get(0);
    }

    /** Connects to a peer at one address; fails if that takes more than a minute. */
    public static CompletableFuture<ConnectionInfo> connect(NettyTransport from, TestIdentity peer, Multiaddr address) {
        CompletableFuture<ConnectionInfo> connected = new CompletableFuture<>();
        from.connect(PeerInfo.of(peer.peerId(), List.of(address)), Duration.ofSeconds(20), completing(connected));
        return connected.orTimeout(60, SECONDS);
    }

    @Override
    public void close() {
        Closing.all(open);
    }
}
