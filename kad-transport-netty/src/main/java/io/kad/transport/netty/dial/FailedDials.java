package io.kad.transport.netty.dial;

import io.kad.transport.netty.limit.TokenBuckets;
import java.util.function.LongSupplier;

/**
 * Limit of the failed attempts at one host, and at one address with its port, in a minute, so that nobody can make the local peer attack a host
 * by naming it as the address of many peers. An attempt counts as failed until the peer is there. A peer that is there forgives the failures of
 * its host, but not those of its address: that it is there does not explain the others, who were said to be in the same place. A lookup that
 * {@linkplain DialTarget#countsEachLookup always counts} is not forgiven. Thread-safe.
 */
final class FailedDials {

    private final TokenBuckets hosts;
    private final TokenBuckets addresses;

    FailedDials(int perMinute, LongSupplier nanoTime) {
        this.hosts = new TokenBuckets(perMinute, nanoTime);
        this.addresses = new TokenBuckets(perMinute, nanoTime);
    }

    /** Counts an attempt at {@code target}; returns false if there were too many. */
    synchronized boolean tryAdd(DialTarget target) {
        if (!addresses.tryTake(address(target))) {
            return false;
        }
        boolean hasToken = hosts.tryTake(host(target));
        if (!hasToken) {
            addresses.giveBack(address(target));
        }
        return hasToken;
    }

    /** Called when an attempt at {@code target} that was counted has reached its peer, or ended for no fault of its host. */
    synchronized void takeBack(DialTarget target) {
        hosts.giveBack(host(target));
        addresses.giveBack(address(target));
    }

    /** Called when a peer was reached at {@code target}: the failures of its host are forgotten. */
    synchronized void succeeded(DialTarget target) {
        hosts.refill(host(target));
    }

    private static String host(DialTarget target) {
        return target.hasHost() ? target.host().toString() : address(target);
    }

    /** Returns the IP address and port, the same whatever host name has led there; the host name if it is not resolved yet. */
    private static String address(DialTarget target) {
        return target.failureKey().toString();
    }
}
