package io.kad.core.routing;

import io.kad.api.id.Multiaddr;
import java.util.ArrayList;
import java.util.List;

/** Operations on the address list of one peer: distinct addresses, up to a limit. Pure functions; thread-safe. */
public final class Addresses {

    private Addresses() {}

    /** Returns the addresses of {@code newer}, followed by the other addresses of {@code known}, up to {@code limit}. */
    static List<Multiaddr> merge(List<Multiaddr> newer, List<Multiaddr> known, int limit) {
        return newer.equals(known) ? known : append(append(List.of(), newer, limit), known, limit);
    }

    /**
     * Returns the addresses of {@code kept}, followed by the other addresses of {@code more}, up to {@code limit}.
     *
     * @param kept distinct addresses, up to {@code limit}
     */
    public static List<Multiaddr> append(List<Multiaddr> kept, List<Multiaddr> more, int limit) {
        if (kept.size() == limit || kept.containsAll(more)) {
            return kept;
        }
        if (kept.isEmpty() && more.size() == 1) {
            return List.copyOf(more);
        }
        List<Multiaddr> all = new ArrayList<>(Math.min(limit, kept.size() + more.size()));
        all.addAll(kept);
        for (Multiaddr address : more) {
            if (all.size() == limit) {
                break;
            }
            if (!all.contains(address)) {
                all.add(address);
            }
        }
        return List.copyOf(all);
    }

    /** Returns {@code known} without {@code address}. */
    public static List<Multiaddr> without(List<Multiaddr> known, Multiaddr address) {
        return known.stream().filter(candidate -> !candidate.equals(address)).toList();
    }
}
