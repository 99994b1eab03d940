package io.kad.store.rocksdb.database;

import java.nio.ByteBuffer;

/**
 * A peer that is named by a number, because it is named often.
 *
 * @param records how many records it published that are held
 * @param providers how many provider records of it are held
 */
public record InternedPeer(long number, int records, int providers) {

    static InternedPeer read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new InternedPeer(buffer.getLong(), buffer.getInt(), buffer.getInt());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(KeyEncoding.NUMBER_BYTES + 2 * Integer.BYTES)
                .putLong(number)
                .putInt(records)
                .putInt(providers)
                .array();
    }

    InternedPeer with(int moreRecords, int moreProviders) {
        return new InternedPeer(number, records + moreRecords, providers + moreProviders);
    }

    boolean isUnused() {
        return records == 0 && providers == 0;
    }
}
