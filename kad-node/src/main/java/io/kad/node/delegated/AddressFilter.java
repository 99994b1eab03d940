package io.kad.node.delegated;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.kad.api.message.PeerInfo;
import io.kad.node.http.HttpException;
import io.kad.node.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Filter of the addresses of a peer by their protocols, {@code filter-addrs} (IPIP-484). An address passes if it has none of the excluded protocols,
 * and one of the required ones if there are any; a peer passes with the addresses that do. Immutable.
 *
 * @param required names of protocols, in lower case
 * @param excluded names of protocols, in lower case
 * @param withUnknown whether a peer without any address passes
 */
record AddressFilter(Set<String> required, Set<String> excluded, boolean withUnknown) {

    private static final String NAME = "filter-addrs";
    private static final Set<String> PROTOCOLS =
            Stream.of(MultiaddrProtocol.values()).map(MultiaddrProtocol::text).collect(Collectors.toUnmodifiableSet());
    private static final AddressFilter ALL = new AddressFilter(Set.of(), Set.of(), true);

    /** Copies the sets. */
    AddressFilter {
        required = Set.copyOf(required);
        excluded = Set.copyOf(excluded);
    }

    /** Returns the filter of a request; without one everything passes. */
    static AddressFilter of(Request request) throws HttpException {
        List<String> names = FilterNames.of(request, NAME);
        if (names.isEmpty()) {
            return ALL;
        }
        return new AddressFilter(
                names.stream().filter(name -> !name.startsWith("!")).collect(Collectors.toSet()),
                names.stream()
                        .filter(name -> name.startsWith("!"))
                        .map(name -> name.substring(1))
                        .collect(Collectors.toSet()),
                names.contains(FilterNames.UNKNOWN));
    }

    /** Returns whether no peer can pass: each required protocol is excluded, or is none. */
    boolean excludesAll() {
        return !withUnknown
                && !required.isEmpty()
                && required.stream().allMatch(name -> excluded.contains(name) || !PROTOCOLS.contains(name));
    }

    /** Returns {@code peer} with the addresses that pass; empty if the peer itself does not. */
    Optional<PeerInfo> apply(PeerInfo peer) {
        if (peer.addresses().isEmpty()) {
            return withUnknown ? Optional.of(peer) : Optional.empty();
        }
        List<Multiaddr> passed = peer.addresses().stream().filter(this::passes).toList();
        return passed.isEmpty() ? Optional.empty() : Optional.of(PeerInfo.of(peer.id(), passed));
    }

    private boolean passes(Multiaddr address) {
        Set<String> protocols = address.components().stream()
                .map(component -> component.protocol().text())
                .collect(Collectors.toSet());
        return protocols.stream().noneMatch(excluded::contains)
                && (required.isEmpty() || protocols.stream().anyMatch(required::contains));
    }
}
