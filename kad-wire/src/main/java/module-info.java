/** The libp2p formats: keys, signatures, messages and records, from bytes to API values and back. */
module io.kad.wire {
    requires transitive io.kad.api;
    requires com.google.protobuf;
    requires org.bouncycastle.provider;
    requires static org.jspecify;

    exports io.kad.wire;
    exports io.kad.wire.encoding;
    exports io.kad.wire.key;
    exports io.kad.wire.message;
}
