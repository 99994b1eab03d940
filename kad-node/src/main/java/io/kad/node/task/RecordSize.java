package io.kad.node.task;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadRequest;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.message.KadCodec;
import java.time.Instant;
import java.util.Optional;

/** Size of a record on the wire: of its key, its value, its publisher, its time to live and its time of publication. */
final class RecordSize {

    private RecordSize() {}

    /**
     * Checks that a message of {@code kad} has room for {@code record}.
     *
     * @throws UsageException if its key leaves no room for a value
     * @throws TaskFailure if its value is too large; the message says how large it may be
     */
    static void requireFits(Record record, Kademlia kad) throws TaskFailure {
        int size = record.value().size();
        if (fits(size, record, kad)) {
            return;
        }
        String limit = kad.config().get(KademliaConfig.MAX_SENT_MESSAGE_BYTES) + " bytes ("
                + KademliaConfig.MAX_SENT_MESSAGE_BYTES.name() + ")";
        if (!fits(0, record, kad)) {
            throw new UsageException("key of " + record.key().bytes().size()
                    + " bytes leaves no room for a value in a message of " + limit);
        }
        throw new TaskFailure(
                ErrorCode.INVALID_RECORD,
                "value of " + size + " bytes exceeds the limit of " + largest(record, kad)
                        + " under this key, which is twice in a message of at most " + limit);
    }

    /** Returns the size of the largest value in place of that of {@code record}, by bisection. */
    private static int largest(Record record, Kademlia kad) {
        int fitting = 0;
        int tooLarge = kad.config().get(KademliaConfig.MAX_SENT_MESSAGE_BYTES);
        while (tooLarge - fitting > 1) {
            int middle = (fitting + tooLarge) >>> 1;
            if (fits(middle, record, kad)) {
                fitting = middle;
            } else {
                tooLarge = middle;
            }
        }
        return fitting;
    }

    /** Returns whether {@code record} fits into a message, with the publisher and the time that a put adds, and with a value of that size. */
    private static boolean fits(int valueSize, Record record, Kademlia kad) {
        if (valueSize > kad.config().get(KademliaConfig.MAX_SENT_MESSAGE_BYTES)) {
            return false;
        }
        Instant now = Instant.now();
        Record sent = Record.of(record.key(), Bytes.of(new byte[valueSize]))
                .withExpires(record.expires()
                        .or(() -> kad.config().get(KademliaConfig.RECORD_TTL).map(now::plus)))
                .withPublisher(kad.peerId())
                .withPublished(Optional.of(PublicationTime.stated(now)));
        try {
            new KadCodec(kad.config()).encode(new KadRequest.PutValue(sent), now);
            return true;
        } catch (MessageTooLargeException tooLarge) {
            return false;
        }
    }
}
