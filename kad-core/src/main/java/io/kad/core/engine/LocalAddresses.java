package io.kad.core.engine;

import io.kad.api.id.Multiaddr;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where this peer can be reached: the external addresses first, then those of the listeners. */
final class LocalAddresses {

    private final Set<Multiaddr> external = new LinkedHashSet<>();
    private final Set<Multiaddr> listening = new LinkedHashSet<>();

    /** Takes in the external addresses. Returns whether they are others than before. */
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
