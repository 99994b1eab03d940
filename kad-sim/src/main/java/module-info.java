/** Simulated networks that run the production code on virtual time. */
module io.kad.sim {
    requires transitive io.kad.api;
    requires transitive io.kad.store.memory;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires io.kad.core;
    requires java.management;
    requires static transitive org.jspecify;
    requires static transitive org.junit.jupiter.api;
    requires static org.junit.platform.commons;

    exports io.kad.sim;
    exports io.kad.sim.adversary;
    exports io.kad.sim.chaos;
    exports io.kad.sim.junit;
    exports io.kad.sim.network;
    exports io.kad.sim.scenario;
}
