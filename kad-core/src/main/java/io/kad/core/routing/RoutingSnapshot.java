package io.kad.core.routing;

import static java.util.Objects.requireNonNull;

import io.kad.api.RoutingTableView;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Immutable copy of a routing table. Thread-safe. */
public final class RoutingSnapshot {

    private static final PeerInfo[][] NO_BUCKETS = {};

    private final PeerId self;
    /** Buckets by common prefix length with {@link #self}, the farthest bucket first. The arrays are never modified. */
    private final PeerInfo[][] buckets;

    private final int size;
    /** Pending peers, closest bucket first. */
    private final List<PeerInfo> pending;
    /** Created by the first call of {@link #view}; two threads may create it twice, with equal contents. */
    private volatile @Nullable RoutingTableView view;

    /** Creates a snapshot that uses {@code buckets} without a copy; the caller must not modify them any more. */
    RoutingSnapshot(PeerId self, PeerInfo[][] buckets, int size, List<PeerInfo> pending) {
        this.pending = pending;
        this.self = requireNonNull(self, "self");
        this.buckets = buckets;
        this.size = size;
    }

    /** Returns the empty snapshot of the peer {@code self}. */
    public static RoutingSnapshot empty(PeerId self) {
        return new RoutingSnapshot(self, NO_BUCKETS, 0, List.of());
    }

    /** Returns the number of peers in the table. */
    public int size() {
        return size;
    }

    /** Returns up to {@code count} peers with the smallest distances to {@code target}, closest first. */
    public List<PeerInfo> closest(KadKey target, int count) {
        return closestExcept(target, count, peer -> false);
    }

    /**
     * Returns up to {@code count} peers with the smallest distances to {@code target}, closest first, without those that are
     * {@code excluded}.
     */
    public List<PeerInfo> closestExcept(KadKey target, int count, Predicate<PeerId> excluded) {
        /*
         * Of two buckets, all peers of one are closer to the target than all peers of the other. A bucket whose bit is set in
         * the distance from the local peer to the target contains peers closer to the target than the local peer; the higher the
         * bit, the closer. A bucket whose bit is clear contains farther peers; the lower the bit, the closer. So only peers of
         * one bucket are compared with each other, and no bucket is visited twice.
         */
        PeerInfo[] found = new PeerInfo[Math.max(0, Math.min(count, size))];
        int end = 0;
        for (int prefix = 0; prefix < buckets.length && end < found.length; prefix++) {
            if (isCloserTo(target, prefix)) {
                end = collectClosest(buckets[prefix], target, excluded, found, end);
            }
        }
        for (int prefix = buckets.length - 1; prefix >= 0 && end < found.length; prefix--) {
            if (!isCloserTo(target, prefix)) {
                end = collectClosest(buckets[prefix], target, excluded, found, end);
            }
        }
        return Collections.unmodifiableList(Arrays.asList(end == found.length ? found : Arrays.copyOf(found, end)));
    }

    /** Returns whether the peers that share {@code prefix} bits with the local peer are closer to {@code target} than the local peer. */
    private boolean isCloserTo(KadKey target, int prefix) {
        int word = prefix >>> 6;
        // a shift by prefix is one by prefix % 64, the position of the bit in its word
        return ((self.kadKey().word(word) ^ target.word(word)) << prefix) < 0;
    }

    /** Sorts the closest peers of {@code bucket} into {@code found} from {@code start} on, as many as fit. Returns the end index. */
    private static int collectClosest(
            PeerInfo[] bucket, KadKey target, Predicate<PeerId> excluded, PeerInfo[] found, int start) {
        int end = start;
        for (PeerInfo peer : bucket) {
            if (excluded.test(peer.id())) {
                continue;
            }
            KadKey key = peer.id().kadKey();
            if (end == found.length) {
                if (target.compareDistance(key, found[end - 1].id().kadKey()) >= 0) {
                    continue;
                }
                end--;
            }
            int index = end;
            while (index > start
                    && target.compareDistance(key, found[index - 1].id().kadKey()) < 0) {
                found[index] = found[index - 1];
                index--;
            }
            found[index] = peer;
            end++;
        }
        return end;
    }

    /** Returns the entry of {@code peer}; empty if the table does not contain it. */
    public Optional<PeerInfo> find(PeerId peer) {
        int prefix = self.kadKey().commonPrefixLength(peer.kadKey());
        if (prefix < buckets.length) {
            for (PeerInfo known : buckets[prefix]) {
                if (known.id().equals(peer)) {
                    return Optional.of(known);
                }
            }
        }
        return Optional.empty();
    }

    /** Returns whether the table contains {@code peer}. */
    public boolean contains(PeerId peer) {
        return find(peer).isPresent();
    }

    /**
     * Returns the number of peers between the local peer and {@code target}: closer to the target than the local peer, and no farther from
     * the local peer than the target. The more there are, the sooner a received record under {@code target} expires (Kademlia paper,
     * section 4.1).
     */
    public int peersCloserThan(KadKey target) {
        KadKey local = self.kadKey();
        int targetPrefix = local.commonPrefixLength(target);
        int between = 0;
        for (int prefix = targetPrefix; prefix < buckets.length; prefix++) {
            if (!isCloserTo(target, prefix)) {
                continue;
            }
            for (PeerInfo peer : buckets[prefix]) {
                if (prefix > targetPrefix || local.compareDistance(peer.id().kadKey(), target) <= 0) {
                    between++;
                }
            }
        }
        return between;
    }

    /**
     * Returns the entries for display; in each bucket, the peer to evict first comes first. Later calls return the same object, unless two
     * threads made the first call concurrently.
     */
    public RoutingTableView view() {
        RoutingTableView cached = view;
        if (cached == null) {
            cached = createView();
            view = cached;
        }
        return cached;
    }

    private RoutingTableView createView() {
        List<RoutingTableView.Entry> entries = new ArrayList<>(size);
        for (int prefix = buckets.length - 1; prefix >= 0; prefix--) {
            for (PeerInfo peer : buckets[prefix]) {
                entries.add(entry(peer, KadKey.BITS - 1 - prefix));
            }
        }
        return new RoutingTableView(
                entries,
                pending.stream()
                        .map(peer -> entry(
                                peer, self.kadKey().distance(peer.id().kadKey()).log2()))
                        .toList());
    }

    private static RoutingTableView.Entry entry(PeerInfo peer, int bucket) {
        return new RoutingTableView.Entry(peer.id(), bucket, KBucket.isConnected(peer), peer.addresses());
    }
}
