package io.kad.transport.netty.identify;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.wire.SignedPeerRecord;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Signed peer record of the local peer for one kind of remote peers. It is signed when the addresses have changed, off the event loops, and kept
 * until they change again. Thread-safe.
 *
 * <p>The sequence number is the time in nanoseconds, as in go-libp2p, so that it increases over a restart; within a process it increases whatever
 * the clock does.
 */
final class LocalPeerRecord {

    private final Identity identity;
    private final SignatureChecks executors;
    private final Sequence sequence;
    private List<Multiaddr> addresses = List.of();
    private @Nullable Future<Bytes> latest;

    LocalPeerRecord(Identity identity, SignatureChecks executors, Sequence sequence) {
        this.identity = identity;
        this.executors = executors;
        this.sequence = sequence;
    }

    /**
     * Returns the envelope of a record of {@code current}; listeners are called on the thread that signs. A failed one is signed again by the next
     * call.
     */
    synchronized Future<Bytes> sealed(List<Multiaddr> current) {
        Future<Bytes> known = latest;
        boolean failed = known != null && known.isDone() && !known.isSuccess();
        if (known == null || failed || !addresses.equals(current)) {
            addresses = List.copyOf(current);
            known = seal(addresses);
            latest = known;
        }
        return known;
    }

    private Future<Bytes> seal(List<Multiaddr> current) {
        long number = sequence.next();
        try {
            return executors.run(
                    SignatureChecks.isCostly(identity.peerId()),
                    () -> SignedPeerRecord.seal(identity, number, current),
                    ImmediateEventExecutor.INSTANCE);
        } catch (RejectedExecutionException e) {
            return ImmediateEventExecutor.INSTANCE.newFailedFuture(e);
        }
    }

    /** Sequence numbers of all records of the local peer. Thread-safe. */
    static final class Sequence {

        private final InstantSource clock;
        private long last;

        Sequence(InstantSource clock) {
            this.clock = clock;
        }

        synchronized long next() {
            Instant now = clock.instant();
            long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
            last = Math.max(last + 1, nanos);
            return last;
        }
    }
}
