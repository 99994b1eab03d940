package io.kad.node.diagnose;

import io.kad.api.Kademlia;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Start options of a peer, as far as checks need them, and what its diagnoses have in common.
 *
 * @param bootstrap the peers that it joins through, each with one address
 * @param data its data directory; empty for in memory
 * @param isRunning whether it is the peer of a node that runs, and not one made for the checks
 * @param notListening failed checks of the listeners that could not be opened
 * @param node peer ID of the node for which the peer was made, which has another one; empty for the peer of a node that runs, and if it is not known
 * @param slot the slot of a diagnosis of the peer
 * @param limits the counts with which the limits that the peer has reached are compared
 */
public record NodeSetup(
        List<PeerInfo> bootstrap,
        Optional<Path> data,
        boolean isRunning,
        List<Check> notListening,
        Optional<PeerId> node,
        DiagnosisSlot slot,
        ReachedLimits limits) {

    /** Setup of a peer of which nothing is known. */
    public static final NodeSetup UNKNOWN = ofRunning(List.of(), Optional.empty());

    /** Copies the lists. */
    public NodeSetup {
        bootstrap = List.copyOf(bootstrap);
        notListening = List.copyOf(notListening);
    }

    /** Returns the setup of a node that runs, and that nobody diagnoses yet. */
    public static NodeSetup ofRunning(List<PeerInfo> bootstrap, Optional<Path> data) {
        return new NodeSetup(
                bootstrap, data, true, List.of(), Optional.empty(), new DiagnosisSlot(), new ReachedLimits());
    }

    /** Returns the setup of a peer that was made for the checks of {@code node}. */
    public static NodeSetup ofExamined(
            List<PeerInfo> bootstrap, Optional<Path> data, List<Check> notListening, Optional<PeerId> node) {
        return new NodeSetup(bootstrap, data, false, notListening, node, new DiagnosisSlot(), new ReachedLimits());
    }

    /** Returns whether {@code peer} is {@code local}, or the node for which that was made. */
    boolean isLocal(PeerId peer, Kademlia local) {
        return peer.equals(local.peerId()) || node.filter(peer::equals).isPresent();
    }
}
