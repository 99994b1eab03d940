package io.kad.core.routing;

import io.kad.api.id.Multiaddr;
import java.util.LinkedHashSet;
import java.util.List;

/** The addresses of one peer as lists: distinct, newest first, never more than allowed. */
final class Addresses {

    private Addresses() {}

    /** Returns {@code newer}, then those of {@code known} that are not among them; the first {@code limit} of all these. */
    static List<Multiaddr> merge(List<Multiaddr> newer, List<Multiaddr> known, int limit) {
        if (newer.isEmpty() || newer.equals(known)) {
            return known.size() <= limit ? known : List.copyOf(known.subList(0, limit));
        }
        LinkedHashSet<Multiaddr> merged = new LinkedHashSet<>(newer);
        merged.addAll(known);
        return merged.stream().limit(limit).toList();
    }

    /** Returns {@code known} less {@code address}. */
    static List<Multiaddr> without(List<Multiaddr> known, Multiaddr address) {
        return known.stream().filter(each -> !each.equals(address)).toList();
    }
}
