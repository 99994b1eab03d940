package io.kad.bench.compare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.bench.cli.CommandException;
import io.kad.bench.cli.DurationConverter;
import io.kad.bench.cli.OptionChecks;
import io.kad.bench.load.FabricatedPeers;
import io.kad.bench.load.LoadOptions;
import io.kad.bench.load.LoadPlan;
import io.kad.bench.load.LoadResult;
import io.kad.bench.load.LoadSession;
import io.kad.bench.measure.ServerUsage;
import io.kad.bench.measure.Times;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code compare}: servers of several implementations under the same load, in turn. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        defaultValueProvider = CompareDefaults.class,
        description = {
            "Compare servers of kad, rust-libp2p, go-libp2p and js-libp2p on this machine: in each round, one after the other, each in a separate process, with the same identity, the same routing table and the same stores, which are filled over the wire.",
            "A round that does not count comes first, so that the load generator is warm. Prints medians with the least and the greatest of all rounds, and the ratio of kad to the best other one, of those that have served nearly every request; it names those that are left out. kad-bench/compare.sh builds all that it needs."
        })
public final class CompareCommand implements Callable<Integer> {

    private static final int CHECKED_RESPONSES = 50;
    private static final String PROTOCOL = "/kad-bench/kad/1.0.0";

    @Option(
            names = "--interop",
            description =
                    "Directory of kad-interop, with the peers of the other implementations (default: ${DEFAULT-VALUE}).")
    private Path interop = Path.of("kad-interop");

    @Option(names = "--implementations", split = ",", description = "Of ${COMPLETION-CANDIDATES} (default: all).")
    private List<Implementation> implementations = List.of(Implementation.values());

    @Option(names = "--scenarios", split = ",", description = "Such as find-node-fresh,get-value-kept (default: all).")
    private List<String> scenarios = new ArrayList<>();

    @Option(names = "--stack", description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Stack stack = Stack.NOISE;

    @Option(names = "--rounds", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
            names = "--server-warm-up",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description =
                    "Load of FIND_NODE on each server that was started, before all measurements (default: ${DEFAULT-VALUE}).")
    private Duration serverWarmUp = Duration.ZERO;

    @Option(
            names = "--table",
            description = "Peers of the routing table, at most 140 with js (default: ${DEFAULT-VALUE}).")
    private int table = 140;

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Option(
            names = "--java-option",
            description =
                    "Option of the JVM of kad (repeatable; an option that begins with - as --java-option=-Xmx256m).")
    private List<String> javaOptions = new ArrayList<>();

    @Option(names = "--out", description = "File to which a JSON line for each measurement is added.")
    private @Nullable Path out;

    private final Map<LoadScenario, Comparison> comparisons = new EnumMap<>(LoadScenario.class);

    /** Creates the command. */
    public CompareCommand() {}

    @Override
    public Integer call() throws InterruptedException, IOException {
        checkOptions();
        List<LoadScenario> chosen = chosen();
        ServerPlan plan = new ServerPlan(interop, stack, PROTOCOL, load.data().seed(), table, javaOptions);
        for (Round round : Round.all(rounds, available(plan))) {
            for (Implementation implementation : round.order()) {
                measure(round, implementation, plan, chosen);
            }
        }
        comparisons.forEach(
                (scenario, comparison) -> System.out.println(new ComparisonTable(comparison).text(scenario.option())));
        return 0;
    }

    private void checkOptions() {
        load.check();
        OptionChecks.require(rounds >= 1, "--rounds", "at least 1", rounds);
        OptionChecks.requireDuration("--server-warm-up", serverWarmUp, Duration.ZERO);
        boolean js = implementations.contains(Implementation.JS);
        int most = js ? FabricatedPeers.MAX_IN_JS : FabricatedPeers.MAX;
        OptionChecks.require(table >= 0 && table <= most, "--table", "0 to " + most + (js ? " with js" : ""), table);
        checkOut();
    }

    private void checkOut() {
        try {
            write("");
        } catch (IOException e) {
            throw new CommandException(
                    "cannot write --out " + out + ": expected a file in a directory that exists: " + e);
        }
    }

    private List<Implementation> available(ServerPlan plan) {
        List<Implementation> available = new ArrayList<>();
        for (Implementation implementation : implementations) {
            Path program = implementation.program(plan);
            if (Files.exists(program)) {
                available.add(implementation);
            } else {
                System.err.println(implementation.option() + " is left out, as " + program
                        + " is missing; kad-bench/compare.sh builds it");
            }
        }
        if (available.isEmpty()) {
            throw new CommandException(
                    "no implementation of --implementations is built: run kad-bench/compare.sh, which builds them");
        }
        return available;
    }

    private List<LoadScenario> chosen() {
        try {
            return scenarios.isEmpty()
                    ? List.of(LoadScenario.values())
                    : scenarios.stream().map(LoadScenario::named).toList();
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }

    private void measure(Round round, Implementation implementation, ServerPlan plan, List<LoadScenario> chosen)
            throws InterruptedException, IOException {
        try (ServerProcess server = new ServerProcess(implementation, plan);
                ServerUsage usage = new ServerUsage(server.pid())) {
            int exact = prepare(implementation, server);
            for (LoadScenario scenario : chosen) {
                try (LoadSession session = new LoadSession(loadPlan(server, scenario, load.times()))) {
                    LoadResult result = session.measure(Optional.of(usage));
                    System.err.println(round.title() + " " + implementation.option() + ": " + result.text());
                    if (round.counts()) {
                        comparisons
                                .computeIfAbsent(scenario, added -> new Comparison())
                                .add(implementation, result);
                        write(line(round.number(), implementation, scenario, exact)
                                        .setAll(result.json()) + "\n");
                    }
                }
            }
        }
    }

    private int prepare(Implementation implementation, ServerProcess server) throws InterruptedException {
        Times times =
                new Times(serverWarmUp, load.times().measurement(), load.times().timeout());
        try (LoadSession session = new LoadSession(loadPlan(server, LoadScenario.FIND_NODE_FRESH, times))) {
            session.fill();
            session.warmUp();
            int exact = session.exactResponses(server.table(), CHECKED_RESPONSES);
            if (exact < CHECKED_RESPONSES) {
                System.err.println(implementation.option() + " sends " + (CHECKED_RESPONSES - exact) + " of "
                        + CHECKED_RESPONSES + " responses to FIND_NODE with other peers than the closest of its table");
            }
            return exact;
        }
    }

    private LoadPlan loadPlan(ServerProcess server, LoadScenario scenario, Times times) {
        return new LoadPlan(
                server.info(),
                PROTOCOL,
                stack.security(),
                scenario.fresh(),
                scenario.connections(),
                scenario.request(),
                scenario.inFlight(),
                OptionalDouble.empty(),
                1,
                times,
                times.timeout(),
                load.data());
    }

    private ObjectNode line(int round, Implementation implementation, LoadScenario scenario, int exact) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        line.put("round", round);
        line.put("implementation", implementation.option());
        line.put("scenario", scenario.option());
        line.put("table", table);
        line.put("serverWarmUpSeconds", serverWarmUp.toMillis() / 1e3);
        javaOptions.forEach(line.putArray("javaOptions")::add);
        line.put("exactResponses", exact);
        line.put("machineLoad", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return line;
    }

    private void write(String text) throws IOException {
        if (out != null) {
            Files.writeString(out, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
