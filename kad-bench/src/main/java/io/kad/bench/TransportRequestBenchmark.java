package io.kad.bench;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Benchmark of FIND_NODE from transport to transport over loopback: TCP, Noise and Yamux, 32 requests in flight on one connection, 20 peers in each
 * response. Client and server share the process, so the figures are those of both.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar TransportRequestBenchmark -prof gc}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls start() first
public class TransportRequestBenchmark {

    private static final int REQUESTS = 1024;
    private static final int IN_FLIGHT = 32;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final KadRequest REQUEST = new KadRequest.FindNode(Bytes.utf8("target"));

    /** 0 for a new stream for each request. */
    @Param({"0", "32"})
    private int streamPoolSize;

    private final SecureRandom random = new SecureRandom();
    private final Ed25519Identity serverIdentity = Ed25519Identity.generate(random);
    private NettyTransport server;
    private NettyTransport client;
    private PeerInfo serverInfo;

    /** Starts a server and a client. */
    @Setup
    public void start() {
        KademliaConfig config = KademliaConfig.builder()
                .protocol("/kad-bench/kad/1.0.0")
                .streamPoolSize(streamPoolSize)
                .build();
        BenchmarkPeers peers = new BenchmarkPeers(1);
        KadResponse response =
                new KadResponse.FindNode(Stream.generate(peers::info).limit(20).toList());
        server = new NettyTransport(serverIdentity, config, InstantSource.system());
        server.start(new Server(response));
        server.serve(true);
        CompletableFuture<List<Multiaddr>> listening = new CompletableFuture<>();
        server.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), completing(listening));
        serverInfo = PeerInfo.of(serverIdentity.peerId(), listening.join());
        client = new NettyTransport(Ed25519Identity.generate(random), config, InstantSource.system());
        client.start(new Server(response));
    }

    /** Stops both. */
    @TearDown
    public void close() {
        client.close();
        server.close();
    }

    /**
     * Sends a number of requests, and returns when each has its response.
     *
     * @throws InterruptedException if the run is ended
     */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void findNode() throws InterruptedException {
        Semaphore slots = new Semaphore(IN_FLIGHT);
        Releasing releasing = new Releasing(slots);
        for (int sent = 0; sent < REQUESTS; sent++) {
            slots.acquire();
            client.request(serverInfo, REQUEST, TIMEOUT, releasing);
        }
        slots.acquire(IN_FLIGHT);
        releasing.check();
    }

    private record Server(KadResponse response) implements TransportHandler {

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            responder.respond(response);
        }

        @Override
        public void onEvent(TransportEvent event) {}
    }

    private static <T> Callback<T> completing(CompletableFuture<T> future) {
        return new Callback<>() {
            @Override
            public void onSuccess(T result) {
                future.complete(result);
            }

            @Override
            public void onFailure(TransportFailure failure) {
                future.completeExceptionally(new IllegalStateException(failure.toString()));
            }
        };
    }

    /** Releases a slot at the end of each request; a failure fails the benchmark. */
    private static final class Releasing implements Callback<KadResponse> {

        private final Semaphore slots;
        private final CompletableFuture<Void> failed = new CompletableFuture<>();

        Releasing(Semaphore slots) {
            this.slots = slots;
        }

        @Override
        public void onSuccess(KadResponse response) {
            slots.release();
        }

        @Override
        public void onFailure(TransportFailure failure) {
            failed.completeExceptionally(new IllegalStateException(failure.toString()));
            slots.release();
        }

        void check() {
            if (failed.isDone()) {
                failed.join();
            }
        }
    }
}
