package io.kad.node.help;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Examples in the help of each command. */
public final class Examples {

    /** Stands for the address of a peer, as a variable of the shell would. */
    private static final String ADDRESS = "$PEER";

    private static final int WIDTH = 100;
    private static final String PEER_ID = "12D3KooWEytPNNKYcT5j2nTYarjCaCiT6rHmx3fmHANRiBdGTkm9";
    private static final String JOIN = " --bootstrap " + ADDRESS;

    private static final Map<String, List<String>> BY_COMMAND = Map.ofEntries(
            entry("demo", List.of("kad demo", "kad demo --nodes 60 --json")),
            entry(
                    "node",
                    List.of(
                            "kad node --data data",
                            "kad node --data data --http 127.0.0.1:5001",
                            "kad node --listen /ip4/0.0.0.0/tcp/4001 --protocol /my-network/kad/1.0.0" + JOIN,
                            "kad node --stdin --json")),
            entry(
                    "put",
                    List.of("kad put /app/greeting hello" + JOIN, "kad put /app/file @notes.txt --quorum 3" + JOIN)),
            entry(
                    "get",
                    List.of(
                            "kad get /app/greeting" + JOIN,
                            "kad get /app/greeting --trace" + JOIN,
                            "kad get /app/greeting --api 127.0.0.1:5001")),
            entry("provide", List.of("kad provide /app/greeting --announce /ip4/192.0.2.9/tcp/4001" + JOIN)),
            entry("find-providers", List.of("kad find-providers /app/greeting --count 5" + JOIN)),
            entry("find-peer", List.of("kad find-peer " + PEER_ID + JOIN)),
            entry("closest-peers", List.of("kad closest-peers /app/greeting --trace" + JOIN)),
            entry("ping", List.of("kad ping " + ADDRESS)),
            entry("identify", List.of("kad identify " + ADDRESS + " --json")),
            entry(
                    "diagnose",
                    List.of(
                            "kad diagnose" + JOIN,
                            "kad diagnose --data data --listen /ip4/0.0.0.0/tcp/4001" + JOIN,
                            "kad diagnose --api 127.0.0.1:5001 --token 0123456789abcdef")),
            entry("id", List.of("kad id --key identity.key")),
            entry(
                    "sim",
                    List.of(
                            "kad sim scenarios/healthy.yaml",
                            "kad sim scenarios/healthy.yaml --run n1000-scoped --out metrics",
                            "kad sim --chaos 100 --timeout 10m")),
            entry("config", List.of("kad config --print", "kad config --print --config kad.properties --json")),
            entry("completion", List.of("kad completion bash > ~/.local/share/bash-completion/completions/kad")),
            entry("help", List.of("kad help put")));

    private Examples() {}

    /** Adds the examples of each command of {@code program} to its help. */
    public static void addTo(CommandLine program) {
        program.getSubcommands().forEach((name, command) -> {
            List<String> examples = of(name);
            boolean needPeer = examples.stream().anyMatch(line -> line.contains(ADDRESS));
            command.getCommandSpec()
                    .usageMessage()
                    .width(WIDTH)
                    .footerHeading(
                            needPeer
                                    ? "%nExamples, for PEER=/ip4/192.0.2.7/tcp/4001/p2p/12D3KooW.. or any address of a peer:%n"
                                    : "%nExamples:%n")
                    .footer(examples.stream()
                            .map(line -> "  " + line.replace("%", "%%"))
                            .toArray(String[]::new));
        });
    }

    /** Returns the examples of a command; none if it has none. */
    public static List<String> of(String command) {
        return BY_COMMAND.getOrDefault(command, List.of());
    }
}
