package io.kad.interop.hostile;

import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Peer that always has {@link #IN_FLIGHT} queries in flight, each of which asks the node. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
final class SoakPeer implements AutoCloseable {

    static final int IN_FLIGHT = 32;

    /** Keys of records: few, so that the stores are full of them soon. */
    private static final int KEYS = 500;

    private final Kademlia peer;
    private final PeerInfo node;
    private final LongAdder done;
    private final LongAdder failed;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean stopped;

    /** Starts a peer that counts its queries. A server listens on a port that the system chooses, so each time on another one. */
    SoakPeer(Identity identity, PeerInfo node, Mode mode, LongAdder done, LongAdder failed) {
        this.node = node;
        this.done = done;
        this.failed = failed;
        this.peer = Kademlia.builder()
                .identity(identity)
                .config(KademliaConfig.of(NodeUnderAttack.PROTOCOL).toBuilder()
                        .mode(mode)
                        .build())
                .bootstrapPeer(node)
                .build();
        if (mode == Mode.SERVER) {
            peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
        }
        for (int number = 0; number < IN_FLIGHT; number++) {
            next();
        }
    }

    /** Ends the connection to the node; the queries go on over another one. */
    void disconnect() {
        peer.disconnect(node.id());
    }

    /** Returns whether it is connected to the node, and nearly all of its queries are in flight: one that failed is repeated after a moment. */
    boolean isBusy() {
        return peer.connections().stream().anyMatch(open -> open.peer().equals(node.id()))
                && inFlight.get() > IN_FLIGHT / 2;
    }

    private void next() {
        if (stopped) {
            return;
        }
        CompletableFuture<?> result = query().result();
        inFlight.incrementAndGet();
        CompletableFuture<?> unused = result.whenComplete((value, failure) -> {
            inFlight.decrementAndGet();
            (failure == null ? done : failed).increment();
            if (failure == null) {
                next();
            } else {
                CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(this::next);
            }
        });
    }

    private Query<?> query() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        RecordKey key = RecordKey.utf8("/app/soak-" + random.nextInt(KEYS));
        int choice = random.nextInt(20);
        if (choice == 0) {
            byte[] value = new byte[random.nextInt(4000)];
            random.nextBytes(value);
            return peer.putRecord(Record.of(key, Bytes.of(value)), Quorum.one());
        }
        return choice == 1 ? peer.getProviders(key, 5) : peer.getClosestPeers(key.bytes(), 20);
    }

    @Override
    public void close() {
        stopped = true;
        peer.close();
    }
}
