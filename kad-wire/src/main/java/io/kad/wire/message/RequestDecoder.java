package io.kad.wire.message;

import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;

/** Validation of a decoded message as a request. */
final class RequestDecoder {

    private RequestDecoder() {}

    static KadRequest toRequest(KadMessage message) throws MalformedMessageException {
        long type = message.type();
        if (type < KadMessage.PUT_VALUE || type > KadMessage.PING) {
            throw new MalformedMessageException(
                    Reason.UNKNOWN_TYPE, "unknown request type " + type + "; known: 0 to " + KadMessage.PING);
        }
        return switch ((int) type) {
            case KadMessage.PUT_VALUE -> putValue(message);
            case KadMessage.GET_VALUE -> new KadRequest.GetValue(key(message));
            case KadMessage.ADD_PROVIDER -> new KadRequest.AddProvider(providerKey(message), message.providers());
            case KadMessage.GET_PROVIDERS -> new KadRequest.GetProviders(providerKey(message));
            // rust-libp2p responds to an empty target too
            case KadMessage.FIND_NODE -> new KadRequest.FindNode(message.key());
            default -> new KadRequest.Ping();
        };
    }

    private static KadRequest.PutValue putValue(KadMessage message) throws MalformedMessageException {
        Record record = message.record()
                .orElseThrow(() -> new MalformedMessageException(Reason.MISSING_FIELD, "missing record in PUT_VALUE"));
        if (!record.key().equals(key(message))) {
            throw new MalformedMessageException(
                    Reason.BAD_KEY, "key of PUT_VALUE does not match the key of its record");
        }
        return new KadRequest.PutValue(record);
    }

    private static RecordKey key(KadMessage message) throws MalformedMessageException {
        if (message.key().isEmpty()) {
            throw new MalformedMessageException(Reason.BAD_KEY, "missing key in the request");
        }
        return RecordKey.of(message.key());
    }

    private static RecordKey providerKey(KadMessage message) throws MalformedMessageException {
        RecordKey key = key(message);
        if (key.bytes().size() > ProviderRecord.MAX_KEY_BYTES) {
            throw new MalformedMessageException(
                    Reason.BAD_KEY,
                    "provider key of " + key.bytes().size() + " bytes exceeds the limit of "
                            + ProviderRecord.MAX_KEY_BYTES);
        }
        return key;
    }
}
