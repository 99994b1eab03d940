package io.kad.core.engine;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.PeerId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Kademlia protocols of other networks, which identify of connected peers lists instead of the local one: a peer that is in the wrong network says
 * so, instead of that it knows nobody. Confined to one thread at a time.
 */
final class OtherProtocols {

    /** Limit of the protocols that are emitted; further ones of remote peers tell nothing new. Source: kad's choice. */
    static final int MAX_EMITTED = 8;

    private static final Pattern KADEMLIA = Pattern.compile("/(?:[^/]+/)*kad/[0-9][^/]*");

    private final AdvanceContext context;
    private final String local;
    private final Set<String> emitted = new HashSet<>();
    /** The protocols of the connected peers that listed another one, in the order of their identifications; empty once the local one is served. */
    private final Map<PeerId, String> connected = new LinkedHashMap<>();

    private boolean localProtocolHeard;

    OtherProtocols(AdvanceContext context, String local) {
        this.context = context;
        this.local = local;
    }

    /** Called when a peer has identified itself; emits a protocol of another network once. */
    void identified(PeerId peer, Set<String> protocols) {
        if (protocols.contains(local)) {
            localProtocolHeard();
            return;
        }
        connected.remove(peer);
        Optional<String> other = protocols.stream()
                .filter(protocol -> KADEMLIA.matcher(protocol).matches())
                .min(String::compareTo);
        other.ifPresent(protocol -> {
            if (!localProtocolHeard) {
                connected.put(peer, protocol);
            }
            if (emitted.size() < MAX_EMITTED && emitted.add(protocol)) {
                context.emit(new EngineAction.EmitDhtEvent(new DhtEvent.ProtocolMismatch(peer, local, protocol)));
            }
        });
    }

    /** Called when a peer has listed the local protocol or shown that it serves it. */
    void localProtocolHeard() {
        localProtocolHeard = true;
        connected.clear();
    }

    /** Called when the last connection to a peer has closed. */
    void disconnected(PeerId peer) {
        connected.remove(peer);
    }

    /** Returns the protocol of another network that a connected peer listed last; empty once a peer has served or listed the local one. */
    Optional<String> latest() {
        return connected.values().stream().reduce((earlier, later) -> later);
    }
}
