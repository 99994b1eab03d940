package io.kad.core.server;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Entries that leave a full store first, asked for as they are needed: mostly one is enough, and a large entry needs the room of many. None comes twice.
 * What the store {@linkplain #remove does not hold} is released. Not thread-safe.
 *
 * @param <T> what the store calls an entry
 */
public final class LeavingEntries<T> implements Iterator<T> {

    /** Limit of the entries that the store holds. Source: kad's choice; more than a record of 64 KiB needs the room of. */
    static final int MAX_ENTRIES = 256;

    /** Limit of the entries that the store does not hold, so that a call ends soon; each is released, so that the next call goes on. Source: kad's choice. */
    static final int MAX_ABSENT = 1024;

    private final IntFunction<List<RangeQuota.Leaving>> entries;
    private final Function<RangeQuota.Leaving, T> name;
    private final Consumer<RangeQuota.Leaving> absent;
    /** Those that were returned, without the absent ones. */
    private final Set<RangeQuota.Leaving> returned = new HashSet<>();

    private Iterator<RangeQuota.Leaving> known = List.<RangeQuota.Leaving>of().iterator();
    private int limit;
    private boolean isComplete;
    private int absentCount;
    private RangeQuota.@Nullable Leaving last;

    /**
     * Creates an iterator.
     *
     * @param entries returns the entries up to a number
     * @param name what the store calls an entry
     * @param absent called with each entry that the store does not hold
     */
    public LeavingEntries(
            IntFunction<List<RangeQuota.Leaving>> entries,
            Function<RangeQuota.Leaving, T> name,
            Consumer<RangeQuota.Leaving> absent) {
        this.entries = entries;
        this.name = name;
        this.absent = absent;
    }

    @Override
    public boolean hasNext() {
        while (!known.hasNext() && !isComplete) {
            query();
        }
        return known.hasNext();
    }

    /** Queries more; the order of those that were known before may have changed. */
    private void query() {
        limit = Math.min(MAX_ENTRIES, Math.max(1, 2 * limit));
        List<RangeQuota.Leaving> leaving = entries.apply(limit);
        isComplete = leaving.size() < limit || limit == MAX_ENTRIES;
        known = leaving.stream().filter(entry -> !returned.contains(entry)).iterator();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no further entries leave");
        }
        RangeQuota.Leaving next = known.next();
        returned.add(next);
        last = next;
        return name.apply(next);
    }

    /** Releases the last entry, which the store does not hold; what else leaves is asked for again, as the shares have changed. */
    @Override
    public void remove() {
        RangeQuota.Leaving removed = last;
        if (removed == null) {
            throw new IllegalStateException("no entry was returned since the last call");
        }
        last = null;
        returned.remove(removed);
        absent.accept(removed);
        absentCount++;
        known = List.<RangeQuota.Leaving>of().iterator();
        limit = returned.size();
        isComplete = absentCount == MAX_ABSENT || limit == MAX_ENTRIES;
    }
}
