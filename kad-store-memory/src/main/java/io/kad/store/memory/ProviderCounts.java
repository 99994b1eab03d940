package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Index of the number of records per provider, including expired ones that were not removed yet. Not thread-safe: used under the
 * lock of the table.
 */
final class ProviderCounts implements EntryIndex<ProviderSet> {

    private final Map<PeerId, Integer> counts = new HashMap<>();

    @Override
    public void onChange(Bytes key, @Nullable ProviderSet previous, @Nullable ProviderSet next) {
        add(next, 1);
        add(previous, -1);
    }

    private void add(@Nullable ProviderSet set, int change) {
        if (set != null) {
            for (ProviderRecord record : set.records()) {
                counts.merge(record.provider(), change, (a, b) -> a + b == 0 ? null : a + b);
            }
        }
    }

    @Override
    public void clear() {
        counts.clear();
    }

    /** Returns the number of keys that {@code provider} provides. */
    int of(PeerId provider) {
        return counts.getOrDefault(provider, 0);
    }
}
