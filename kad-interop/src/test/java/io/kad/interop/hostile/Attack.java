package io.kad.interop.hostile;

/**
 * One way to harm a node.
 *
 * @param name what it does
 * @param action does it, in bounded time unless the node stops reading
 */
record Attack(String name, Action action) {

    /** What a hostile peer does. */
    interface Action {
        void run(Target target) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }
}
