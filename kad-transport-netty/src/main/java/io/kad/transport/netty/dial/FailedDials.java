package io.kad.transport.netty.dial;

import io.kad.transport.netty.limit.TokenBuckets;
import java.util.function.LongSupplier;

/**
 * Limit of the failed attempts at one host in a minute, so that nobody can make the local peer attack a host by naming it as the address of
 * many peers. An attempt counts as failed until the peer is there. Thread-safe.
 */
final class FailedDials {

    private final TokenBuckets buckets;

    FailedDials(int perMinute, LongSupplier nanoTime) {
        this.buckets = new TokenBuckets(perMinute, nanoTime);
    }

    /** Counts an attempt at {@code target}; returns false if there were too many. */
    synchronized boolean tryAdd(DialTarget target) {
        return buckets.tryTake(target.host().toString());
    }

    /** Called when an attempt at {@code target} that was counted ended for no fault of its host. */
    synchronized void takeBack(DialTarget target) {
        buckets.giveBack(target.host().toString());
    }

    /** Called when a peer was reached at {@code target}: the failures of its host are forgotten. */
    synchronized void succeeded(DialTarget target) {
        buckets.refill(target.host().toString());
    }
}
