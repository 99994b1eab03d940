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

/** A routing table as it was at one moment; immutable, for readers on any thread. */
public final class RoutingSnapshot {

    private static final PeerInfo[][] NO_BUCKETS = {};

    private final PeerId self;
    /** By common prefix length with {@link #self}, the farthest bucket first. None of the arrays is ever written to. */
    private final PeerInfo[][] buckets;

    private final int size;
    /** Made when it is first asked for; two threads may both make it, which are equal. */
    private volatile @Nullable RoutingTableView view;

    /** Takes over {@code buckets}, which nobody may write to any more. */
    RoutingSnapshot(PeerId self, PeerInfo[][] buckets, int size) {
        this.self = requireNonNull(self, "self");
        this.buckets = buckets;
        this.size = size;
    }

    /** Returns the table of {@code self} that knows nobody. */
    public static RoutingSnapshot empty(PeerId self) {
        return new RoutingSnapshot(self, NO_BUCKETS, 0);
    }

    /** Returns how many peers are in the table. */
    public int size() {
        return size;
    }

    /** Returns up to {@code count} peers, those closest to {@code target}, nearest first. */
    public List<PeerInfo> closest(KadKey target, int count) {
        return closest(target, count, peer -> false);
    }

    /** Returns up to {@code count} peers that are not {@code excluded}, those closest to {@code target}, nearest first. */
    public List<PeerInfo> closest(KadKey target, int count, Predicate<PeerId> excluded) {
        /*
         * Each bucket lies as a whole before or behind each other one, seen from the target. A bucket whose bit is set in the
         * distance of the target from here holds peers that are nearer to the target than this peer is, and the higher the bit
         * the nearer; a bucket whose bit is clear holds farther ones, and the lower the bit the nearer. So only the peers of
         * one bucket at a time have to be compared, and no bucket is visited twice.
         */
        PeerInfo[] found = new PeerInfo[Math.max(0, Math.min(count, size))];
        int end = 0;
        for (int prefix = 0; prefix < buckets.length && end < found.length; prefix++) {
            if (isOnTheWayTo(target, prefix)) {
                end = take(buckets[prefix], target, excluded, found, end);
            }
        }
        for (int prefix = buckets.length - 1; prefix >= 0 && end < found.length; prefix--) {
            if (!isOnTheWayTo(target, prefix)) {
                end = take(buckets[prefix], target, excluded, found, end);
            }
        }
        return Collections.unmodifiableList(Arrays.asList(end == found.length ? found : Arrays.copyOf(found, end)));
    }

    /** Returns whether the peers that share {@code prefix} bits with this one are nearer to {@code target} than it is. */
    private boolean isOnTheWayTo(KadKey target, int prefix) {
        int word = prefix >>> 6;
        return ((self.kadKey().word(word) ^ target.word(word)) << prefix) < 0;
    }

    /** Sorts peers of {@code bucket} into {@code found} from {@code start} on, as many as fit. Returns where they end. */
    private static int take(PeerInfo[] bucket, KadKey target, Predicate<PeerId> excluded, PeerInfo[] found, int start) {
        int end = start;
        for (PeerInfo peer : bucket) {
            if (excluded.test(peer.id())) {
                continue;
            }
            KadKey place = peer.id().kadKey();
            if (end == found.length) {
                if (target.compareDistance(place, found[end - 1].id().kadKey()) >= 0) {
                    continue;
                }
                end--;
            }
            int position = end;
            while (position > start
                    && target.compareDistance(place, found[position - 1].id().kadKey()) < 0) {
                found[position] = found[position - 1];
                position--;
            }
            found[position] = peer;
            end++;
        }
        return end;
    }

    /** Returns the peer with its addresses, if it is in the table. */
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

    /** Returns whether the peer is in the table. */
    public boolean contains(PeerId peer) {
        return find(peer).isPresent();
    }

    /**
     * Returns how many peers lie between this one and {@code target}: nearer to the target than this peer is, and no farther
     * from this peer than the target is. The more there are, the less is a record at {@code target} this peer's business
     * (Kademlia paper, section 4.1).
     */
    public int peersCloserThan(KadKey target) {
        KadKey here = self.kadKey();
        int targetPrefix = here.commonPrefixLength(target);
        int between = 0;
        for (int prefix = targetPrefix; prefix < buckets.length; prefix++) {
            if (!isOnTheWayTo(target, prefix)) {
                continue;
            }
            for (PeerInfo peer : buckets[prefix]) {
                if (prefix > targetPrefix || here.compareDistance(peer.id().kadKey(), target) <= 0) {
                    between++;
                }
            }
        }
        return between;
    }

    /**
     * Returns the table for people; in each bucket, the peer that is to give way first comes first. The same object each time, unless
     * two threads ask for it first at once.
     */
    public RoutingTableView view() {
        RoutingTableView known = view;
        if (known == null) {
            known = makeView();
            view = known;
        }
        return known;
    }

    private RoutingTableView makeView() {
        List<RoutingTableView.Entry> entries = new ArrayList<>(size);
        for (int prefix = buckets.length - 1; prefix >= 0; prefix--) {
            for (PeerInfo peer : buckets[prefix]) {
                entries.add(new RoutingTableView.Entry(
                        peer.id(), KadKey.BITS - 1 - prefix, KBucket.isConnected(peer), peer.addresses()));
            }
        }
        return new RoutingTableView(entries);
    }
}
