package io.kad.store.rocksdb.database;

import java.nio.ByteBuffer;

/**
 * Peer that entries refer to by a number instead of its ID, with the numbers of its references.
 *
 * @param number the number, unique in a database and never reused
 * @param records the number of stored records that it published
 * @param providers the number of its stored provider records
 */
public record NumberedPeer(long number, int records, int providers) {

    static NumberedPeer read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new NumberedPeer(buffer.getLong(), buffer.getInt(), buffer.getInt());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(KeyEncoding.NUMBER_BYTES + 2 * Integer.BYTES)
                .putLong(number)
                .putInt(records)
                .putInt(providers)
                .array();
    }

    /** Returns this peer with its numbers of references changed; the arguments may be negative. */
    NumberedPeer with(int recordsChange, int providersChange) {
        return new NumberedPeer(number, records + recordsChange, providers + providersChange);
    }

    boolean isUnused() {
        return records == 0 && providers == 0;
    }
}
