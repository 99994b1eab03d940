package io.kad.wire.message;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.encoding.ProtoWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Builder of a Kademlia message: fixed fields, and lists of peers that share the remaining space.
 *
 * <p>Field 10, the cluster level of old versions, is omitted, because no implementation reads it. The type is written
 * also if it is 0.
 */
final class MessageBuilder {

    private final ProtoWriter fixed;
    private final List<PeerList> lists = new ArrayList<>(2);

    private MessageBuilder(int type, int expectedSize) {
        fixed = new ProtoWriter(expectedSize).varint(KadMessage.TYPE, type);
    }

    static MessageBuilder of(int type) {
        return new MessageBuilder(type, 1024);
    }

    static MessageBuilder of(int type, Bytes key) {
        MessageBuilder message = of(type);
        message.fixed.bytes(KadMessage.KEY, key);
        return message;
    }

    MessageBuilder record(Record record, Instant now) {
        fixed.message(KadMessage.RECORD, RecordCodec.write(record, now));
        return this;
    }

    /** Returns the bytes of {@code limit} that the fields so far leave; negative if they exceed it. */
    int remainingBytes(int limit) {
        return limit - fixed.size();
    }

    /** Appends the peers that {@code list} has selected. */
    MessageBuilder peers(PeerList list) {
        lists.add(list);
        return this;
    }

    byte[] toArray() {
        lists.forEach(list -> list.write(fixed));
        return fixed.toArray();
    }

    /**
     * Returns the message.
     *
     * @throws MessageTooLargeException if it exceeds {@code limit} bytes
     */
    byte[] build(int limit) throws MessageTooLargeException {
        byte[] message = toArray();
        if (message.length > limit) {
            throw new MessageTooLargeException("message", message.length, limit, KademliaConfig.MAX_SENT_MESSAGE_BYTES);
        }
        return message;
    }
}
