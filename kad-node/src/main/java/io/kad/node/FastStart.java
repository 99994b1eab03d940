package io.kad.node;

import io.kad.node.task.TaskCommands;
import io.netty.handler.ssl.OpenSsl;
import java.util.List;

/** What lets a command that makes a peer start faster. */
final class FastStart {

    private FastStart() {}

    /**
     * Begins what the command of {@code words} needs while its command line is parsed: the library of TLS, which takes a fifth of the time of a
     * command. Returns at once.
     */
    static void begin(List<String> words) {
        boolean isWithPeer = !words.isEmpty()
                && TaskCommands.oneShot().contains(words.get(0))
                && words.stream().noneMatch(word -> word.startsWith("--api"));
        if (isWithPeer) {
            // Spares the process the classes of Flight Recorder, in which Netty would record its buffers: a tenth of
            // the time
            System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
            Thread loading = new Thread(OpenSsl::isAvailable, "kad-load");
            loading.setDaemon(true);
            loading.start();
        }
    }
}
