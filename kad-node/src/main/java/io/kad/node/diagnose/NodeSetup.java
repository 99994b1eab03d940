package io.kad.node.diagnose;

import io.kad.api.message.PeerInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Start options of a peer, as far as checks need them.
 *
 * @param bootstrap the peers that it joins through, each with one address
 * @param data its data directory; empty for in memory
 * @param isRunning whether it is the peer of a node that runs, and not one made for the checks
 * @param notListening failed checks of the listeners that could not be opened
 * @param slot the slot of a diagnosis of the peer
 */
public record NodeSetup(
        List<PeerInfo> bootstrap,
        Optional<Path> data,
        boolean isRunning,
        List<Check> notListening,
        DiagnosisSlot slot) {

    /** Setup of a peer of which nothing is known. */
    public static final NodeSetup UNKNOWN = ofRunning(List.of(), Optional.empty());

    /** Copies the lists. */
    public NodeSetup {
        bootstrap = List.copyOf(bootstrap);
        notListening = List.copyOf(notListening);
    }

    /** Creates the setup of a peer that nobody diagnoses yet. */
    public NodeSetup(List<PeerInfo> bootstrap, Optional<Path> data, boolean isRunning, List<Check> notListening) {
        this(bootstrap, data, isRunning, notListening, new DiagnosisSlot());
    }

    /** Returns the setup of a node that runs. */
    public static NodeSetup ofRunning(List<PeerInfo> bootstrap, Optional<Path> data) {
        return new NodeSetup(bootstrap, data, true, List.of());
    }
}
