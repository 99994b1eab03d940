package io.kad.node.sim;

import io.kad.api.id.Quoting;
import io.kad.node.option.ArgumentParser;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.Range;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.sim.scenario.Chart;
import io.kad.sim.scenario.Csv;
import io.kad.sim.scenario.RunResult;
import io.kad.sim.scenario.Scenario;
import io.kad.sim.scenario.ScenarioException;
import io.kad.sim.scenario.ScenarioFile;
import io.kad.sim.scenario.ScenarioRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command that simulates networks: the runs of a scenario file, one lookup of a run, or many small networks with every fault on. */
@Command(description = "Simulate networks on virtual time.")
public final class SimCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "SCENARIO",
            description = "Scenario file (YAML), such as those in scenarios/.")
    void file(String text) {
        file = ArgumentParser.path("SCENARIO", text);
    }

    private @Nullable Path file;

    @Option(names = "--out", paramLabel = "DIR", description = "Directory for CSV files and a plot. Default: none.")
    void out(String text) {
        out = ArgumentParser.path("--out", text);
    }

    private @Nullable Path out;

    @Option(names = "--run", paramLabel = "NAME", description = "Name of the only run to execute. Default: all runs.")
    private @Nullable String only;

    private @Nullable Long seed;
    private @Nullable Integer networks;
    private @Nullable Long replay;
    private @Nullable Integer lookup;

    /** Made by the command line. */
    public SimCommand() {}

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Override the seed of the scenario; with --chaos, the first seed."
                    + " Default: the seed of the scenario; with --chaos, 1.")
    void seed(String text) {
        seed = Range.number("--seed", text);
    }

    @Option(
            names = {"--chaos", "--seeds"},
            paramLabel = "N",
            description = "Run N small networks with every fault on, one per seed; takes no SCENARIO.")
    void networks(String text) {
        networks = Range.atLeast(1).parse("--chaos", text);
    }

    @Option(
            names = "--replay",
            paramLabel = "SEED",
            description = "Replay one lookup of a run with this seed: each request and response.")
    void replay(String text) {
        replay = Range.number("--replay", text);
    }

    @Option(
            names = "--lookup",
            paramLabel = "N",
            description = "Number of the lookup to replay, from 1. Needs --replay. Default: 1.")
    void lookup(String text) {
        lookup = Range.atLeast(1).parse("--lookup", text);
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = Output.standard(global.json());
        return global.timeout().isPresent()
                ? TimeLimit.of(global.timeout().get()).run(limit -> run(output, limit), output)
                : run(output, TimeLimit.NONE);
    }

    private int run(Output output, TimeLimit limit) {
        checkCombination();
        if (networks != null) {
            return new ChaosSearch(output, limit).run(networks, seed == null ? 1 : seed);
        }
        if (file == null) {
            throw new UsageException("missing SCENARIO: give a scenario file, or use --chaos N");
        }
        ScenarioFile scenarios = read(file);
        List<Scenario> runs = chosen(scenarios);
        try {
            if (replay != null) {
                Scenario run = runs.get(0).withSeed(replay);
                return new Replay(output).run(run, lookupOf(run));
            }
            return run(scenarios.title(), runs, output);
        } catch (ScenarioException wrong) {
            throw invalid(file, wrong);
        }
    }

    /** Refuses what would have no effect beside other options. */
    private void checkCombination() {
        List<String> given = new ArrayList<>();
        addIfGiven(given, "SCENARIO", networks == null ? null : file);
        addIfGiven(given, "--out", networks == null && replay == null ? null : out);
        addIfGiven(given, "--run", networks == null ? null : only);
        addIfGiven(given, "--replay", networks == null ? null : replay);
        addIfGiven(given, "--seed", replay == null ? null : seed);
        if (!given.isEmpty()) {
            throw new UsageException(given.get(0) + " has no effect with " + (networks == null ? "--replay" : "--chaos")
                    + ": leave out one of them");
        }
        if (lookup != null && replay == null) {
            throw new UsageException("--lookup needs --replay SEED");
        }
    }

    private static void addIfGiven(List<String> given, String name, @Nullable Object value) {
        if (value != null) {
            given.add(name);
        }
    }

    /** Returns the number of the lookup to replay, which is one that {@code run} has. */
    private int lookupOf(Scenario run) {
        int number = lookup == null ? 1 : lookup;
        long all = run.workload().measuredLookups();
        if (number > all) {
            throw UsageException.outOfRange(
                    "--lookup",
                    "between 1 and " + all + ", the lookups of run " + Quoting.text(run.name()),
                    "" + number);
        }
        return number;
    }

    private static UsageException invalid(Path file, ScenarioException wrong) {
        return new UsageException("invalid SCENARIO " + file + ": " + wrong.getMessage(), wrong);
    }

    private static ScenarioFile read(Path file) {
        try {
            return ScenarioFile.read(file);
        } catch (ScenarioException wrong) {
            throw invalid(file, wrong);
        } catch (IOException failed) {
            throw UsageException.cannot("read SCENARIO " + file, failed);
        }
    }

    private List<Scenario> chosen(ScenarioFile scenarios) {
        List<Scenario> runs = scenarios.runs().stream()
                .filter(each -> only == null || each.name().equals(only))
                .map(each -> seed == null ? each : each.withSeed(seed))
                .toList();
        if (runs.isEmpty()) {
            throw UsageException.unknown(
                    "run",
                    String.valueOf(only),
                    "--run",
                    scenarios.runs().stream().map(Scenario::name).toList());
        }
        return runs;
    }

    private int run(String title, List<Scenario> runs, Output output) {
        if (out != null) {
            prepare(out);
        }
        List<RunResult> results = new ArrayList<>();
        output.printText(title);
        for (Scenario each : runs) {
            RunResult result = new ScenarioRun(each, System.err::println, WireCodec::new).run();
            results.add(result);
            output.printText(MetricsFormatter.text(result));
        }
        if (out != null) {
            write(out, title, results);
        }
        boolean ok = results.stream().allMatch(RunResult::isOk);
        var summary = OutputLine.line("sim").put("ok", ok).put("title", title);
        var list = summary.putArray("runs");
        results.forEach(result -> list.add(MetricsFormatter.json(result)));
        output.write(summary, verdict(results));
        return ok ? 0 : ErrorCode.INTERNAL.exitCode();
    }

    private static String verdict(List<RunResult> results) {
        int all = results.stream()
                .mapToInt(result -> result.scenario().expectations().size())
                .sum();
        int failed = results.stream().mapToInt(result -> result.failed().size()).sum();
        return failed == 0
                ? "PASSED: " + all + " of " + all + " expectations met"
                : "FAILED: " + failed + " of " + all + " expectations not met";
    }

    /** Makes {@code directory}, and fails if no file can be written there, so that no simulation runs in vain. */
    private static void prepare(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "kad", ".tmp"));
        } catch (IOException failed) {
            throw UsageException.cannot("write --out " + directory, failed);
        }
    }

    private static void write(Path directory, String title, List<RunResult> results) {
        try {
            Files.writeString(directory.resolve("metrics.csv"), MetricsFormatter.csv(results));
            Files.writeString(directory.resolve("plot.svg"), Chart.svg(title, results));
            for (RunResult result : results) {
                Files.writeString(directory.resolve(result.scenario().name() + ".csv"), Csv.of(result.report()));
            }
        } catch (IOException failed) {
            throw UsageException.cannot("write --out " + directory, failed);
        }
    }
}
