package io.kad.core.runtime;

import io.kad.api.KademliaConfig;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quota of the entries of one kind, records or provider records, that the peers of one address range make this peer keep. An identity costs
 * nothing, an address does.
 *
 * <p>An entry counts for the ranges of the peer that brought it first, until it expires. What is counted are the last {@value #MAX_ENTRIES}
 * entries, by a part of the SHA-256 of their keys: memory is bounded, whatever the store holds. Thread-safe.
 */
final class RangeQuota {

    /** Number of entries that are counted; about 100 bytes each. Source: the default capacity of the stores in memory. */
    static final int MAX_ENTRIES = 65_536;

    private final int perHost;
    private final int perNetwork;
    /** Counted entries, the one that was counted or renewed first at the beginning. */
    private final LinkedHashMap<Long, Entry> entries = new LinkedHashMap<>();

    private final Map<AddressRange, Integer> counts = new HashMap<>();

    private record Entry(List<AddressRange> ranges, Instant expires) {}

    RangeQuota(KademliaConfig config) {
        this.perHost = config.get(KademliaConfig.MAX_ENTRIES_PER_HOST);
        this.perNetwork = config.get(KademliaConfig.MAX_ENTRIES_PER_NETWORK);
    }

    /** Returns the range that has reached its quota, so that the entry must not be stored; empty if it may be, as an entry that is counted. */
    synchronized Optional<AddressRange> exceeded(long entry, List<AddressRange> ranges, Instant now) {
        if (ranges.isEmpty() || entries.containsKey(entry)) {
            return Optional.empty();
        }
        Optional<AddressRange> full = full(ranges);
        if (full.isEmpty()) {
            return full;
        }
        removeExpired(now);
        return full(ranges);
    }

    private Optional<AddressRange> full(List<AddressRange> ranges) {
        return ranges.stream()
                .filter(range -> counts.getOrDefault(range, 0) >= limit(range))
                .findFirst();
    }

    /** Returns the option and the limit of {@code range}. */
    int limit(AddressRange range) {
        return range.isHost() ? perHost : perNetwork;
    }

    /** Counts an entry that was stored, or renews it. */
    synchronized void stored(long entry, List<AddressRange> ranges, Instant expires) {
        Entry counted = entries.remove(entry);
        if (counted == null && ranges.isEmpty()) {
            return;
        }
        if (counted == null) {
            ranges.forEach(range -> counts.merge(range, 1, Integer::sum));
        }
        entries.put(entry, new Entry(counted == null ? ranges : counted.ranges(), expires));
        if (entries.size() > MAX_ENTRIES) {
            Iterator<Entry> oldest = entries.values().iterator();
            release(oldest.next());
            oldest.remove();
        }
    }

    /** Returns the number of entries that are counted. */
    synchronized int counted() {
        return entries.size();
    }

    private void removeExpired(Instant now) {
        entries.values().removeIf(entry -> {
            boolean expired = !entry.expires().isAfter(now);
            if (expired) {
                release(entry);
            }
            return expired;
        });
    }

    private void release(Entry entry) {
        entry.ranges().forEach(range -> counts.computeIfPresent(range, (key, count) -> count == 1 ? null : count - 1));
    }
}
