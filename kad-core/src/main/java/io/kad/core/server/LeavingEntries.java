package io.kad.core.server;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Entries that leave a full store first, asked for as they are needed: mostly one is enough, and a large entry needs the room of many. Not thread-safe.
 *
 * @param <T> what the store calls an entry
 */
public final class LeavingEntries<T> implements Iterator<T> {

    /** Limit of the entries. Source: kad's choice; more than a record of 64 KiB needs the room of, and as many that the store does not hold. */
    static final int MAX_ENTRIES = 256;

    private final IntFunction<List<RangeQuota.Leaving>> entries;
    private final Function<RangeQuota.Leaving, T> name;
    private List<RangeQuota.Leaving> known = List.of();
    private int limit;
    private int next;

    /**
     * Creates an iterator.
     *
     * @param entries returns the entries up to a number
     * @param name what the store calls an entry
     */
    public LeavingEntries(IntFunction<List<RangeQuota.Leaving>> entries, Function<RangeQuota.Leaving, T> name) {
        this.entries = entries;
        this.name = name;
    }

    @Override
    public boolean hasNext() {
        if (next == known.size() && known.size() == limit && limit < MAX_ENTRIES) {
            limit = Math.max(1, 2 * limit);
            known = entries.apply(limit);
        }
        return next < known.size();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no further entries leave");
        }
        return name.apply(known.get(next++));
    }
}
