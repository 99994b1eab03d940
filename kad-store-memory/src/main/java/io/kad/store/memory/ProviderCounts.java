package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many records of each provider are held, expired ones that were not yet removed included. */
final class ProviderCounts implements EntryIndex<ProviderSet> {

    private final Map<PeerId, Integer> counts = new HashMap<>();

    @Override
    public void onChange(Bytes key, @Nullable ProviderSet before, @Nullable ProviderSet after) {
        count(after, 1);
        count(before, -1);
    }

    private void count(@Nullable ProviderSet held, int by) {
        if (held != null) {
            for (ProviderRecord record : held.records()) {
                counts.merge(record.provider(), by, (a, b) -> a + b == 0 ? null : a + b);
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
