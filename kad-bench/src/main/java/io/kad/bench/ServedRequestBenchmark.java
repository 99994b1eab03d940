package io.kad.bench;

import io.kad.api.Kademlia;
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
import io.kad.api.spi.transport.TransportHandler;
import io.kad.bench.load.SeededIdentity;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Benchmark of requests that a whole peer serves from its stores in memory, without decoding and encoding: the records and provider records of 200 keys
 * are renewed and read. The sender is at an address with quotas. The routing table is empty, so that no entry expires early. Allocation is that of all threads.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar ServedRequestBenchmark -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ServedRequestBenchmark {

    private static final int KEYS = 200;
    private static final int VALUE_BYTES = 256;

    private final RequestSource transport = new RequestSource();
    private final Kademlia peer = Kademlia.builder()
            .identity(SeededIdentity.of("server", 1, 0))
            .config(KademliaConfig.of("/kad/1.0.0"))
            .transport(transport)
            .build();
    private final Multiaddr address = Multiaddr.parse("/ip4/198.51.100.7/tcp/4001");
    private final PeerId from = new BenchmarkPeers(1).peer();
    private final List<PeerInfo> sender = List.of(PeerInfo.of(from, List.of(address)));
    private final Bytes value = Bytes.of(new byte[VALUE_BYTES]);
    private final Bytes[] keys = new Bytes[KEYS];
    private final Ends ends = new Ends();
    private final TransportHandler handler = transport.handler();
    private int next;

    /** Responder that keeps the latest response, and takes no reset. */
    private static final class Ends implements Responder {

        private KadResponse latest = new KadResponse.Ping();

        @Override
        public void respond(KadResponse response) {
            latest = response;
        }

        @Override
        public void completeWithoutResponse() {}

        @Override
        public void reset() {
            throw new IllegalStateException("a request was refused");
        }
    }

    @Setup
    public void store() {
        for (int i = 0; i < KEYS; i++) {
            keys[i] = Bytes.utf8("/app/benchmark-" + i);
        }
        for (int i = 0; i < KEYS; i++) {
            putValue();
        }
        for (int i = 0; i < KEYS; i++) {
            addProvider();
        }
    }

    @TearDown
    public void close() {
        peer.close();
    }

    /** Returns a key as it is decoded: an object of its own, which has not been hashed. */
    private RecordKey nextKey() {
        int index = next;
        next = index + 1 == KEYS ? 0 : index + 1;
        return RecordKey.of(keys[index]);
    }

    private KadResponse serve(KadRequest request) {
        handler.onRequest(new InboundRequest(from, address, request), ends);
        return ends.latest;
    }

    @Benchmark
    public KadResponse putValue() {
        return serve(new KadRequest.PutValue(Record.of(nextKey(), value)));
    }

    @Benchmark
    public KadResponse addProvider() {
        return serve(new KadRequest.AddProvider(nextKey(), sender));
    }

    @Benchmark
    public KadResponse getValue() {
        return serve(new KadRequest.GetValue(nextKey()));
    }

    @Benchmark
    public KadResponse getProviders() {
        return serve(new KadRequest.GetProviders(nextKey()));
    }
}
