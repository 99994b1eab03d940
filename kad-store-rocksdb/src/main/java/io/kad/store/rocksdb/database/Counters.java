package io.kad.store.rocksdb.database;

import java.nio.ByteBuffer;

/** Numbers of stored records, and the last assigned sequence and peer number; written in the batch of each change. Not thread-safe. */
public final class Counters {

    private static final int COUNT = 6;

    public long localRecords;
    public long remoteRecords;
    public long localProviders;
    public long remoteProviders;
    public long lastSequence;
    long lastPeer;

    static Counters read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Counters counters = new Counters();
        counters.localRecords = buffer.getLong();
        counters.remoteRecords = buffer.getLong();
        counters.localProviders = buffer.getLong();
        counters.remoteProviders = buffer.getLong();
        counters.lastSequence = buffer.getLong();
        counters.lastPeer = buffer.getLong();
        return counters;
    }

    byte[] bytes() {
        return ByteBuffer.allocate(COUNT * Long.BYTES)
                .putLong(localRecords)
                .putLong(remoteRecords)
                .putLong(localProviders)
                .putLong(remoteProviders)
                .putLong(lastSequence)
                .putLong(lastPeer)
                .array();
    }

    Counters copy() {
        return read(bytes());
    }

    public long records() {
        return localRecords + remoteRecords;
    }

    public long providers() {
        return localProviders + remoteProviders;
    }

    long entries() {
        return records() + providers();
    }

    public void countRecord(boolean local, int change) {
        if (local) {
            localRecords += change;
        } else {
            remoteRecords += change;
        }
    }

    public void countProvider(boolean local, int change) {
        if (local) {
            localProviders += change;
        } else {
            remoteProviders += change;
        }
    }
}
