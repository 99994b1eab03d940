package io.kad.api.message;

import static java.util.Objects.requireNonNull;

import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;

/** Response to a {@link KadRequest}; one type for each type of request that has a response. Immutable. */
public sealed interface KadResponse {

    /** Calls the method of {@code visitor} for the type of this response. */
    <R> R accept(Visitor<R> visitor);

    /**
     * Visitor with one method per type of response.
     *
     * @param <R> result of each method
     */
    interface Visitor<R> {
        R findNode(FindNode response);

        R getValue(GetValue response);

        R putValue(PutValue response);

        R getProviders(GetProviders response);

        R ping(Ping response);
    }

    /** Response to {@link KadRequest.FindNode}: the closest known peers, closest first. */
    record FindNode(List<PeerInfo> closerPeers) implements KadResponse {
        public FindNode {
            closerPeers = List.copyOf(closerPeers);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.findNode(this);
        }
    }

    /** Response to {@link KadRequest.GetValue}: the stored record, if any, and the closest known peers. */
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

    /** Response to {@link KadRequest.PutValue}: echoes the stored record. */
    record PutValue(Record record) implements KadResponse {
        public PutValue {
            requireNonNull(record, "record");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.putValue(this);
        }
    }

    /** Response to {@link KadRequest.GetProviders}: the stored providers and the closest known peers. */
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

    /** Response to {@link KadRequest.Ping}. */
    record Ping() implements KadResponse {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ping(this);
        }
    }
}
