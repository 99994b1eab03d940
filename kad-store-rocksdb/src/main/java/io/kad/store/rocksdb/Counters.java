package io.kad.store.rocksdb;

import java.nio.ByteBuffer;

/** How much is held, and the numbers given out; written with each change, so that they are always true. Not thread-safe. */
final class Counters {

    private static final int COUNT = 6;

    long ownRecords;
    long foreignRecords;
    long ownProviders;
    long foreignProviders;
    long lastSequence;
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

    long records() {
        return ownRecords + foreignRecords;
    }

    long providers() {
        return ownProviders + foreignProviders;
    }

    void countRecord(boolean own, int change) {
        if (own) {
            ownRecords += change;
        } else {
            foreignRecords += change;
        }
    }

    void countProvider(boolean own, int change) {
        if (own) {
            ownProviders += change;
        } else {
            foreignProviders += change;
        }
    }
}
