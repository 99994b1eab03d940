package io.kad.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.transport.netty.support.Closing;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Honest peers that use a node: two that stay connected, and newcomers. Each thing they request must come within {@link #PATIENCE}. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
final class HonestPeers implements AutoCloseable {

    /** How long a peer may wait for anything, in whatever trouble the node is. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final RecordKey KEY = RecordKey.utf8("/app/honest");

    private final PeerInfo node;
    private final Kademlia writer;
    private final Kademlia reader;
    private Duration patience = PATIENCE;
    private int rounds;

    HonestPeers(PeerInfo node) {
        this.node = node;
        this.writer = client(node);
        this.reader = client(node);
    }

    private static Kademlia client(PeerInfo node) {
        return Kademlia.builder()
                .identity(Ed25519Identity.generate(RANDOM))
                .config(KademliaConfig.of(NodeUnderAttack.PROTOCOL).toBuilder()
                        .mode(Mode.CLIENT)
                        .build())
                .bootstrapPeer(node)
                .build();
    }

    /** Does what a round does, with more patience: the first requests load classes. */
    void warmUp() {
        patience = PATIENCE.multipliedBy(10);
        round();
        patience = PATIENCE;
        round();
    }

    /** Pings, finds peers, puts and gets a record over the connections that exist, and finds peers over a new one. */
    void round() {
        rounds++;
        within("ping", writer.ping(node, patience));
        within("FIND_NODE", closestPeers(writer));
        Bytes value = Bytes.utf8("value " + rounds);
        within(
                "PUT_VALUE",
                writer.putRecord(Record.of(KEY, value), Quorum.one()).result());
        assertThat(within("GET_VALUE", reader.getRecord(KEY, Quorum.one()).result())
                        .record()
                        .value())
                .isEqualTo(value);
        newcomer();
    }

    /** A connection may be refused once: who has not been served dials again, as any peer does. */
    private void newcomer() {
        long deadline = System.nanoTime() + patience.toNanos();
        AssertionError refusal = new AssertionError("no newcomer was served");
        while (System.nanoTime() < deadline) {
            try (Kademlia newcomer = client(node)) {
                within("ping of a newcomer", newcomer.ping(node, patience));
                within("FIND_NODE of a newcomer", closestPeers(newcomer));
                return;
            } catch (AssertionError refused) {
                refusal = refused;
                Target.pause(200);
            }
        }
        throw refusal;
    }

    private static CompletableFuture<?> closestPeers(Kademlia peer) {
        byte[] target = new byte[32];
        RANDOM.nextBytes(target);
        Query<?> query = peer.getClosestPeers(Bytes.of(target), 20);
        return query.result().toCompletableFuture();
    }

    private <T> T within(String what, CompletableFuture<T> result) {
        try {
            return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError(what + " of round " + rounds + " took more than " + patience, late);
        } catch (ExecutionException failed) {
            throw new AssertionError(what + " of round " + rounds + " failed", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(what + " was interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        Closing.all(List.of(writer, reader));
    }
}
