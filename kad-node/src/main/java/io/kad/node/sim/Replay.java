package io.kad.node.sim;

import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.sim.scenario.Scenario;
import io.kad.sim.scenario.ScenarioRun;

/** Replay of one lookup of a run, step by step. */
final class Replay {

    private final Output output;
    private int steps;

    Replay(Output output) {
        this.output = output;
    }

    int run(Scenario scenario, int lookup) {
        new ScenarioRun(scenario, System.err::println, WireCodec::new).replay(lookup, this::step);
        if (output.isJson()) {
            output.write(OutputLine.done("replayed").put("steps", steps));
        }
        return 0;
    }

    private void step(String line) {
        steps++;
        output.write(OutputLine.line("step").put("text", line.strip()), line);
    }
}
