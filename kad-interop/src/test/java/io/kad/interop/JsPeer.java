package io.kad.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A peer of js-libp2p. */
final class JsPeer extends PeerProcess {

    private static final String PROGRAM = "src/test/js";

    private JsPeer(List<String> command) {
        super("js", command);
    }

    /** Starts a js peer on a free port of the loopback interface, with further options of {@code peer.mjs}. */
    static JsPeer start(String... options) {
        Path program = directory();
        if (!Files.isDirectory(program.resolve("node_modules"))) {
            throw new IllegalStateException("cannot start a js peer: packages are not installed; run 'sh kad-interop/"
                    + PROGRAM + "/install.sh'");
        }
        List<String> command =
                new ArrayList<>(List.of("node", program.resolve("peer.mjs").toString(), "--protocol", Peers.PROTOCOL));
        command.addAll(List.of(options));
        return new JsPeer(command);
    }

    /** Maven runs tests in the module's directory, other tools in the project's. */
    private static Path directory() {
        Path ofModule = Path.of(PROGRAM).toAbsolutePath();
        return Files.isDirectory(ofModule)
                ? ofModule
                : Path.of("kad-interop", PROGRAM).toAbsolutePath();
    }
}
