/** Simulated networks that run the production code on virtual time. */
module io.kad.sim {
    requires transitive io.kad.api;
    requires transitive io.kad.core;
    requires transitive io.kad.store.memory;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires java.management;
    requires static org.jspecify;

    exports io.kad.sim;
    exports io.kad.sim.chaos;
    exports io.kad.sim.scenario;
}
