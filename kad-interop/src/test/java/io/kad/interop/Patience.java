package io.kad.interop;

import java.util.Map;
import java.util.TreeMap;

/**
 * Options of kad peers that tests count on: on a busy machine a process may stand still for seconds, and a peer that is given up for that is
 * missing from what a test counts.
 */
final class Patience {

    /** Values of options by their names. */
    static final Map<String, String> OPTIONS = Map.of(
            "request-timeout", "30s",
            "min-request-timeout", "30s",
            "min-max-wait", "30s",
            // a test may leave a connection alone for longer than the usual 60 s
            "idle-connection-timeout", "1h");

    private Patience() {}

    /** Returns these options, and further ones that take precedence. */
    static Map<String, String> with(Map<String, String> further) {
        Map<String, String> all = new TreeMap<>(OPTIONS);
        all.putAll(further);
        return all;
    }
}
