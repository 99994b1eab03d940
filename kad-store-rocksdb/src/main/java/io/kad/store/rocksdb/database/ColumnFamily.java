package io.kad.store.rocksdb.database;

import java.nio.charset.StandardCharsets;

/** The column families; what is in each is said in {@code docs/STORE.md}. */
public enum ColumnFamily {
    META("default"),
    PEERS("peers"),
    PEER_NUMBERS("peer-numbers"),
    RECORDS("records"),
    LOCAL_RECORDS("own-records"),
    RECORD_DISTANCES("record-distances"),
    RECORD_EXPIRIES("record-expiries"),
    PROVIDERS("providers"),
    PROVIDER_KEYS("provider-keys"),
    PROVIDER_COUNTS("provider-counts"),
    LOCAL_PROVIDERS("own-providers"),
    PROVIDER_EXPIRIES("provider-expiries");

    private final String text;

    ColumnFamily(String text) {
        this.text = text;
    }

    public byte[] bytes() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
