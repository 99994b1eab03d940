package io.kad.node.sim;

import io.kad.node.option.GlobalOptions;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Simulates networks: the runs of a scenario file, one lookup of a run step by step, or many small networks full of faults. */
@Command(name = "sim", description = "Simulate networks on virtual time.")
public final class SimCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "A scenario file, such as those in scenarios/.")
    private @Nullable Path file;

    @Option(names = "--out", paramLabel = "DIR", description = "Write observations as CSV and a drawing there.")
    private @Nullable Path out;

    @Option(names = "--run", paramLabel = "NAME", description = "Only this run of the scenario.")
    private @Nullable String only;

    @Option(names = "--seed", paramLabel = "SEED", description = "Another seed; with --seeds the first one.")
    private @Nullable Long seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Check N small networks full of faults, one for each seed, instead of a scenario.")
    private @Nullable Integer seeds;

    @Option(
            names = "--replay",
            paramLabel = "SEED",
            description = "Step through one lookup of a run with this seed: what each peer was asked and said.")
    private @Nullable Long replay;

    @Option(
            names = "--lookup",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Which lookup to step through; ${DEFAULT-VALUE} by default.")
    private int lookup = 1;

    /** Made by the command line. */
    public SimCommand() {}

    @Override
    public Integer call() {
        Output output = new Output(System.out, global.json());
        if (seeds != null) {
            return new ChaosSearch(output).run(seeds, seed == null ? 1 : seed);
        }
        if (file == null) {
            throw new UsageException("SCENARIO: name a scenario file, or give --seeds N");
        }
        ScenarioFile scenarios = read(file);
        List<Scenario> runs = chosen(scenarios);
        if (replay != null) {
            return new Replay(output).run(runs.get(0).withSeed(replay), lookup);
        }
        return run(scenarios.title(), runs, output);
    }

    private static ScenarioFile read(Path file) {
        try {
            return ScenarioFile.read(file);
        } catch (ScenarioException wrong) {
            throw new UsageException("SCENARIO: " + file + ": " + wrong.getMessage(), wrong);
        } catch (NoSuchFileException missing) {
            throw new UsageException("SCENARIO: there is no file " + file, missing);
        } catch (IOException unreadable) {
            throw new UsageException("SCENARIO: " + file + " can't be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private List<Scenario> chosen(ScenarioFile scenarios) {
        List<Scenario> runs = scenarios.runs().stream()
                .filter(each -> only == null || each.name().equals(only))
                .map(each -> seed == null ? each : each.withSeed(seed))
                .toList();
        if (runs.isEmpty()) {
            throw new UsageException("--run: there is no run '" + only + "'; there are "
                    + scenarios.runs().stream().map(Scenario::name).toList());
        }
        return runs;
    }

    private int run(String title, List<Scenario> runs, Output output) {
        List<RunResult> results = new ArrayList<>();
        output.say(title);
        for (Scenario each : runs) {
            RunResult result = new ScenarioRun(each, System.err::println).run();
            results.add(result);
            output.say(MetricsFormatter.text(result));
        }
        if (out != null) {
            write(out, title, results);
        }
        boolean ok = results.stream().allMatch(RunResult::isOk);
        var summary = OutputLine.line("sim").put("ok", ok).put("title", title);
        var list = summary.putArray("runs");
        results.forEach(result -> list.add(MetricsFormatter.json(result)));
        if (output.isJson()) {
            output.write(summary);
        } else {
            output.say(ok ? "all as expected" : "not all as expected");
        }
        return ok ? 0 : ErrorCode.INTERNAL.exitCode();
    }

    private static void write(Path directory, String title, List<RunResult> results) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("figures.csv"), MetricsFormatter.csv(results));
            Files.writeString(directory.resolve("plot.svg"), Chart.svg(title, results));
            for (RunResult result : results) {
                Files.writeString(directory.resolve(result.scenario().name() + ".csv"), Csv.of(result.report()));
            }
        } catch (IOException failed) {
            throw new UsageException("--out: " + directory + " can't be written: " + failed.getMessage(), failed);
        }
    }
}
