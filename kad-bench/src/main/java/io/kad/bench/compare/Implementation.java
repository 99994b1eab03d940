package io.kad.bench.compare;

import io.kad.api.id.Bytes;
import io.kad.bench.load.SeededIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Implementation of libp2p whose server is measured. The peers of the others are the programs of the interop tests. */
enum Implementation {
    KAD {
        @Override
        List<String> command(ServerPlan plan) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(plan.javaOptions());
            command.addAll(
                    List.of("-cp", System.getProperty("java.class.path"), "io.kad.bench.BenchmarkProgram", "server"));
            command.addAll(List.of("--listen", plan.stack().listen(), "--table", "0", "--commands"));
            command.addAll(List.of("--protocol", plan.protocol(), "--seed", Long.toString(plan.seed())));
            return command;
        }
    },
    RUST {
        @Override
        List<String> command(ServerPlan plan) {
            return peer(
                    plan,
                    List.of(plan.interop().resolve("target/rust/peer-release").toString()));
        }
    },
    GO {
        @Override
        List<String> command(ServerPlan plan) {
            return peer(plan, List.of(plan.interop().resolve("target/go/peer").toString()));
        }
    },
    JS {
        @Override
        List<String> command(ServerPlan plan) {
            return peer(
                    plan,
                    List.of(
                            "node",
                            plan.interop().resolve("src/test/js/peer.mjs").toString()));
        }
    };

    /** Returns the command line of a server, which reads commands from its standard input, and ends with it. */
    abstract List<String> command(ServerPlan plan);

    /** Returns the file that a server cannot start without. */
    Path program(ServerPlan plan) {
        String needed = command(plan).get(0);
        return needed.equals("node") ? plan.interop().resolve("src/test/js/node_modules") : Path.of(needed);
    }

    private static List<String> peer(ServerPlan plan, List<String> program) {
        Bytes seed = SeededIdentity.keySeed("server", plan.seed(), 0);
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("--quiet", "--stack", plan.stack().option(), "--seed", seed.hex()));
        command.addAll(List.of("--protocol", plan.protocol()));
        return command;
    }

    /** Returns the name in metrics and options. */
    String option() {
        return name().toLowerCase(Locale.ROOT);
    }
}
