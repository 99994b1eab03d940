package io.kad.wire.message;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import java.util.Optional;

/** Judges a message as the answer to a request. */
final class ResponseDecoder {

    private final KadMessage message;

    private ResponseDecoder(KadMessage message) {
        this.message = message;
    }

    /** What reads the answer to one kind of request; a visitor can't throw what reading does. */
    private record ExpectedResponse(int type, ResponseReader reading) {}

    private interface ResponseReader {
        KadResponse read() throws MalformedMessageException;
    }

    static KadResponse read(KadMessage message, KadRequest asked) throws MalformedMessageException {
        ExpectedResponse expected = asked.accept(new ResponseDecoder(message).new ResponseSelector());
        if (message.type() != expected.type()) {
            throw new MalformedMessageException(
                    Reason.UNEXPECTED_RESPONSE_TYPE,
                    "the answer is of type " + message.type() + ", not " + expected.type());
        }
        return expected.reading().read();
    }

    private KadResponse getValue(KadRequest.GetValue asked) throws MalformedMessageException {
        Optional<Record> record = message.record();
        if (record.isPresent() && !record.get().key().equals(asked.key())) {
            throw new MalformedMessageException(
                    Reason.UNEXPECTED_RECORD, "the answer has a record of another key than was asked for");
        }
        return new KadResponse.GetValue(record, message.closerPeers());
    }

    private KadResponse putValue(KadRequest.PutValue asked) throws MalformedMessageException {
        Record echo = message.record()
                .orElseThrow(() ->
                        new MalformedMessageException(Reason.MISSING_FIELD, "the answer does not repeat the record"));
        boolean sameKey = echo.key().equals(asked.record().key())
                && (message.key().isEmpty() || message.key().equals(echo.key().bytes()));
        if (!sameKey || !echo.value().equals(asked.record().value())) {
            throw new MalformedMessageException(
                    Reason.UNEXPECTED_RECORD, "the answer repeats another record than was sent");
        }
        return new KadResponse.PutValue(echo);
    }

    private final class ResponseSelector implements KadRequest.Visitor<ExpectedResponse> {

        @Override
        public ExpectedResponse findNode(KadRequest.FindNode asked) {
            return new ExpectedResponse(KadMessage.FIND_NODE, () -> new KadResponse.FindNode(message.closerPeers()));
        }

        @Override
        public ExpectedResponse getValue(KadRequest.GetValue asked) {
            return new ExpectedResponse(KadMessage.GET_VALUE, () -> ResponseDecoder.this.getValue(asked));
        }

        @Override
        public ExpectedResponse putValue(KadRequest.PutValue asked) {
            return new ExpectedResponse(KadMessage.PUT_VALUE, () -> ResponseDecoder.this.putValue(asked));
        }

        @Override
        public ExpectedResponse addProvider(KadRequest.AddProvider asked) {
            throw new IllegalArgumentException("ADD_PROVIDER has no answer");
        }

        @Override
        public ExpectedResponse getProviders(KadRequest.GetProviders asked) {
            return new ExpectedResponse(
                    KadMessage.GET_PROVIDERS,
                    () -> new KadResponse.GetProviders(message.providers(), message.closerPeers()));
        }

        @Override
        public ExpectedResponse ping(KadRequest.Ping asked) {
            return new ExpectedResponse(KadMessage.PING, KadResponse.Ping::new);
        }
    }
}
