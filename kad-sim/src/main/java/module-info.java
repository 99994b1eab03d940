/** Simulated networks that run the production code on virtual time. */
module io.kad.sim {
    requires transitive io.kad.api;
    requires transitive io.kad.core;
    requires transitive io.kad.store.memory;
    requires static org.jspecify;

    exports io.kad.sim;
}
