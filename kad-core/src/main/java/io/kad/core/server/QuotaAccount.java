package io.kad.core.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Account of what a peer at a host, the replicating peers of a host, a host, a network or all networks make this peer keep. All of it counts for the
 * parent too: the host of a peer, the network of a host. An account has either parts, the accounts whose parent it is, or entries.
 * Not thread-safe: used under the lock of its quota.
 */
final class QuotaAccount extends IndexedHeap.Element {

    private static final Comparator<QuotaAccount> BY_SHARE =
            Comparator.comparingDouble(QuotaAccount::share).reversed().thenComparingLong(account -> account.number);

    private static final Comparator<QuotaEntry> BY_DISTANCE = (one, other) -> {
        int farther = Long.compareUnsigned(other.key.distance(), one.key.distance());
        return farther != 0 ? farther : Long.compare(one.renewal, other.renewal);
    };

    private final Object owner;
    private final QuotaLimits limits;
    private final QuotaCapacity capacity;
    private final @Nullable QuotaAccount parent;
    /** Decides between accounts of equal shares. */
    private final long number;

    private int entries;
    private long bytes;
    private double share;
    /** Parts that are used; null before the first one. */
    private @Nullable IndexedHeap<QuotaAccount> parts;
    /** Stored entries that count for this account itself; null before the first one. */
    private @Nullable IndexedHeap<QuotaEntry> stored;

    /**
     * Creates an account that keeps nothing.
     *
     * @param owner the peer at its host, the host with its replicating peers, or the address range
     * @param number a number that no other account has
     */
    QuotaAccount(Object owner, QuotaLimits limits, QuotaCapacity capacity, @Nullable QuotaAccount parent, long number) {
        this.owner = owner;
        this.limits = limits;
        this.capacity = capacity;
        this.parent = parent;
        this.number = number;
    }

    Object owner() {
        return owner;
    }

    @Nullable
    QuotaAccount parent() {
        return parent;
    }

    /** Returns the capacity of the store, which all accounts of a quota have. */
    QuotaCapacity capacity() {
        return capacity;
    }

    int entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }

    /** Returns the part of the store that it keeps. */
    double share() {
        return share;
    }

    /** Returns the number of its parts that keep something. */
    int parts() {
        return parts == null ? 0 : parts.size();
    }

    /** Returns the part that keeps most; null if there is none. */
    @Nullable
    QuotaAccount heaviest() {
        return parts == null ? null : parts.greatest();
    }

    /** Returns the stored entry with the farthest key, of equal ones the one that was renewed longest ago; null if there is none. */
    @Nullable
    QuotaEntry farthest() {
        return stored == null ? null : stored.greatest();
    }

    void addOrMoveEntry(QuotaEntry entry) {
        if (stored == null) {
            stored = new IndexedHeap<>(BY_DISTANCE);
        }
        stored.addOrMove(entry);
    }

    void removeEntry(QuotaEntry entry) {
        if (stored != null) {
            stored.remove(entry);
        }
    }

    /** Returns whether {@code account} is this one or one of its parents. */
    boolean includes(QuotaAccount account) {
        return this == account || (parent != null && parent.includes(account));
    }

    /** Returns whether it gives way after {@code other}: its network keeps less, or its host of one network, or it itself of one host. */
    boolean isLighterThan(QuotaAccount other) {
        List<QuotaAccount> path = path();
        List<QuotaAccount> otherPath = other.path();
        int level = 0;
        while (level < Math.min(path.size(), otherPath.size()) - 1 && path.get(level) == otherPath.get(level)) {
            level++;
        }
        return path.get(level).share < otherPath.get(level).share;
    }

    /** Returns the account of all, and the parts from there to this one. */
    private List<QuotaAccount> path() {
        List<QuotaAccount> path = parent == null ? new ArrayList<>() : parent.path();
        path.add(this);
        return path;
    }

    /** Takes the account out of the order of the parts of its parent, or puts it back if it keeps something. What it keeps counts all the same. */
    void setHidden(boolean isHidden) {
        if (parent != null && parent.parts != null) {
            if (isHidden) {
                parent.parts.remove(this);
            } else {
                parent.partChanged(this);
            }
        }
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
        share = capacity.share(entries, bytes);
        if (parent != null) {
            parent.partChanged(this);
        }
    }

    private void partChanged(QuotaAccount part) {
        if (parts == null) {
            parts = new IndexedHeap<>(BY_SHARE);
        }
        if (part.isUnused()) {
            parts.remove(part);
        } else {
            parts.addOrMove(part);
        }
    }

    boolean isUnused() {
        return entries == 0 && bytes == 0;
    }
}
