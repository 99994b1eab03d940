package io.kad.wire.message;

import io.kad.api.id.Bytes;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.encoding.ProtoWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A Kademlia message in the making: fixed parts, and lists of peers that take what is left of the room.
 *
 * <p>The cluster level of old versions, field 10, is left out: nobody reads it, and js sends it to nobody either. The type is written
 * also when it is 0.
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

    /** Returns how many bytes of {@code limit} the parts so far leave; negative if they exceed it. */
    int remainingBytes(int limit) {
        return limit - fixed.size();
    }

    /** Appends {@code list}, as far as it has taken peers. */
    MessageBuilder peers(PeerList list) {
        lists.add(list);
        return this;
    }

    byte[] toArray() {
        lists.forEach(list -> list.write(fixed));
        return fixed.toArray();
    }

    byte[] build(int limit) throws MessageTooLargeException {
        byte[] message = toArray();
        if (message.length > limit) {
            throw new MessageTooLargeException("the message", message.length, limit);
        }
        return message;
    }
}
