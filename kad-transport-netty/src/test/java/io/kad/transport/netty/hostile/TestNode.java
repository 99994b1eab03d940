package io.kad.transport.netty.hostile;

import static io.kad.transport.netty.support.Callbacks.completing;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.transport.AddressPattern;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Transport that serves on a loopback port. */
final class TestNode implements AutoCloseable {

    final TestIdentity identity;
    final NettyTransport transport;
    final Multiaddr address;

    /** Starts a node that passes its requests to {@code server}. */
    TestNode(long number, KademliaConfig config, BiConsumer<InboundRequest, Responder> server) {
        this(number, config, NodeBudgets.of(config), server);
    }

    /** Starts a node as the other constructor does, with {@code budgets} that it may share. */
    TestNode(long number, KademliaConfig config, NodeBudgets budgets, BiConsumer<InboundRequest, Responder> server) {
        this.identity = new TestIdentity(number);
        this.transport = new NettyTransport(identity, config, InstantSource.system(), budgets);
        transport.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                server.accept(request, responder);
            }

            @Override
            public void onEvent(TransportEvent event) {}
        });
        transport.serve(true);
        address = StartedTransports.bind(transport, "/ip4/127.0.0.1/tcp/0");
    }

    PeerId id() {
        return identity.peerId();
    }

    PeerInfo info() {
        return PeerInfo.of(id(), List.of(address));
    }

    InetSocketAddress socketAddress() {
        return AddressPattern.TCP.socket(address).orElseThrow();
    }

    /** Sends {@code request} to {@code peer}. */
    CompletableFuture<KadResponse> request(PeerInfo peer, KadRequest request, Duration timeout) {
        CompletableFuture<KadResponse> response = new CompletableFuture<>();
        transport.request(peer, request, timeout, completing(response));
        return response;
    }

    /** Sends {@code message} to {@code peer}. */
    CompletableFuture<Void> send(PeerInfo peer, KadRequest.AddProvider message, Duration timeout) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        transport.send(peer, message, timeout, completing(sent));
        return sent;
    }

    static KadRequest findNode() {
        return new KadRequest.FindNode(Bytes.utf8("target"));
    }

    @Override
    public void close() {
        transport.close();
    }
}
