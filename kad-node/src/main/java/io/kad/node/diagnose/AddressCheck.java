package io.kad.node.diagnose;

import static io.kad.node.diagnose.CheckName.ADDRESSES;

import io.kad.api.Kademlia;
import io.kad.api.Mode;
import io.kad.api.id.AddressScope;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Check of the addresses that a peer tells others: whether they can be reached from where its peers are. Nobody dials back, so that no more is claimed. */
final class AddressCheck {

    private AddressCheck() {}

    /** Checks the addresses of {@code kad} against those of the peers that it knows. */
    static Check of(Kademlia kad, NodeSetup setup) {
        List<Multiaddr> others = new ArrayList<>();
        setup.bootstrap().stream().map(PeerInfo::addresses).forEach(others::addAll);
        kad.routingTable().entries().forEach(entry -> others.addAll(entry.addresses()));
        kad.connections().stream()
                .filter(connection -> !connection.peer().equals(kad.peerId()))
                .forEach(connection -> others.add(connection.remoteAddress()));
        return of(kad.addresses(), others, kad.mode());
    }

    /**
     * Checks addresses.
     *
     * @param told those that the peer tells
     * @param others those of other peers
     */
    static Check of(List<Multiaddr> told, List<Multiaddr> others, Mode mode) {
        if (mode == Mode.CLIENT) {
            return Check.skipped(ADDRESSES, "this peer is a client, which others do not dial");
        } else if (told.isEmpty()) {
            return mode == Mode.SERVER
                    ? Check.failed(Fault.NO_ADDRESS, "this peer is a server without an address")
                    : Check.skipped(ADDRESSES, "this peer has no listener or address");
        }
        boolean hasName =
                told.stream().anyMatch(address -> AddressScopes.ip(address).isEmpty());
        Set<AddressScope> own = AddressScopes.of(told);
        Set<AddressScope> known = AddressScopes.of(others);
        if (known.isEmpty()) {
            return Check.skipped(ADDRESSES, "no IP address of another peer is known");
        } else if (!hasName && own.equals(Set.of(AddressScope.LOOPBACK)) && !known.equals(own)) {
            return Check.failed(Fault.LOOPBACK_ONLY, told.size() + " addresses, all of this machine: " + first(told));
        } else if (!hasName && !own.contains(AddressScope.GLOBAL) && known.contains(AddressScope.GLOBAL)) {
            return Check.failed(Fault.PRIVATE_ONLY, told.size() + " addresses, none of them public: " + first(told));
        }
        return Check.passed(
                ADDRESSES,
                told.size()
                        + " addresses of the kind that other peers have; whether they can be dialled was not tested");
    }

    private static Multiaddr first(List<Multiaddr> addresses) {
        return addresses.get(0);
    }
}
