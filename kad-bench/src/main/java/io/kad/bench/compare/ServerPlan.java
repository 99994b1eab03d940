package io.kad.bench.compare;

import java.nio.file.Path;
import java.util.List;

/**
 * Options of a server that is started. Immutable.
 *
 * @param interop directory of the module kad-interop, which holds the peers of other implementations
 * @param protocol ID of the Kademlia protocol
 * @param seed chooses the identity and the peers of the table, the same for each implementation
 * @param table peers of the routing table
 * @param javaOptions options of the JVM of kad
 */
record ServerPlan(Path interop, Stack stack, String protocol, long seed, int table, List<String> javaOptions) {

    ServerPlan {
        javaOptions = List.copyOf(javaOptions);
    }
}
