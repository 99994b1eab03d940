package io.kad.store.rocksdb.database;

import java.nio.charset.StandardCharsets;

/** Column families of the database; {@code docs/STORE.md} describes their content. The names are part of the schema. */
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

    private final String diskName;

    ColumnFamily(String name) {
        this.diskName = name;
    }

    /** Returns the name on disk, in ASCII. */
    public byte[] bytes() {
        return diskName.getBytes(StandardCharsets.US_ASCII);
    }
}
