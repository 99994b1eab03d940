package io.kad.wire.message;

import io.kad.api.id.Bytes;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.ProtoReader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decoded protobuf message, which all requests and responses share; not yet validated. */
final class KadMessage {

    static final int TYPE = 1;
    static final int KEY = 2;
    static final int RECORD = 3;
    static final int CLOSER_PEERS = 8;
    static final int PROVIDERS = 9;

    static final int PUT_VALUE = 0;
    static final int GET_VALUE = 1;
    static final int ADD_PROVIDER = 2;
    static final int GET_PROVIDERS = 3;
    static final int FIND_NODE = 4;
    static final int PING = 5;

    private static final int TYPE_TAG = ProtoReader.varintTag(TYPE);
    private static final int KEY_TAG = ProtoReader.bytesTag(KEY);
    private static final int RECORD_TAG = ProtoReader.bytesTag(RECORD);
    private static final int CLOSER_PEERS_TAG = ProtoReader.bytesTag(CLOSER_PEERS);
    private static final int PROVIDERS_TAG = ProtoReader.bytesTag(PROVIDERS);

    private final ProtoReader in;
    private final Instant now;
    private final DecodeBudget budget;
    /** Type of the message; a missing one is 0, and js-libp2p omits it. */
    private long type = PUT_VALUE;

    private Bytes key = Bytes.EMPTY;
    private Optional<Record> record = Optional.empty();
    private final List<PeerInfo> closerPeers = new ArrayList<>();
    private final List<PeerInfo> providers = new ArrayList<>();

    private KadMessage(ByteBuffer message, DecodeBudget budget, Instant now) {
        this.in = new ProtoReader(message);
        this.budget = budget;
        this.now = now;
    }

    static KadMessage read(ByteBuffer bytes, int maxCloserPeers, int maxProviders, int maxAddresses, Instant now)
            throws MalformedMessageException {
        KadMessage message = new KadMessage(bytes, new DecodeBudget(maxAddresses), now);
        message.readFields(maxCloserPeers, maxProviders);
        return message;
    }

    private void readFields(int maxCloserPeers, int maxProviders) throws MalformedMessageException {
        int closerPeersRead = 0;
        int providersRead = 0;
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == TYPE_TAG) {
                type = in.varint();
            } else if (tag == KEY_TAG) {
                key = in.bytes();
            } else if (tag == RECORD_TAG) {
                record = Optional.of(RecordCodec.read(in, now));
            } else if (tag == CLOSER_PEERS_TAG && closerPeersRead < maxCloserPeers && !budget.isExhausted()) {
                closerPeersRead++;
                PeerCodec.read(in, budget).ifPresent(closerPeers::add);
            } else if (tag == PROVIDERS_TAG && providersRead < maxProviders && !budget.isExhausted()) {
                providersRead++;
                PeerCodec.read(in, budget).ifPresent(providers::add);
            } else {
                in.skip(tag);
            }
        }
    }

    long type() {
        return type;
    }

    Bytes key() {
        return key;
    }

    Optional<Record> record() {
        return record;
    }

    List<PeerInfo> closerPeers() {
        return closerPeers;
    }

    List<PeerInfo> providers() {
        return providers;
    }
}
