package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import io.kad.wire.encoding.ProtoReader;
import io.kad.wire.encoding.ProtoWriter;
import java.util.Optional;

/** The protobuf message around a public or a private key: its type and its own encoding. */
public record KeyEnvelope(KeyType type, Bytes data) {

    private static final int TYPE = 1;
    private static final int DATA = 2;
    private static final int TYPE_TAG = ProtoReader.varintTag(TYPE);
    private static final int DATA_TAG = ProtoReader.bytesTag(DATA);

    /** Reads fields in any order, passing over unknown ones. */
    public static KeyEnvelope decode(Bytes encoded, int maxBytes) throws MalformedMessageException {
        if (encoded.size() > maxBytes) {
            throw new MalformedMessageException(
                    Reason.BAD_IDENTITY_KEY, "a key takes " + encoded.size() + " bytes, more than " + maxBytes);
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
            throw new MalformedMessageException(Reason.MISSING_FIELD, "a key lacks its type or its data");
        }
        long number = type.get();
        KeyType known = KeyType.of(number)
                .orElseThrow(() -> new MalformedMessageException(
                        Reason.BAD_IDENTITY_KEY, "keys of type " + number + " are not known"));
        return new KeyEnvelope(known, data.get());
    }

    /** Writes the one form that peer ids are computed from: both fields, in order, also a type of 0. */
    Bytes encode() {
        return new ProtoWriter(data.size() + 8)
                .varint(TYPE, type.number())
                .bytes(DATA, data)
                .toBytes();
    }
}
