package io.kad.sim.scenario;

/**
 * What hostile peers do.
 *
 * @param kind what they do
 * @param share the share of peers that are hostile, 0 to 1
 * @param supply how many peers inventors can invent
 * @param dead the share of invented peers that never answer, 0 to 1
 */
public record Attack(Kind kind, double share, int supply, double dead) {

    /** The kinds of hostile peers. */
    public enum Kind {
        /** There are none. */
        NONE,
        /** They never answer. */
        SILENT,
        /** They answer only with each other. */
        COLLUDING,
        /** They invent peers ever nearer to what is looked for. */
        FABRICATING
    }
}
