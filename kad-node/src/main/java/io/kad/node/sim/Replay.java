package io.kad.node.sim;

import io.kad.node.option.UsageException;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.sim.scenario.Scenario;
import io.kad.sim.scenario.ScenarioRun;

/** Steps through one lookup of a run. */
final class Replay {

    private final Output output;
    private int steps;

    Replay(Output output) {
        this.output = output;
    }

    int run(Scenario scenario, int lookup) {
        if (lookup < 1) {
            throw new UsageException("--lookup: 1 or more is accepted, not " + lookup);
        }
        new ScenarioRun(scenario, System.err::println).replay(lookup, this::tell);
        if (output.isJson()) {
            output.write(OutputLine.done("replayed").put("steps", steps));
        }
        return 0;
    }

    private void tell(String line) {
        steps++;
        if (output.isJson()) {
            output.write(OutputLine.line("step").put("text", line.strip()));
        } else {
            output.say(line);
        }
    }
}
