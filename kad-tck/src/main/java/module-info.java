/** Compatibility tests of record stores, provider stores, peer snapshot stores and transports. */
module io.kad.tck {
    requires transitive io.kad.api;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires static transitive org.jspecify;

    exports io.kad.tck;
    exports io.kad.tck.support;
}
