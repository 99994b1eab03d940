package io.kad.sim.scenario;

/**
 * Adversarial peers of a run.
 *
 * @param kind their behavior
 * @param share probability that a server is adversarial, 0 to 1
 * @param supply number of fabricated peers, from 1; for {@link Kind#FABRICATING} only
 * @param dead probability that a fabricated peer never responds, 0 to 1
 */
public record Attack(Kind kind, double share, int supply, double dead) {

    /** Kinds of adversarial peers. */
    public enum Kind {
        /** No adversarial peers. */
        NONE,
        /** Peers that never respond. */
        SILENT,
        /** Peers that respond only with each other. */
        COLLUDING,
        /** Peers that respond with fabricated peers, ever closer to the target. */
        FABRICATING
    }
}
