package io.kad.store.rocksdb.database;

import java.nio.ByteBuffer;

/** How much is held, and the numbers given out; written with each change, so that they are always true. Not thread-safe. */
public final class Counters {

    private static final int COUNT = 6;

    public long ownRecords;
    public long foreignRecords;
    public long ownProviders;
    public long foreignProviders;
    public long lastSequence;
    long lastPeer;

    static Counters read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Counters counters = new Counters();
        counters.ownRecords = buffer.getLong();
        counters.foreignRecords = buffer.getLong();
        counters.ownProviders = buffer.getLong();
        counters.foreignProviders = buffer.getLong();
        counters.lastSequence = buffer.getLong();
        counters.lastPeer = buffer.getLong();
        return counters;
    }

    byte[] bytes() {
        return ByteBuffer.allocate(COUNT * Long.BYTES)
                .putLong(ownRecords)
                .putLong(foreignRecords)
                .putLong(ownProviders)
                .putLong(foreignProviders)
                .putLong(lastSequence)
                .putLong(lastPeer)
                .array();
    }

    Counters copy() {
        return read(bytes());
    }

    public long records() {
        return ownRecords + foreignRecords;
    }

    public long providers() {
        return ownProviders + foreignProviders;
    }

    public void countRecord(boolean own, int change) {
        if (own) {
            ownRecords += change;
        } else {
            foreignRecords += change;
        }
    }

    public void countProvider(boolean own, int change) {
        if (own) {
            ownProviders += change;
        } else {
            foreignProviders += change;
        }
    }
}
