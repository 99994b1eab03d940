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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The peers that a peer knows, in 256 buckets by distance: bucket i holds those at a distance from 2^i to 2^(i+1) - 1.
 *
 * <p>Full buckets prefer who is there: a newcomer replaces only a peer that is disconnected and stays so while the newcomer
 * waits. Confined to one thread at a time; {@link #snapshot} is what others read. Times are monotonic nanoseconds; the table
 * does nothing by itself, so call {@link #applyPending} by {@link #nextDeadlineNanos}. Kademlia paper, sections 2.2 and 2.4.
 */
public final class RoutingTable {

    /** How many buckets there are. */
    public static final int BUCKETS = KadKey.BITS;
    /** The most buckets that one refresh looks into. go: 16. */
    public static final int MAX_REFRESHED_BUCKETS = 16;

    private static final KBucket[] NO_BUCKETS = {};

    private final PeerId self;
    private final int bucketSize;
    private final long pendingTimeoutNanos;
    private final int maxAddresses;

    /** By common prefix length, so that the far buckets, which fill first, come first; as long as the nearest one needs. */
    private KBucket[] buckets = NO_BUCKETS;

    private int size;
    private long nextDeadlineNanos = Long.MAX_VALUE;
    private @Nullable RoutingSnapshot snapshot;

    /**
     * Makes the table of {@code self}, that knows nobody.
     *
     * @param bucketSize how many peers a bucket holds, at least 1
     * @param pendingTimeoutNanos how long a newcomer to a full bucket waits, at least 1
     * @param maxAddresses how many addresses are kept of a peer, at least 1
     * @throws IllegalArgumentException if a number is too small
     */
    public RoutingTable(PeerId self, int bucketSize, long pendingTimeoutNanos, int maxAddresses) {
        this.self = requireNonNull(self, "self");
        if (bucketSize < 1 || pendingTimeoutNanos < 1 || maxAddresses < 1) {
            throw new IllegalArgumentException("a routing table needs a bucket size, a pending timeout and a number of"
                    + " addresses of at least 1, not " + bucketSize + ", " + pendingTimeoutNanos + " ns and "
                    + maxAddresses);
        }
        this.bucketSize = bucketSize;
        this.pendingTimeoutNanos = pendingTimeoutNanos;
        this.maxAddresses = maxAddresses;
    }

    /** What {@link #insert} did. */
    public enum Outcome {
        /** The peer is new and has a place. */
        INSERTED,
        /** The peer had a place; its status changed or it has a new address. */
        UPDATED,
        /** The peer has a place, and nothing about it was new. */
        UNCHANGED,
        /** The peer waits for a place. */
        PENDING,
        /** There is no place for the peer. */
        FULL,
        /** The peer is this one, which has no place in its own table. */
        SELF
    }

    /**
     * What became of a peer that was to be inserted.
     *
     * @param bucket the index of its bucket; -1 for the own id
     * @param toProbe the peer that gives way unless it is connected soon, if the peer has just begun to wait: dial it
     */
    public record Insertion(Outcome outcome, int bucket, Optional<PeerId> toProbe) {
        public Insertion {
            requireNonNull(outcome, "outcome");
            requireNonNull(toProbe, "toProbe");
        }
    }

    /**
     * A peer that waited and now has a place.
     *
     * @param evicted the peer that gave way, unless there was room
     * @param addresses those of the added peer
     */
    public record Replacement(PeerId added, Optional<PeerId> evicted, int bucket, List<Multiaddr> addresses) {
        public Replacement {
            requireNonNull(added, "added");
            requireNonNull(evicted, "evicted");
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Gives {@code peer} a place if there is one, or tells the table what is new about it.
     *
     * <p>{@code addresses} go before those already known; the last ones beyond the allowed number are forgotten. Give only
     * addresses that the user, the peer itself or a connection told, not what others say.
     *
     * @param connected whether the peer is connected; a peer that is not never waits for a place
     * @throws IllegalArgumentException if the peer is new and {@code addresses} is empty: nobody could reach it
     */
    public Insertion insert(long nowNanos, PeerId peer, List<Multiaddr> addresses, boolean connected) {
        int prefix = self.kadKey().commonPrefixLength(peer.kadKey());
        if (prefix == BUCKETS) {
            return new Insertion(Outcome.SELF, -1, Optional.empty());
        }
        int index = BUCKETS - 1 - prefix;
        KBucket bucket = prefix < buckets.length ? buckets[prefix] : new KBucket(bucketSize);
        int position = bucket.indexOf(peer);
        if (position >= 0) {
            return new Insertion(update(bucket, position, addresses, connected), index, Optional.empty());
        }
        PeerInfo pending = bucket.pending();
        if (pending != null && pending.id().equals(peer)) {
            bucket.replacePending(merged(pending, addresses, connected));
            return new Insertion(Outcome.PENDING, index, Optional.empty());
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("peer " + peer + " has no address");
        }
        PeerInfo newcomer = merged(PeerInfo.of(peer, List.of()), addresses, connected);
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
        nextDeadlineNanos = Math.min(nextDeadlineNanos, bucket.deadlineNanos());
        return new Insertion(Outcome.PENDING, index, Optional.of(bucket.peers()[0].id()));
    }

    private Outcome update(KBucket bucket, int position, List<Multiaddr> addresses, boolean connected) {
        PeerInfo known = bucket.peers()[position];
        PeerInfo changed = merged(known, addresses, connected);
        if (changed.equals(known)) {
            return Outcome.UNCHANGED;
        }
        replace(bucket, position, changed);
        boolean news =
                known.connection() != changed.connection() || !known.addresses().containsAll(changed.addresses());
        return news ? Outcome.UPDATED : Outcome.UNCHANGED;
    }

    private PeerInfo merged(PeerInfo known, List<Multiaddr> addresses, boolean connected) {
        return new PeerInfo(
                known.id(), Addresses.merge(addresses, known.addresses(), maxAddresses), connection(connected));
    }

    private static ConnectionType connection(boolean connected) {
        return connected ? ConnectionType.CONNECTED : ConnectionType.NOT_CONNECTED;
    }

    private void replace(KBucket bucket, int position, PeerInfo changed) {
        bucket.replace(position, changed);
        snapshot = null;
        findDeadline();
    }

    /** Makes room for the bucket of this common prefix length. */
    private void ensureBucket(int prefix) {
        int covered = buckets.length;
        if (prefix >= covered) {
            buckets = Arrays.copyOf(buckets, prefix + 1);
            for (int i = covered; i <= prefix; i++) {
                buckets[i] = new KBucket(bucketSize);
            }
        }
    }

    /** Returns the bucket that {@code peer} belongs to, if there is anything in it. */
    private @Nullable KBucket bucketOf(PeerId peer) {
        int prefix = self.kadKey().commonPrefixLength(peer.kadKey());
        return prefix < buckets.length ? buckets[prefix] : null;
    }

    /**
     * Gives waiting peers that are ready a place: a free one, or that of the peer that has been disconnected for longest. If
     * neither is there, the waiting peer is forgotten.
     *
     * @return who entered
     */
    public List<Replacement> applyPending(long nowNanos) {
        if (nowNanos < nextDeadlineNanos) {
            return List.of();
        }
        List<Replacement> entered = new ArrayList<>();
        for (int prefix = 0; prefix < buckets.length; prefix++) {
            int index = BUCKETS - 1 - prefix;
            buckets[prefix]
                    .applyPending(nowNanos)
                    .ifPresent(applied -> entered.add(new Replacement(
                            applied.added().id(),
                            applied.evicted(),
                            index,
                            applied.added().addresses())));
        }
        for (Replacement each : entered) {
            size += each.evicted().isPresent() ? 0 : 1;
            snapshot = null;
        }
        findDeadline();
        return List.copyOf(entered);
    }

    /** Returns when {@link #applyPending} is to be called; {@link Long#MAX_VALUE} for never. Constant time. */
    public long nextDeadlineNanos() {
        return nextDeadlineNanos;
    }

    private void findDeadline() {
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
     * Notes that the first connection to {@code peer} opened, or its last one closed.
     *
     * @return whether the table, or a peer that waits for a place, is now another
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
        }
        return true;
    }

    private static @Nullable PeerInfo pending(KBucket bucket, PeerId peer) {
        return bucket.isPending(peer) ? bucket.pending() : null;
    }

    /** Forgets {@code peer}, also if it waits for a place. Returns whether there was anything to forget. */
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
            findDeadline();
            return true;
        }
        return false;
    }

    /** Forgets {@code address}, and the peer with its last one. Returns whether the peer had that address. */
    public boolean removeAddress(PeerId peer, Multiaddr address) {
        return forget(peer, address, true);
    }

    /**
     * Forgets {@code address}, at which the peer could not be reached, unless it is the last one.
     *
     * @return whether the address was forgotten
     */
    public boolean dialFailed(PeerId peer, Multiaddr address) {
        return forget(peer, address, false);
    }

    private boolean forget(PeerId peer, Multiaddr address, boolean evenTheLast) {
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
            return evenTheLast && remove(peer);
        }
        PeerInfo changed = new PeerInfo(peer, Addresses.without(known.addresses(), address), known.connection());
        if (position >= 0) {
            replace(bucket, position, changed);
        } else {
            bucket.replacePending(changed);
        }
        return true;
    }

    /** Returns what is known of {@code peer}, if it has a place. */
    public Optional<PeerInfo> find(PeerId peer) {
        return snapshot().find(peer);
    }

    /** Returns whether {@code peer} has a place; not so if it only waits for one. */
    public boolean contains(PeerId peer) {
        return snapshot().contains(peer);
    }

    /** Returns how many peers have a place. */
    public int size() {
        return size;
    }

    /** Returns up to {@code count} peers, those closest to {@code target}, nearest first. */
    public List<PeerInfo> closest(KadKey target, int count) {
        return snapshot().closest(target, count);
    }

    /** Returns how many peers lie between this one and {@code target}; see {@link RoutingSnapshot#peersCloserThan}. */
    public int peersCloserThan(KadKey target) {
        return snapshot().peersCloserThan(target);
    }

    /** Returns the buckets that hold a peer, nearest first. */
    public List<Integer> nonEmptyBuckets() {
        return IntStream.range(BUCKETS - buckets.length, BUCKETS)
                .filter(bucket -> bucketSize(bucket) > 0)
                .boxed()
                .toList();
    }

    /**
     * Returns how many peers the bucket holds.
     *
     * @param bucket its index, 0 to 255
     */
    public int bucketSize(int bucket) {
        int prefix = BUCKETS - 1 - bucket;
        return prefix < buckets.length ? buckets[prefix].size() : 0;
    }

    /**
     * Returns the buckets to look into after a lookup of the own id, nearest first: those farther than the nearest one that
     * holds a peer, empty ones too, since they are where peers may be missing; of more than {@value #MAX_REFRESHED_BUCKETS}, the
     * farthest, where most of the network is.
     */
    public List<Integer> refreshableBuckets() {
        List<Integer> occupied = nonEmptyBuckets();
        int first = occupied.isEmpty() ? BUCKETS : occupied.get(0) + 1;
        return IntStream.range(Math.max(first, BUCKETS - MAX_REFRESHED_BUCKETS), BUCKETS)
                .boxed()
                .toList();
    }

    /**
     * Returns the table as it is now. The same object as before if nothing has changed; otherwise it shares all but the buckets
     * that have.
     */
    public RoutingSnapshot snapshot() {
        RoutingSnapshot current = snapshot;
        if (current == null) {
            PeerInfo[][] shared = new PeerInfo[buckets.length][];
            for (int i = 0; i < shared.length; i++) {
                shared[i] = buckets[i].peers();
            }
            current = new RoutingSnapshot(self, shared, size);
            snapshot = current;
        }
        return current;
    }
}
