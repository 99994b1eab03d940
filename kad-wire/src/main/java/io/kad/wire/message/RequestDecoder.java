package io.kad.wire.message;

import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;

/** Judges a message as a request. */
final class RequestDecoder {

    private RequestDecoder() {}

    static KadRequest read(KadMessage message) throws MalformedMessageException {
        long type = message.type();
        if (type < KadMessage.PUT_VALUE || type > KadMessage.PING) {
            throw new MalformedMessageException(Reason.UNKNOWN_TYPE, "requests of type " + type + " are not known");
        }
        return switch ((int) type) {
            case KadMessage.PUT_VALUE -> putValue(message);
            case KadMessage.GET_VALUE -> new KadRequest.GetValue(key(message));
            case KadMessage.ADD_PROVIDER -> new KadRequest.AddProvider(providerKey(message), message.providers());
            case KadMessage.GET_PROVIDERS -> new KadRequest.GetProviders(providerKey(message));
            // rust answers an empty target too
            case KadMessage.FIND_NODE -> new KadRequest.FindNode(message.key());
            default -> new KadRequest.Ping();
        };
    }

    private static KadRequest.PutValue putValue(KadMessage message) throws MalformedMessageException {
        Record record = message.record()
                .orElseThrow(() -> new MalformedMessageException(Reason.MISSING_FIELD, "PUT_VALUE lacks a record"));
        if (!record.key().equals(key(message))) {
            throw new MalformedMessageException(Reason.BAD_KEY, "PUT_VALUE has a key that is not its record's");
        }
        return new KadRequest.PutValue(record);
    }

    private static RecordKey key(KadMessage message) throws MalformedMessageException {
        if (message.key().isEmpty()) {
            throw new MalformedMessageException(Reason.BAD_KEY, "the request lacks a key");
        }
        return RecordKey.of(message.key());
    }

    private static RecordKey providerKey(KadMessage message) throws MalformedMessageException {
        RecordKey key = key(message);
        if (key.bytes().size() > ProviderRecord.MAX_KEY_BYTES) {
            throw new MalformedMessageException(
                    Reason.BAD_KEY,
                    "a provider key has at most " + ProviderRecord.MAX_KEY_BYTES + " bytes, not "
                            + key.bytes().size());
        }
        return key;
    }
}
