package io.kad.wire.message;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.ProtoReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Codec of the nested message of a peer. */
final class PeerCodec {

    static final int ID = 1;
    static final int ADDRESSES = 2;
    static final int CONNECTION = 3;

    private static final int ID_TAG = ProtoReader.bytesTag(ID);
    private static final int ADDRESSES_TAG = ProtoReader.bytesTag(ADDRESSES);
    private static final int CONNECTION_TAG = ProtoReader.varintTag(CONNECTION);

    private Bytes id = Bytes.EMPTY;
    private final List<Multiaddr> addresses = new ArrayList<>(4);
    private ConnectionType connection = ConnectionType.NOT_CONNECTED;

    private PeerCodec() {}

    /** Decodes the peer in the current field; returns empty if its ID is invalid. */
    static Optional<PeerInfo> read(ProtoReader in, DecodeBudget budget) throws MalformedMessageException {
        PeerCodec fields = new PeerCodec();
        int outer = in.enter();
        fields.readFields(in, budget);
        in.leave(outer);
        return fields.peer(budget);
    }

    private void readFields(ProtoReader in, DecodeBudget budget) throws MalformedMessageException {
        int addressesRead = 0;
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == ID_TAG) {
                id = in.bytes();
            } else if (tag == ADDRESSES_TAG && addressesRead < budget.maxAddressesRead() && !budget.isExhausted()) {
                addressesRead++;
                PeerAddresses.read(in.bytes()).ifPresentOrElse(addresses::add, budget::countUnusable);
            } else if (tag == CONNECTION_TAG) {
                connection = connection(in.varint());
            } else {
                in.skip(tag);
            }
        }
    }

    /** Returns the connection type; {@code NOT_CONNECTED} for an unknown one. */
    private static ConnectionType connection(long number) {
        for (ConnectionType type : ConnectionType.values()) {
            if (type.number() == number) {
                return type;
            }
        }
        return ConnectionType.NOT_CONNECTED;
    }

    private Optional<PeerInfo> peer(DecodeBudget budget) {
        PeerId peer;
        try {
            peer = PeerId.fromBytes(id);
        } catch (IllegalArgumentException e) {
            budget.countUnusable();
            return Optional.empty();
        }
        List<Multiaddr> kept = PeerAddresses.withoutPeerId(peer, addresses, budget.maxAddressesKept());
        return Optional.of(new PeerInfo(peer, kept, connection));
    }
}
