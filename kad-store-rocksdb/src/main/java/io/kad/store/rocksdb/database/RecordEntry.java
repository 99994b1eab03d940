package io.kad.store.rocksdb.database;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * Stored form of a record: flags, number of the publisher, expiry, time of receipt, and value.
 *
 * @param local whether the local peer published it
 * @param publisherNumber the number of the publisher; 0 for none
 */
public record RecordEntry(
        boolean local, long publisherNumber, Optional<Instant> expires, Optional<Instant> received, Bytes value) {

    private static final int LOCAL = 1;
    private static final int PUBLISHED = 2;
    private static final int EXPIRES = 4;
    private static final int RECEIVED = 8;

    public static RecordEntry of(Record record, boolean local, long publisher) {
        return new RecordEntry(local, publisher, record.expires(), record.timeReceived(), record.value());
    }

    public static RecordEntry read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int flags = buffer.get();
        return new RecordEntry(
                (flags & LOCAL) != 0,
                (flags & PUBLISHED) != 0 ? buffer.getLong() : 0,
                KeyEncoding.time(buffer, (flags & EXPIRES) != 0),
                KeyEncoding.time(buffer, (flags & RECEIVED) != 0),
                KeyEncoding.rest(buffer));
    }

    /** Returns whether an encoded entry has a publisher. */
    static boolean isPublished(byte[] bytes) {
        return (bytes[0] & PUBLISHED) != 0;
    }

    public byte[] bytes() {
        int flags = (local ? LOCAL : 0)
                | (publisherNumber != 0 ? PUBLISHED : 0)
                | (expires.isPresent() ? EXPIRES : 0)
                | (received.isPresent() ? RECEIVED : 0);
        int size = 1
                + (publisherNumber != 0 ? KeyEncoding.NUMBER_BYTES : 0)
                + KeyEncoding.optionalTimeBytes(expires)
                + KeyEncoding.optionalTimeBytes(received)
                + value.size();
        ByteBuffer buffer = ByteBuffer.allocate(size).put((byte) flags);
        if (publisherNumber != 0) {
            buffer.putLong(publisherNumber);
        }
        KeyEncoding.putTime(buffer, expires);
        KeyEncoding.putTime(buffer, received);
        return buffer.put(value.toArray()).array();
    }

    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    /** Returns the record under {@code key}, with the ID that {@link #publisherNumber} stands for. */
    public Record record(byte[] key, Optional<PeerId> publisherId) {
        return new Record(RecordKey.of(Bytes.of(key)), value, publisherId, expires, received);
    }
}
