package io.kad.api.message;

import static java.util.Objects.requireNonNull;

import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;

/** The answer to a {@link KadRequest}; one kind for each kind of request that has an answer. */
public sealed interface KadResponse {

    /** Calls the method of {@code visitor} for this kind of response. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of response. */
    interface Visitor<R> {
        R findNode(FindNode response);

        R getValue(GetValue response);

        R putValue(PutValue response);

        R getProviders(GetProviders response);

        R ping(Ping response);
    }

    /** Answers {@link KadRequest.FindNode} with the closest peers known, nearest first. */
    record FindNode(List<PeerInfo> closerPeers) implements KadResponse {
        public FindNode {
            closerPeers = List.copyOf(closerPeers);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.findNode(this);
        }
    }

    /** Answers {@link KadRequest.GetValue} with the record, if held, and the closest peers known. */
    record GetValue(Optional<Record> record, List<PeerInfo> closerPeers) implements KadResponse {
        public GetValue {
            requireNonNull(record, "record");
            closerPeers = List.copyOf(closerPeers);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.getValue(this);
        }
    }

    /** Answers {@link KadRequest.PutValue} with the record that was sent. */
    record PutValue(Record record) implements KadResponse {
        public PutValue {
            requireNonNull(record, "record");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.putValue(this);
        }
    }

    /** Answers {@link KadRequest.GetProviders} with the providers held and the closest peers known. */
    record GetProviders(List<PeerInfo> providers, List<PeerInfo> closerPeers) implements KadResponse {
        public GetProviders {
            providers = List.copyOf(providers);
            closerPeers = List.copyOf(closerPeers);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.getProviders(this);
        }
    }

    /** Answers {@link KadRequest.Ping}. */
    record Ping() implements KadResponse {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ping(this);
        }
    }
}
