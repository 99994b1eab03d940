package io.kad.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A peer of the kad program, with {@link Patience} if nothing else is said. */
final class KadPeer extends PeerProcess {

    private KadPeer(List<String> command) {
        super("kad", command);
    }

    /**
     * Starts {@code kad node} that listens at {@code address}.
     *
     * @param config options of a peer, for its configuration file
     * @param options further options of the command
     */
    static KadPeer start(String address, Map<String, String> config, String... options) {
        return startExactly(address, Patience.with(config), options);
    }

    /** Starts {@code kad node} as the other method does, but with no other options than these. */
    static KadPeer startExactly(String address, Map<String, String> config, String... options) {
        try {
            Path file = Files.createTempFile("kad", ".properties");
            try {
                Files.write(
                        file,
                        config.entrySet().stream()
                                .map(option -> option.getKey() + "=" + option.getValue())
                                .toList());
                List<String> arguments = new ArrayList<>(
                        List.of("node", "--json", "--stdin", "--listen", address, "--protocol", Peers.PROTOCOL));
                arguments.addAll(List.of("--config", file.toString()));
                arguments.addAll(List.of(options));
                return new KadPeer(KadProgram.command(arguments));
            } finally {
                // a peer that listens has read it
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("no configuration file of a kad peer", failed);
        }
    }
}
