package io.kad.core.engine;

import io.kad.api.id.Multiaddr;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Addresses of the local peer: the external addresses first, then those of the listeners. Confined to one thread at a time. */
final class LocalAddresses {

    private final Set<Multiaddr> external = new LinkedHashSet<>();
    private final Set<Multiaddr> listening = new LinkedHashSet<>();

    /** Sets the external addresses. Returns whether they have changed. */
    boolean setExternal(Set<Multiaddr> addresses) {
        if (external.equals(addresses)) {
            return false;
        }
        external.clear();
        addresses.stream().sorted().forEach(external::add);
        return true;
    }

    void addListener(Multiaddr listener) {
        listening.add(listener);
    }

    void removeListener(Multiaddr listener) {
        listening.remove(listener);
    }

    List<Multiaddr> all() {
        return Stream.concat(external.stream(), listening.stream()).distinct().toList();
    }
}
