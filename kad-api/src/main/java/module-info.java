/** What users and plug-ins of kad see: values, configuration, events and service interfaces. */
module io.kad.api {
    requires static org.jspecify;

    exports io.kad.api;
    exports io.kad.api.event;
    exports io.kad.api.id;
    exports io.kad.api.message;
    exports io.kad.api.record;
    exports io.kad.api.result;
    exports io.kad.api.spi;
    exports io.kad.api.spi.metrics;
    exports io.kad.api.spi.store;
    exports io.kad.api.spi.transport;
    exports io.kad.api.text;

    uses io.kad.api.KademliaBuilder.Factory;
}
