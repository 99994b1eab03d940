package io.kad.wire.message;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import java.util.Optional;

/** Validation of a decoded message as the response to a request. */
final class ResponseDecoder {

    private final KadMessage message;

    private ResponseDecoder(KadMessage message) {
        this.message = message;
    }

    /** Expected type of a response and its reader, which, unlike a visitor, can throw. */
    private record ExpectedResponse(int type, ResponseReader reader) {}

    private interface ResponseReader {
        KadResponse read() throws MalformedMessageException;
    }

    static KadResponse read(KadMessage message, KadRequest request) throws MalformedMessageException {
        ExpectedResponse expected = request.accept(new ResponseDecoder(message).new ResponseSelector());
        if (message.type() != expected.type()) {
            throw new MalformedMessageException(
                    Reason.UNEXPECTED_RESPONSE_TYPE,
                    "response type must be " + expected.type() + ", got " + message.type());
        }
        return expected.reader().read();
    }

    private KadResponse getValue(KadRequest.GetValue request) throws MalformedMessageException {
        Optional<Record> record = message.record();
        if (record.isPresent() && !record.get().key().equals(request.key())) {
            throw new MalformedMessageException(
                    Reason.UNEXPECTED_RECORD, "key of the record in the response does not match the request");
        }
        return new KadResponse.GetValue(record, message.closerPeers());
    }

    private KadResponse putValue(KadRequest.PutValue request) throws MalformedMessageException {
        Record record = message.record()
                .orElseThrow(() -> new MalformedMessageException(
                        Reason.MISSING_FIELD, "missing record in the PUT_VALUE response"));
        boolean sameKey = record.key().equals(request.record().key())
                && (message.key().isEmpty() || message.key().equals(record.key().bytes()));
        if (!sameKey || !record.value().equals(request.record().value())) {
            throw new MalformedMessageException(
                    Reason.UNEXPECTED_RECORD, "record in the PUT_VALUE response does not match the sent one");
        }
        return new KadResponse.PutValue(record);
    }

    private final class ResponseSelector implements KadRequest.Visitor<ExpectedResponse> {

        @Override
        public ExpectedResponse findNode(KadRequest.FindNode request) {
            return new ExpectedResponse(KadMessage.FIND_NODE, () -> new KadResponse.FindNode(message.closerPeers()));
        }

        @Override
        public ExpectedResponse getValue(KadRequest.GetValue request) {
            return new ExpectedResponse(KadMessage.GET_VALUE, () -> ResponseDecoder.this.getValue(request));
        }

        @Override
        public ExpectedResponse putValue(KadRequest.PutValue request) {
            return new ExpectedResponse(KadMessage.PUT_VALUE, () -> ResponseDecoder.this.putValue(request));
        }

        @Override
        public ExpectedResponse addProvider(KadRequest.AddProvider request) {
            throw new IllegalArgumentException("ADD_PROVIDER has no response");
        }

        @Override
        public ExpectedResponse getProviders(KadRequest.GetProviders request) {
            return new ExpectedResponse(
                    KadMessage.GET_PROVIDERS,
                    () -> new KadResponse.GetProviders(message.providers(), message.closerPeers()));
        }

        @Override
        public ExpectedResponse ping(KadRequest.Ping request) {
            return new ExpectedResponse(KadMessage.PING, KadResponse.Ping::new);
        }
    }
}
