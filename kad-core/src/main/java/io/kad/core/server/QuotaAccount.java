package io.kad.core.server;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Account of what a peer at a host, a host or a network makes this peer keep. All of it counts for the parent too: the host of a peer, the network of
 * a host.
 * Not thread-safe: used under the lock of its quota.
 */
final class QuotaAccount {

    private final Object owner;
    private final QuotaLimits limits;
    private final @Nullable QuotaAccount parent;
    private int entries;
    private long bytes;

    /**
     * Creates an account that keeps nothing.
     *
     * @param owner the peer at its host, or the address range
     */
    QuotaAccount(Object owner, QuotaLimits limits, @Nullable QuotaAccount parent) {
        this.owner = owner;
        this.limits = limits;
        this.parent = parent;
    }

    Object owner() {
        return owner;
    }

    @Nullable
    QuotaAccount parent() {
        return parent;
    }

    /** Returns whether {@code account} is this one or one of its parents. */
    boolean includes(QuotaAccount account) {
        return this == account || (parent != null && parent.includes(account));
    }

    /** Returns the limit that would be exceeded by so many entries and bytes more; empty if both fit. */
    Optional<QuotaLimits.Limit> exceededBy(int moreEntries, long moreBytes) {
        if (moreEntries > 0 && entries + (long) moreEntries > limits.entries().value()) {
            return Optional.of(limits.entries());
        }
        return moreBytes > 0 && bytes + moreBytes > limits.bytes().value()
                ? Optional.of(limits.bytes())
                : Optional.empty();
    }

    /** Adds entries and bytes, or takes them away if they are negative. */
    void add(int moreEntries, long moreBytes) {
        entries += moreEntries;
        bytes += moreBytes;
    }

    boolean isUnused() {
        return entries == 0 && bytes == 0;
    }
}
