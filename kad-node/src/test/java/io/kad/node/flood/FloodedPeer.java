package io.kad.node.flood;

import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.sim.network.SimIdentity;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Whole peer whose transport reaches nobody, and whose handler is called by the test, one request at a time. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
final class FloodedPeer implements AutoCloseable {

    static final SimIdentity SELF = new SimIdentity(new SplittableRandom(1));

    private final Kademlia peer;
    private TransportHandler handler;

    FloodedPeer(KademliaConfig config) {
        this(config, builder -> {});
    }

    FloodedPeer(KademliaConfig config, Consumer<KademliaBuilder> choice) {
        var transport = (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start")) {
                        handler = (TransportHandler) arguments[0];
                    }
                    return method.getReturnType() == List.class ? List.of() : null;
                });
        KademliaBuilder builder =
                Kademlia.builder().identity(SELF).config(config).transport(transport);
        choice.accept(builder);
        peer = builder.build();
    }

    static PeerId id(int number) {
        return PeerId.fromPublicKey(Bytes.utf8("peer " + number));
    }

    Kademlia peer() {
        return peer;
    }

    /** Returns whether the request was accepted. */
    private boolean serve(PeerId from, String host, KadRequest request) {
        CompletableFuture<Boolean> accepted = new CompletableFuture<>();
        handler.onRequest(
                new InboundRequest(from, Multiaddr.parse("/ip4/" + host + "/tcp/4001"), request), new Responder() {
                    @Override
                    public void respond(KadResponse response) {
                        accepted.complete(true);
                    }

                    @Override
                    public void completeWithoutResponse() {
                        accepted.complete(true);
                    }

                    @Override
                    public void reset() {
                        accepted.complete(false);
                    }
                });
        return accepted.orTimeout(1, TimeUnit.MINUTES).join();
    }

    boolean put(int from, String host, RecordKey key, int bytes) {
        return serve(id(from), host, new KadRequest.PutValue(Record.of(key, Bytes.of(new byte[bytes]))));
    }

    /** Sends a record that another peer has published. */
    boolean replicate(int from, String host, RecordKey key, int bytes) {
        Record record = Record.of(key, Bytes.of(new byte[bytes])).withPublisher(id(9999));
        return serve(id(from), host, new KadRequest.PutValue(record));
    }

    boolean provide(int from, String host, RecordKey key, List<Multiaddr> addresses) {
        return serve(id(from), host, new KadRequest.AddProvider(key, List.of(PeerInfo.of(id(from), addresses))));
    }

    @Override
    public void close() {
        peer.close();
    }
}
