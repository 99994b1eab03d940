package io.kad.core.server;

import io.kad.api.KademliaConfig;
import io.kad.api.id.AddressRange;
import io.kad.api.id.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quota of the entries of one kind, records or provider records, that the peers of one address range make this peer keep. An identity costs
 * nothing, an address does. One identity gets a quarter of the quota of its host, so that it leaves room for others behind the same address.
 *
 * <p>An entry counts for the peer that brought it first and for its ranges, from before it is stored until it expires or the store evicts
 * or refuses it. What is counted are the entries that came or were renewed last, as many as two networks may store, by a part of the SHA-256
 * of their keys: memory is bounded, whatever the store holds. Hosts of more than two networks that each use all of their quota can have
 * their oldest entries forgotten; then the limits of the store hold alone. Thread-safe.
 */
public final class RangeQuota {

    /** Least number of entries that are counted; about 150 bytes each. Source: the default capacity of the stores in memory. */
    static final int MIN_WINDOW = 65_536;
    /** Part of the quota of a host that one peer gets: a quarter. Source: kad's choice. */
    static final int PEERS_PER_HOST = 4;

    /** Shortest time between two searches for expired entries, which walk over all of them. Source: kad's choice. */
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    private final int perHost;
    private final int perNetwork;
    private final long window;
    /** Counted entries, the one that was counted or renewed first at the beginning. */
    private final LinkedHashMap<Long, Entry> entries = new LinkedHashMap<>();

    private final Map<AddressRange, Integer> rangeCounts = new HashMap<>();
    private final Map<HostPeer, Integer> peerCounts = new HashMap<>();
    /** Time before which no entry expires. */
    private Instant firstExpiry = Instant.MAX;

    private Instant lastSweep = Instant.MIN;
    private long sweeps;

    /** Peer at one host. */
    private record HostPeer(PeerId peer, AddressRange host) {

        static HostPeer of(PeerId peer, List<AddressRange> ranges) {
            return new HostPeer(peer, ranges.get(0));
        }
    }

    /** Entry that is about to be stored for a request. Each request has its own, and several may have the same entry. */
    public static final class Claim {

        private final Instant expires;

        private Claim(Instant expires) {
            this.expires = expires;
        }
    }

    /**
     * Counted entry.
     *
     * @param stored when what is stored expires; empty if nothing is
     * @param claims what is about to be stored, the latest one at the end
     */
    private record Entry(HostPeer peer, List<AddressRange> ranges, Optional<Instant> stored, List<Claim> claims) {

        Instant expires() {
            return claims.isEmpty() ? stored.orElse(Instant.MIN) : claims.get(claims.size() - 1).expires;
        }

        Entry claimedBy(Claim claim) {
            List<Claim> all = new ArrayList<>(claims);
            all.add(claim);
            return new Entry(peer, ranges, stored, List.copyOf(all));
        }

        Entry ended(Claim claim, boolean isStored) {
            return new Entry(
                    peer,
                    ranges,
                    isStored ? Optional.of(claim.expires) : stored,
                    claims.stream().filter(other -> other != claim).toList());
        }
    }

    /**
     * Quota that was reached.
     *
     * @param owner the range, or the peer with its host
     * @param range the range
     * @param limit the number of entries
     * @param option the option that sets it
     */
    public record Exceeded(String owner, AddressRange range, int limit, String option) {}

    public RangeQuota(KademliaConfig config) {
        this.perHost = config.get(KademliaConfig.MAX_ENTRIES_PER_HOST);
        this.perNetwork = config.get(KademliaConfig.MAX_ENTRIES_PER_NETWORK);
        this.window = Math.max(MIN_WINDOW, 2L * Math.max(perHost, perNetwork));
    }

    /** Returns the quota that is reached, so that the entry must not be stored; empty if it may be, as an entry that is counted. */
    public synchronized Optional<Exceeded> exceeded(long entry, PeerId peer, List<AddressRange> ranges, Instant now) {
        if (ranges.isEmpty() || entries.containsKey(entry)) {
            return Optional.empty();
        }
        Optional<Exceeded> full = full(peer, ranges);
        return full.isPresent() && removeExpired(now) ? full(peer, ranges) : full;
    }

    private Optional<Exceeded> full(PeerId peer, List<AddressRange> ranges) {
        return ranges.stream()
                .filter(range -> rangeCounts.getOrDefault(range, 0) >= limit(range))
                .findFirst()
                .map(range -> new Exceeded("address range " + range, range, limit(range), option(range)))
                .or(() -> fullForPeer(HostPeer.of(peer, ranges)));
    }

    private Optional<Exceeded> fullForPeer(HostPeer peer) {
        int perPeer = (int) (((long) perHost + PEERS_PER_HOST - 1) / PEERS_PER_HOST);
        if (peerCounts.getOrDefault(peer, 0) < perPeer) {
            return Optional.empty();
        }
        return Optional.of(new Exceeded(
                "peer " + peer.peer() + " in " + peer.host(),
                peer.host(),
                perPeer,
                "a quarter of " + KademliaConfig.MAX_ENTRIES_PER_HOST.name()));
    }

    private int limit(AddressRange range) {
        return range.isHost() ? perHost : perNetwork;
    }

    private static String option(AddressRange range) {
        return (range.isHost() ? KademliaConfig.MAX_ENTRIES_PER_HOST : KademliaConfig.MAX_ENTRIES_PER_NETWORK).name();
    }

    /**
     * Counts an entry that is about to be stored or renewed.
     *
     * @return what the caller must {@link #end}; empty if the entry is not counted
     */
    public synchronized Optional<Claim> count(long entry, PeerId peer, List<AddressRange> ranges, Instant expires) {
        Entry counted = entries.remove(entry);
        if (counted == null && ranges.isEmpty()) {
            return Optional.empty();
        }
        if (counted == null) {
            counted = new Entry(HostPeer.of(peer, ranges), ranges, Optional.empty(), List.of());
            ranges.forEach(range -> rangeCounts.merge(range, 1, Integer::sum));
            peerCounts.merge(counted.peer(), 1, Integer::sum);
        }
        Claim claim = new Claim(expires);
        entries.put(entry, counted.claimedBy(claim));
        firstExpiry = earlier(firstExpiry, expires);
        if (entries.size() > window) {
            Iterator<Entry> oldest = entries.values().iterator();
            release(oldest.next());
            oldest.remove();
        }
        return Optional.of(claim);
    }

    /**
     * Ends what {@link #count} began. An entry that was not stored is released, unless it was stored before or another request is about to store it.
     * No effect if the store has evicted the entry meanwhile.
     */
    public synchronized void end(long entry, Claim claim, boolean isStored) {
        Entry counted = entries.get(entry);
        if (counted == null || !counted.claims().contains(claim)) {
            return;
        }
        Entry ended = counted.ended(claim, isStored);
        if (ended.claims().isEmpty() && ended.stored().isEmpty()) {
            removed(entry);
        } else {
            entries.replace(entry, ended);
            firstExpiry = earlier(firstExpiry, ended.expires());
        }
    }

    /** Releases an entry that is no longer stored; no effect if it is not counted. */
    public synchronized void removed(long entry) {
        Entry counted = entries.remove(entry);
        if (counted != null) {
            release(counted);
        }
    }

    /** Returns the number of entries that are counted. */
    public synchronized int counted() {
        return entries.size();
    }

    /** Returns the number of searches for expired entries. */
    public synchronized long sweeps() {
        return sweeps;
    }

    /** Removes the expired entries, if there are any and the last search was not just now; returns whether it searched. */
    private boolean removeExpired(Instant now) {
        // If the wall clock was set back, the last search is not recent
        boolean isRecent = !now.isBefore(lastSweep) && now.isBefore(lastSweep.plus(SWEEP_INTERVAL));
        if (firstExpiry.isAfter(now) || isRecent) {
            return false;
        }
        sweeps++;
        lastSweep = now;
        firstExpiry = Instant.MAX;
        entries.values().removeIf(entry -> {
            boolean expired = !entry.expires().isAfter(now);
            if (expired) {
                release(entry);
            } else {
                firstExpiry = earlier(firstExpiry, entry.expires());
            }
            return expired;
        });
        return true;
    }

    private static Instant earlier(Instant left, Instant right) {
        return left.isBefore(right) ? left : right;
    }

    private void release(Entry entry) {
        entry.ranges().forEach(range -> decrement(rangeCounts, range));
        decrement(peerCounts, entry.peer());
    }

    private static <K> void decrement(Map<K, Integer> counts, K owner) {
        counts.computeIfPresent(owner, (key, count) -> count == 1 ? null : count - 1);
    }
}
