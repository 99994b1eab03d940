package io.kad.transport.netty.dns;

import io.kad.api.id.Multiaddr;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Cache of the addresses that names have in their TXT records, for as long as their servers allow and for an hour at most; that a name has none
 * for 10 s. Bounded in names and in bytes; the name that was added first is forgotten first. Thread-safe.
 */
final class TxtCache {

    /** Longest time for which an answer is remembered, in seconds. */
    static final int MAX_TTL_SECONDS = 3600;
    /** Time for which it is remembered that a name has no record, in seconds. */
    static final int NEGATIVE_TTL_SECONDS = 10;
    /** Limit of the memory of all names and their addresses, about, in bytes. */
    static final long MAX_BYTES = 1 << 20;
    /** Memory of an address besides its bytes, about: its objects. */
    static final int ADDRESS_BYTES = 96;
    /** Memory of a name besides its characters, about. */
    private static final int NAME_BYTES = 192;

    private final int maxNames;
    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    /** Answer that is remembered until a time. */
    private record Entry(List<Multiaddr> addresses, long bytes, long endNanos) {}

    TxtCache(int maxNames, LongSupplier nanoTime) {
        this.maxNames = maxNames;
        this.nanoTime = nanoTime;
    }

    /** Returns the addresses of {@code name}, none if it is known to have none; empty if nothing is known. */
    synchronized Optional<List<Multiaddr>> get(String name) {
        Entry entry = entries.get(name);
        if (entry != null && entry.endNanos() - nanoTime.getAsLong() <= 0) {
            remove(name);
            return Optional.empty();
        }
        return Optional.ofNullable(entry).map(Entry::addresses);
    }

    /**
     * Remembers the addresses of {@code name}.
     *
     * @param ttlSeconds time that its server allows; 0 for not at all
     */
    synchronized void put(String name, List<Multiaddr> addresses, long ttlSeconds) {
        remove(name);
        long seconds = Math.min(ttlSeconds, addresses.isEmpty() ? NEGATIVE_TTL_SECONDS : MAX_TTL_SECONDS);
        long size = NAME_BYTES
                + name.length()
                + addresses.stream()
                        .mapToLong(address -> ADDRESS_BYTES + address.bytes().size())
                        .sum();
        if (seconds <= 0 || size > MAX_BYTES) {
            return;
        }
        entries.put(name, new Entry(addresses, size, nanoTime.getAsLong() + TimeUnit.SECONDS.toNanos(seconds)));
        bytes += size;
        while (entries.size() > maxNames || bytes > MAX_BYTES) {
            Iterator<Entry> oldest = entries.values().iterator();
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    private void remove(String name) {
        Entry removed = entries.remove(name);
        bytes -= removed == null ? 0 : removed.bytes();
    }

    /** Returns the number of names. */
    synchronized int size() {
        return entries.size();
    }
}
