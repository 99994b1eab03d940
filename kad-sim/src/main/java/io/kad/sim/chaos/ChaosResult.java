package io.kad.sim.chaos;

import java.util.Optional;

/**
 * Result of the chaos run of one seed.
 *
 * @param seed seed of the run
 * @param traceHash hash over all messages of the run; 0 if there is a violation
 * @param violation the violated invariant and the command that repeats the run, in one line; empty if every invariant held
 */
public record ChaosResult(long seed, long traceHash, Optional<String> violation) {}
