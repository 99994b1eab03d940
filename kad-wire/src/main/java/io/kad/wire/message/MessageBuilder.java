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

    /** Space of the type, so that most messages need no more than their key. */
    private static final int TYPE_BYTES = 16;

    private final ProtoWriter fixed;
    private final List<PeerList> lists = new ArrayList<>(2);

    private MessageBuilder(int type, int expectedSize) {
        fixed = new ProtoWriter(expectedSize).varint(KadMessage.TYPE, type);
    }

    static MessageBuilder of(int type) {
        return new MessageBuilder(type, TYPE_BYTES);
    }

    static MessageBuilder of(int type, Bytes key) {
        MessageBuilder message =
                new MessageBuilder(type, TYPE_BYTES + ProtoWriter.bytesSize(KadMessage.KEY, key.size()));
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

    /** Returns the size of the message in bytes. */
    int size() {
        int size = fixed.size();
        for (int index = 0; index < lists.size(); index++) {
            size += lists.get(index).size();
        }
        return size;
    }

    /** Writes the message, and nothing else. */
    void write(ProtoWriter out) {
        out.append(fixed);
        for (int index = 0; index < lists.size(); index++) {
            lists.get(index).write(out);
        }
    }

    byte[] toArray() {
        ProtoWriter out = new ProtoWriter(size());
        write(out);
        return out.toArray();
    }

    /**
     * Returns this message.
     *
     * @throws MessageTooLargeException if it exceeds {@code limit} bytes
     */
    MessageBuilder requireFits(int limit) throws MessageTooLargeException {
        int size = size();
        if (size > limit) {
            throw new MessageTooLargeException("message", size, limit, KademliaConfig.MAX_SENT_MESSAGE_BYTES);
        }
        return this;
    }
}
