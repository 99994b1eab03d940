package io.kad.node.diagnose;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Peer that exists for one check: a client with a new identity and the options of the local peer, so that each dial is a fresh one. */
final class Probe {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Probe() {}

    /** Runs {@code use} with a new peer, which is closed when its result is there, or cancelled by itself or with {@code work}. */
    static <T> CompletableFuture<T> with(
            KademliaConfig config, RunningWork work, Function<Kademlia, CompletableFuture<T>> use) {
        return work.start(() -> counted(config, work, use));
    }

    private static <T> CompletableFuture<T> counted(
            KademliaConfig config, RunningWork work, Function<Kademlia, CompletableFuture<T>> use) {
        if (!work.hold()) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        try {
            return opened(config, work, use);
        } catch (RuntimeException | Error defect) {
            work.release();
            throw defect;
        }
    }

    private static <T> CompletableFuture<T> opened(
            KademliaConfig config, RunningWork work, Function<Kademlia, CompletableFuture<T>> use) {
        KademliaConfig ofProbe = config.toBuilder()
                .mode(Mode.CLIENT)
                .set(KademliaConfig.RECORD_STORE.name(), "")
                .set(KademliaConfig.PROVIDER_STORE.name(), "")
                .set(KademliaConfig.PEER_SNAPSHOT_STORE.name(), "")
                .build();
        Kademlia probe = Kademlia.builder()
                .identity(Ed25519Identity.generate(RANDOM))
                .config(ofProbe)
                .build();
        try {
            CompletableFuture<T> result = use.apply(probe);
            // Closing waits for the peer, which a thread that calls back for it must not
            var unused = result.whenCompleteAsync(
                    (value, failure) -> {
                        try {
                            probe.close();
                        } finally {
                            work.release();
                        }
                    },
                    work.threads());
            return result;
        } catch (RuntimeException | Error defect) {
            probe.close();
            throw defect;
        }
    }
}
