package io.kad.interop;

import java.util.ArrayList;
import java.util.List;

/** A peer of the kad program. */
final class KadPeer extends PeerProcess {

    private KadPeer(List<String> command) {
        super("kad", command);
    }

    /** Starts {@code kad node} on a free port of the loopback interface, with further options. */
    static KadPeer start(String... options) {
        return startAt("/ip4/127.0.0.1/tcp/0", options);
    }

    /** Starts {@code kad node} that listens at {@code address}, with further options. */
    static KadPeer startAt(String address, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("node", "--json", "--stdin", "--listen", address, "--protocol", Peers.PROTOCOL));
        arguments.addAll(List.of(options));
        return new KadPeer(KadProgram.command(arguments));
    }
}
