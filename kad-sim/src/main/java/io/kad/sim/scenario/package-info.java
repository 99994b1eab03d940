/**
 * Simulations described by YAML files: network, adversarial peers, faults, workload, and expected metrics.
 *
 * <p>{@link io.kad.sim.scenario.ScenarioFile} reads the runs, {@link io.kad.sim.scenario.ScenarioRun} executes one of them, and {@link
 * io.kad.sim.scenario.RunResult} holds its metrics. docs/SIMULATION.md lists the fields. A run is confined to one thread.
 */
@NullMarked
package io.kad.sim.scenario;

import org.jspecify.annotations.NullMarked;
