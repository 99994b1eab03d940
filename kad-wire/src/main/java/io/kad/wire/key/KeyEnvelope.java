package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import io.kad.wire.encoding.ProtoReader;
import io.kad.wire.encoding.ProtoWriter;
import java.util.Optional;

/**
 * Protobuf message of a public or private key.
 *
 * @param type type of the key
 * @param data key in the encoding of its type
 */
public record KeyEnvelope(KeyType type, Bytes data) {

    private static final int TYPE = 1;
    private static final int DATA = 2;
    private static final int TYPE_TAG = ProtoReader.varintTag(TYPE);
    private static final int DATA_TAG = ProtoReader.bytesTag(DATA);

    /**
     * Decodes a key; accepts fields in any order and ignores unknown ones.
     *
     * @param maxBytes limit of the encoded size
     * @throws MalformedMessageException if {@code encoded} is too long, lacks a field, or has an unknown type
     */
    public static KeyEnvelope decode(Bytes encoded, int maxBytes) throws MalformedMessageException {
        if (encoded.size() > maxBytes) {
            throw new MalformedMessageException(
                    Reason.BAD_IDENTITY_KEY, "key of " + encoded.size() + " bytes exceeds the limit of " + maxBytes);
        }
        ProtoReader in = new ProtoReader(encoded);
        Optional<Long> type = Optional.empty();
        Optional<Bytes> data = Optional.empty();
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == TYPE_TAG) {
                type = Optional.of(in.varint());
            } else if (tag == DATA_TAG) {
                data = Optional.of(in.bytes());
            } else {
                in.skip(tag);
            }
        }
        if (type.isEmpty() || data.isEmpty()) {
            throw new MalformedMessageException(Reason.MISSING_FIELD, "missing type or data of a key");
        }
        long number = type.get();
        KeyType keyType = KeyType.of(number)
                .orElseThrow(() -> new MalformedMessageException(
                        Reason.BAD_IDENTITY_KEY,
                        "unknown key type " + number + "; known: 0 to " + (KeyType.values().length - 1)));
        return new KeyEnvelope(keyType, data.get());
    }

    /** Encodes the canonical form, from which peer IDs are computed: both fields, in order, also a type of 0. */
    Bytes encode() {
        return new ProtoWriter(data.size() + 8)
                .varint(TYPE, type.number())
                .bytes(DATA, data)
                .toBytes();
    }
}
