package io.kad.interop;

import java.util.ArrayList;
import java.util.List;

/** A peer of another libp2p implementation. */
final class LibraryPeer extends PeerProcess {

    /** Above what {@link Patience} gives a request of a command. */
    private static final String COMMAND_TIMEOUT = "60s";

    private final Implementation implementation;

    private LibraryPeer(Implementation implementation, List<String> command) {
        super(implementation.toString(), command);
        this.implementation = implementation;
    }

    /** Starts a peer on a free port of the loopback interface, with further options of its program. */
    static LibraryPeer start(Implementation implementation, String... options) {
        List<String> command = new ArrayList<>(implementation.command());
        command.addAll(List.of("--protocol", Peers.PROTOCOL, "--timeout", COMMAND_TIMEOUT));
        command.addAll(List.of(options));
        return new LibraryPeer(implementation, command);
    }

    Implementation implementation() {
        return implementation;
    }
}
