package io.kad.core.routing;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Routing table of a peer: 256 buckets by XOR distance. Bucket i contains peers at a distance from 2^i to 2^(i+1) - 1.
 *
 * <p>A full bucket prefers its present peers: a new peer is pending first, and replaces only a disconnected peer that does not reconnect
 * within the pending timeout. Confined to one thread at a time; other threads read a {@link #snapshot}. Times are monotonic nanoseconds.
 * The caller must call {@link #applyPending} at {@link #nextDeadlineNanos}. Kademlia paper, sections 2.2 and 2.4.
 */
public final class RoutingTable {

    /** Number of buckets. */
    public static final int BUCKETS = KadKey.BITS;
    /** Limit of the buckets that one bootstrap refreshes. Default: 16 (go-libp2p-kad-dht). */
    public static final int MAX_REFRESHED_BUCKETS = 16;

    private static final KBucket[] NO_BUCKETS = {};

    private final PeerId self;
    private final int bucketSize;
    private final long pendingTimeoutNanos;
    private final int maxAddresses;

    /** Buckets by common prefix length: the far ones, which fill first, come first. The length covers the closest bucket with a peer. */
    private KBucket[] buckets = NO_BUCKETS;

    private int size;
    private long nextDeadlineNanos = Long.MAX_VALUE;
    private @Nullable RoutingSnapshot snapshot;

    /**
     * Creates an empty table of the peer {@code self}.
     *
     * @param bucketSize capacity of a bucket, at least 1
     * @param pendingTimeoutNanos time that a new peer is pending for a full bucket, in nanoseconds, at least 1
     * @param maxAddresses limit of the addresses per peer, at least 1
     * @throws IllegalArgumentException if a number is too small
     */
    public RoutingTable(PeerId self, int bucketSize, long pendingTimeoutNanos, int maxAddresses) {
        this.self = requireNonNull(self, "self");
        if (bucketSize < 1 || pendingTimeoutNanos < 1 || maxAddresses < 1) {
            throw new IllegalArgumentException("bucket size, pending timeout and address limit must be at least 1, got "
                    + bucketSize + ", " + pendingTimeoutNanos + " ns and " + maxAddresses);
        }
        this.bucketSize = bucketSize;
        this.pendingTimeoutNanos = pendingTimeoutNanos;
        this.maxAddresses = maxAddresses;
    }

    /** Outcome of {@link #insert}. */
    public enum Outcome {
        /** The peer is new and was inserted. */
        INSERTED,
        /** The peer was in the table; its connection status changed or it has a new address. */
        UPDATED,
        /** The peer was in the table, and nothing changed. */
        UNCHANGED,
        /** The peer is pending for a full bucket. */
        PENDING,
        /** The bucket of the peer is full, and the peer can't become pending. */
        FULL,
        /** The peer is the local peer, which is not inserted. */
        SELF
    }

    /**
     * Result of {@link #insert}.
     *
     * @param bucket index of the bucket of the peer, 0 to 255; -1 for the local peer
     * @param toProbe the peer to dial if the new peer has just become pending; it is evicted unless it connects within the pending timeout
     */
    public record Insertion(Outcome outcome, int bucket, Optional<PeerId> toProbe) {
        public Insertion {
            requireNonNull(outcome, "outcome");
            requireNonNull(toProbe, "toProbe");
        }
    }

    /**
     * Insertion of a pending peer.
     *
     * @param evicted the peer that was evicted; empty if the bucket had room
     * @param bucket index of the bucket, 0 to 255
     * @param addresses addresses of the inserted peer
     */
    public record Replacement(PeerId added, Optional<PeerId> evicted, int bucket, List<Multiaddr> addresses) {
        public Replacement {
            requireNonNull(added, "added");
            requireNonNull(evicted, "evicted");
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Inserts {@code peer}, or updates its addresses and connection status.
     *
     * <p>{@code addresses} come before the present ones; the last ones beyond the limit are dropped. Pass only addresses from the user, the
     * peer itself or a connection, not those that other peers returned.
     *
     * @param connected whether the peer is connected; only a connected peer can become pending
     * @throws IllegalArgumentException if the peer is new and {@code addresses} is empty
     */
    public Insertion insert(long nowNanos, PeerId peer, List<Multiaddr> addresses, boolean connected) {
        return insert(nowNanos, new PeerInfo(peer, addresses, connection(connected)), true);
    }

    /** Does the same as {@link #insert}, but {@code addresses} replace the present ones. */
    public Insertion insertReplacing(long nowNanos, PeerId peer, List<Multiaddr> addresses, boolean connected) {
        return insert(nowNanos, new PeerInfo(peer, addresses, connection(connected)), false);
    }

    /**
     * Inserts {@code peer}, or updates its addresses, as a disconnected peer. The table keeps the object itself if the peer is new and its
     * addresses are distinct and within the limit, so that the tables of many peers share it.
     */
    public Insertion insertDisconnected(long nowNanos, PeerInfo peer) {
        return insert(
                nowNanos,
                peer.connection() == ConnectionType.NOT_CONNECTED ? peer : PeerInfo.of(peer.id(), peer.addresses()),
                true);
    }

    private Insertion insert(long nowNanos, PeerInfo peer, boolean keepsPresent) {
        int prefix = self.kadKey().commonPrefixLength(peer.id().kadKey());
        if (prefix == BUCKETS) {
            return new Insertion(Outcome.SELF, -1, Optional.empty());
        }
        int index = BUCKETS - 1 - prefix;
        KBucket bucket = prefix < buckets.length ? buckets[prefix] : new KBucket(bucketSize);
        int position = bucket.indexOf(peer.id());
        if (position >= 0) {
            return new Insertion(update(bucket, position, peer, keepsPresent), index, Optional.empty());
        }
        PeerInfo pending = pending(bucket, peer.id());
        if (pending != null && bucket.isFull()) {
            bucket.replacePending(merged(pending, peer, keepsPresent));
            snapshot = null;
            return new Insertion(Outcome.PENDING, index, Optional.empty());
        }
        if (pending == null && peer.addresses().isEmpty()) {
            throw new IllegalArgumentException("peer " + peer.id() + " must have an address");
        }
        PeerInfo newcomer = pending == null ? bounded(peer) : merged(pending, peer, keepsPresent);
        if (pending != null) {
            bucket.dropPending();
            updateDeadline();
        }
        if (!bucket.isFull()) {
            ensureBucket(prefix);
            buckets[prefix].add(newcomer);
            size++;
            snapshot = null;
            return new Insertion(Outcome.INSERTED, index, Optional.empty());
        }
        if (!bucket.canBecomePending(newcomer)) {
            return new Insertion(Outcome.FULL, index, Optional.empty());
        }
        bucket.setPending(newcomer, nowNanos + pendingTimeoutNanos);
        snapshot = null;
        nextDeadlineNanos = Math.min(nextDeadlineNanos, bucket.deadlineNanos());
        return new Insertion(Outcome.PENDING, index, Optional.of(bucket.peers()[0].id()));
    }

    /** Returns a peer that {@code newcomer} can replace, if that is new and its bucket is full: the first one that is {@code replaceable}. */
    public Optional<PeerId> replaceable(PeerId newcomer, Predicate<PeerId> replaceable) {
        KBucket bucket = bucketOf(newcomer);
        if (bucket == null || !bucket.isFull() || bucket.indexOf(newcomer) >= 0) {
            return Optional.empty();
        }
        return Arrays.stream(bucket.peers())
                .map(PeerInfo::id)
                .filter(replaceable)
                .findFirst();
    }

    private Outcome update(KBucket bucket, int position, PeerInfo newer, boolean keepsPresent) {
        PeerInfo known = bucket.peers()[position];
        PeerInfo changed = merged(known, newer, keepsPresent);
        if (changed.equals(known)) {
            return Outcome.UNCHANGED;
        }
        replace(bucket, position, changed);
        boolean hasChanged =
                known.connection() != changed.connection() || !known.addresses().containsAll(changed.addresses());
        return hasChanged ? Outcome.UPDATED : Outcome.UNCHANGED;
    }

    private PeerInfo merged(PeerInfo known, PeerInfo newer, boolean keepsPresent) {
        List<Multiaddr> present = keepsPresent || newer.addresses().isEmpty() ? known.addresses() : List.of();
        return new PeerInfo(known.id(), Addresses.merge(newer.addresses(), present, maxAddresses), newer.connection());
    }

    /** Returns {@code peer} with distinct addresses within the limit; the same object if it has no others. */
    private PeerInfo bounded(PeerInfo peer) {
        List<Multiaddr> addresses = Addresses.merge(peer.addresses(), List.of(), maxAddresses);
        return addresses.equals(peer.addresses()) ? peer : new PeerInfo(peer.id(), addresses, peer.connection());
    }

    private static ConnectionType connection(boolean connected) {
        return connected ? ConnectionType.CONNECTED : ConnectionType.NOT_CONNECTED;
    }

    private void replace(KBucket bucket, int position, PeerInfo changed) {
        bucket.replace(position, changed);
        snapshot = null;
        updateDeadline();
    }

    /** Extends {@link #buckets} to this common prefix length. */
    private void ensureBucket(int prefix) {
        int oldLength = buckets.length;
        if (prefix >= oldLength) {
            buckets = Arrays.copyOf(buckets, prefix + 1);
            for (int i = oldLength; i <= prefix; i++) {
                buckets[i] = new KBucket(bucketSize);
            }
        }
    }

    /** Returns the bucket of {@code peer}; null if the bucket was never used. */
    private @Nullable KBucket bucketOf(PeerId peer) {
        int prefix = self.kadKey().commonPrefixLength(peer.kadKey());
        return prefix < buckets.length ? buckets[prefix] : null;
    }

    /**
     * Inserts the pending peers whose timeout has passed. If the bucket is still full, its oldest disconnected peer is evicted; if it has
     * none, the pending peer is dropped.
     *
     * @return the inserted peers
     */
    public List<Replacement> applyPending(long nowNanos) {
        return applyPending(nowNanos, true);
    }

    /**
     * Does the same as {@link #applyPending(long)}, or inserts only where there is room and drops the other peers whose timeout has passed.
     *
     * @param evicts whether an entry may be evicted
     */
    public List<Replacement> applyPending(long nowNanos, boolean evicts) {
        if (nowNanos < nextDeadlineNanos) {
            return List.of();
        }
        List<Replacement> inserted = new ArrayList<>();
        for (int prefix = 0; prefix < buckets.length; prefix++) {
            int index = BUCKETS - 1 - prefix;
            buckets[prefix]
                    .applyPending(nowNanos, evicts)
                    .ifPresent(applied -> inserted.add(new Replacement(
                            applied.inserted().id(),
                            applied.evicted(),
                            index,
                            applied.inserted().addresses())));
        }
        for (Replacement replacement : inserted) {
            size += replacement.evicted().isPresent() ? 0 : 1;
        }
        snapshot = null;
        updateDeadline();
        return List.copyOf(inserted);
    }

    /** Returns the time at which {@link #applyPending} must be called; {@link Long#MAX_VALUE} for never. Constant time. */
    public long nextDeadlineNanos() {
        return nextDeadlineNanos;
    }

    private void updateDeadline() {
        if (nextDeadlineNanos == Long.MAX_VALUE) {
            return;
        }
        long earliest = Long.MAX_VALUE;
        for (KBucket bucket : buckets) {
            earliest = Math.min(earliest, bucket.deadlineNanos());
        }
        nextDeadlineNanos = earliest;
    }

    /**
     * Called when the first connection to {@code peer} opened, or its last one closed.
     *
     * @return whether an entry or a pending peer changed
     */
    public boolean setConnected(PeerId peer, boolean connected) {
        KBucket bucket = bucketOf(peer);
        if (bucket == null) {
            return false;
        }
        int position = bucket.indexOf(peer);
        PeerInfo known = position >= 0 ? bucket.peers()[position] : pending(bucket, peer);
        if (known == null || KBucket.isConnected(known) == connected) {
            return false;
        }
        PeerInfo changed = new PeerInfo(peer, known.addresses(), connection(connected));
        if (position >= 0) {
            replace(bucket, position, changed);
        } else {
            bucket.replacePending(changed);
            snapshot = null;
        }
        return true;
    }

    private static @Nullable PeerInfo pending(KBucket bucket, PeerId peer) {
        return bucket.isPending(peer) ? bucket.pending() : null;
    }

    /** Removes {@code peer}, also if it is pending. Returns whether it was present. */
    public boolean remove(PeerId peer) {
        KBucket bucket = bucketOf(peer);
        if (bucket == null) {
            return false;
        }
        int position = bucket.indexOf(peer);
        if (position >= 0) {
            bucket.removeAt(position);
            size--;
            snapshot = null;
            return true;
        }
        if (bucket.isPending(peer)) {
            bucket.dropPending();
            snapshot = null;
            updateDeadline();
            return true;
        }
        return false;
    }

    /** Removes {@code address} of {@code peer}, and the peer if that was its last one. Returns whether the peer had the address. */
    public boolean removeAddress(PeerId peer, Multiaddr address) {
        return removeAddress(peer, address, true);
    }

    /**
     * Removes {@code address}, at which the peer could not be dialled, unless it is the last one.
     *
     * @return whether the address was removed
     */
    public boolean dialFailed(PeerId peer, Multiaddr address) {
        return removeAddress(peer, address, false);
    }

    private boolean removeAddress(PeerId peer, Multiaddr address, boolean evenLast) {
        KBucket bucket = bucketOf(peer);
        if (bucket == null) {
            return false;
        }
        int position = bucket.indexOf(peer);
        PeerInfo known = position >= 0 ? bucket.peers()[position] : pending(bucket, peer);
        if (known == null || !known.addresses().contains(address)) {
            return false;
        }
        if (known.addresses().size() == 1) {
            return evenLast && remove(peer);
        }
        PeerInfo changed = new PeerInfo(peer, Addresses.without(known.addresses(), address), known.connection());
        if (position >= 0) {
            replace(bucket, position, changed);
        } else {
            bucket.replacePending(changed);
            snapshot = null;
        }
        return true;
    }

    /** Returns the entry of {@code peer}; empty if it is absent or pending. */
    public Optional<PeerInfo> find(PeerId peer) {
        return snapshot().find(peer);
    }

    /** Returns whether {@code peer} is in the table; false if it is only pending. */
    public boolean contains(PeerId peer) {
        return snapshot().contains(peer);
    }

    /** Returns whether {@code peer} is in the table or pending. */
    public boolean holds(PeerId peer) {
        KBucket bucket = bucketOf(peer);
        return bucket != null && (bucket.isPending(peer) || bucket.indexOf(peer) >= 0);
    }

    /** Returns the number of peers, without pending ones. */
    public int size() {
        return size;
    }

    /** Returns up to {@code count} peers with the smallest distances to {@code target}, closest first. */
    public List<PeerInfo> closest(KadKey target, int count) {
        return snapshot().closest(target, count);
    }

    /** Returns the number of peers between the local peer and {@code target}; see {@link RoutingSnapshot#peersCloserThan}. */
    public int peersCloserThan(KadKey target) {
        return snapshot().peersCloserThan(target);
    }

    /** Returns the indexes of the buckets that contain a peer, closest first. */
    public List<Integer> nonEmptyBuckets() {
        return IntStream.range(BUCKETS - buckets.length, BUCKETS)
                .filter(bucket -> bucketSize(bucket) > 0)
                .boxed()
                .toList();
    }

    /**
     * Returns the number of peers in a bucket.
     *
     * @param bucket index of the bucket, 0 to 255
     */
    public int bucketSize(int bucket) {
        int prefix = BUCKETS - 1 - bucket;
        return prefix < buckets.length ? buckets[prefix].size() : 0;
    }

    /**
     * Returns the indexes of the buckets to refresh after a lookup of the local key, closest first: all buckets farther than the closest
     * one with a peer, also empty ones, because peers may be missing there. Of more than {@value #MAX_REFRESHED_BUCKETS} buckets it returns
     * the farthest, which cover most of the network.
     */
    public List<Integer> refreshableBuckets() {
        List<Integer> occupied = nonEmptyBuckets();
        int first = occupied.isEmpty() ? BUCKETS : occupied.get(0) + 1;
        return IntStream.range(Math.max(first, BUCKETS - MAX_REFRESHED_BUCKETS), BUCKETS)
                .boxed()
                .toList();
    }

    /** Returns the pending peers, closest bucket first. */
    private List<PeerInfo> pending() {
        if (nextDeadlineNanos == Long.MAX_VALUE) {
            return List.of();
        }
        List<PeerInfo> peers = new ArrayList<>();
        for (int prefix = buckets.length - 1; prefix >= 0; prefix--) {
            PeerInfo peer = buckets[prefix].pending();
            if (peer != null) {
                peers.add(peer);
            }
        }
        return peers;
    }

    /**
     * Returns a snapshot of the present table. It is the same object as before if nothing has changed; otherwise the two share all
     * unchanged buckets.
     */
    public RoutingSnapshot snapshot() {
        RoutingSnapshot current = snapshot;
        if (current == null) {
            PeerInfo[][] shared = new PeerInfo[buckets.length][];
            for (int i = 0; i < shared.length; i++) {
                shared[i] = buckets[i].peers();
            }
            current = new RoutingSnapshot(self, shared, size, pending());
            snapshot = current;
        }
        return current;
    }
}
