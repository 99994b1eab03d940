package io.kad.core.routing;

import io.kad.api.id.Multiaddr;
import java.util.ArrayList;
import java.util.List;

/** The addresses of one peer as lists: distinct, and never more than allowed. */
public final class Addresses {

    private Addresses() {}

    /** Returns {@code newer}, then those of {@code known} that are not among them; the first {@code limit} of all these. */
    static List<Multiaddr> merge(List<Multiaddr> newer, List<Multiaddr> known, int limit) {
        return newer.equals(known) ? known : append(append(List.of(), newer, limit), known, limit);
    }

    /**
     * Returns {@code kept}, and then those of {@code more} that are not among them; the first {@code limit} of all these.
     *
     * @param kept distinct, and no more than {@code limit}
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

    /** Returns {@code known} less {@code address}. */
    public static List<Multiaddr> without(List<Multiaddr> known, Multiaddr address) {
        return known.stream().filter(each -> !each.equals(address)).toList();
    }
}
