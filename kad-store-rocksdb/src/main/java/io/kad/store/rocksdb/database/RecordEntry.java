package io.kad.store.rocksdb.database;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * Stored form of a record: flags, number of the publisher, expiry, time of receipt, time of publication, and value.
 *
 * @param local whether the local peer published it
 * @param publisherNumber the number of the publisher; 0 for none
 */
public record RecordEntry(
        boolean local,
        long publisherNumber,
        Optional<Instant> expires,
        Optional<Instant> received,
        Optional<PublicationTime> publication,
        Bytes value) {

    private static final int LOCAL = 1;
    private static final int HAS_PUBLISHER = 2;
    private static final int EXPIRES = 4;
    private static final int RECEIVED = 8;
    private static final int HAS_PUBLICATION_TIME = 16;
    private static final int ESTIMATED = 32;

    public static RecordEntry of(Record record, boolean local, long publisher) {
        return new RecordEntry(
                local, publisher, record.expires(), record.timeReceived(), record.published(), record.value());
    }

    public static RecordEntry read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int flags = buffer.get();
        return new RecordEntry(
                (flags & LOCAL) != 0,
                (flags & HAS_PUBLISHER) != 0 ? buffer.getLong() : 0,
                KeyEncoding.time(buffer, (flags & EXPIRES) != 0),
                KeyEncoding.time(buffer, (flags & RECEIVED) != 0),
                publication(buffer, flags),
                KeyEncoding.rest(buffer));
    }

    private static Optional<PublicationTime> publication(ByteBuffer buffer, int flags) {
        return (flags & HAS_PUBLICATION_TIME) == 0
                ? Optional.empty()
                : Optional.of(new PublicationTime(Instant.ofEpochMilli(buffer.getLong()), (flags & ESTIMATED) != 0));
    }

    /** Returns whether an encoded entry has a publisher. */
    static boolean hasPublisher(byte[] bytes) {
        return (bytes[0] & HAS_PUBLISHER) != 0;
    }

    public byte[] bytes() {
        int flags = (local ? LOCAL : 0)
                | (publisherNumber != 0 ? HAS_PUBLISHER : 0)
                | (expires.isPresent() ? EXPIRES : 0)
                | (received.isPresent() ? RECEIVED : 0)
                | (publication.isPresent() ? HAS_PUBLICATION_TIME : 0)
                | (publication.filter(PublicationTime::estimated).isPresent() ? ESTIMATED : 0);
        int size = 1
                + (publisherNumber != 0 ? KeyEncoding.NUMBER_BYTES : 0)
                + KeyEncoding.optionalTimeBytes(expires)
                + KeyEncoding.optionalTimeBytes(received)
                + (publication.isPresent() ? Long.BYTES : 0)
                + value.size();
        ByteBuffer buffer = ByteBuffer.allocate(size).put((byte) flags);
        if (publisherNumber != 0) {
            buffer.putLong(publisherNumber);
        }
        KeyEncoding.putTime(buffer, expires);
        KeyEncoding.putTime(buffer, received);
        publication.ifPresent(published -> buffer.putLong(published.time().toEpochMilli()));
        return buffer.put(value.toArray()).array();
    }

    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    /** Returns the record under {@code key}, with the ID that {@link #publisherNumber} stands for. */
    public Record record(byte[] key, Optional<PeerId> publisherId) {
        return new Record(RecordKey.of(Bytes.of(key)), value, publisherId, expires, received, publication);
    }
}
