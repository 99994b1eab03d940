package io.kad.wire;

import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import io.kad.wire.encoding.ProtoReader;
import io.kad.wire.encoding.ProtoWriter;
import io.kad.wire.key.PublicKey;
import io.kad.wire.message.PeerAddresses;
import java.util.ArrayList;
import java.util.List;

/**
 * Signed peer record: addresses of a peer, signed by that peer, so that any peer may forward them.
 *
 * <p>Written in the format of go-libp2p and js-libp2p; read in that and in the format of rust-libp2p, which signs other
 * bytes.
 *
 * @param peer the peer
 * @param sequence number that increases with each new record of the peer, compared as unsigned; usually a time in
 *     nanoseconds
 * @param addresses addresses of the peer, without a trailing {@code /p2p} part
 * @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0003-routing-records.md">libp2p routing records</a>
 */
public record SignedPeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {

    /** Limit of decoded addresses of a record. */
    public static final int MAX_ADDRESSES = IdentifyMessage.MAX_ADDRESSES;

    /** Longest envelope that is opened, in bytes: as much as an identify message may have. */
    public static final int MAX_ENVELOPE_BYTES = IdentifyMessage.MAX_READ_BYTES;

    private static final int PUBLIC_KEY = 1;
    private static final int PAYLOAD_TYPE = 2;
    private static final int PAYLOAD = 3;
    private static final int SIGNATURE = 5;

    private static final int PEER_ID = 1;
    private static final int SEQUENCE = 2;
    private static final int ADDRESSES = 3;
    private static final int MULTIADDR = 1;

    private static final int PUBLIC_KEY_TAG = ProtoReader.bytesTag(PUBLIC_KEY);
    private static final int PAYLOAD_TYPE_TAG = ProtoReader.bytesTag(PAYLOAD_TYPE);
    private static final int PAYLOAD_TAG = ProtoReader.bytesTag(PAYLOAD);
    private static final int SIGNATURE_TAG = ProtoReader.bytesTag(SIGNATURE);
    private static final int PEER_ID_TAG = ProtoReader.bytesTag(PEER_ID);
    private static final int SEQUENCE_TAG = ProtoReader.varintTag(SEQUENCE);
    private static final int ADDRESSES_TAG = ProtoReader.bytesTag(ADDRESSES);
    private static final int MULTIADDR_TAG = ProtoReader.bytesTag(MULTIADDR);

    /**
     * Envelope format: domain and payload type, which are signed with the record, so that no other signature is valid
     * for a record.
     */
    private record EnvelopeFormat(Bytes domain, Bytes payloadType) {

        static final EnvelopeFormat GO_AND_JS =
                new EnvelopeFormat(Bytes.utf8("libp2p-peer-record"), Bytes.fromHex("0301"));
        static final EnvelopeFormat RUST =
                new EnvelopeFormat(Bytes.utf8("libp2p-routing-state"), Bytes.utf8("/libp2p/routing-state-record"));

        Bytes signedBytes(Bytes payload) {
            return new ProtoWriter(payload.size() + 64)
                    .delimited(domain)
                    .delimited(payloadType)
                    .delimited(payload)
                    .toBytes();
        }

        static EnvelopeFormat of(Bytes payloadType) throws MalformedMessageException {
            if (payloadType.equals(GO_AND_JS.payloadType)) {
                return GO_AND_JS;
            }
            if (payloadType.equals(RUST.payloadType)) {
                return RUST;
            }
            throw new MalformedMessageException(
                    Reason.UNKNOWN_TYPE, "unknown payload type of an envelope; known: peer record");
        }
    }

    public SignedPeerRecord {
        requireNonNull(peer, "peer");
        addresses = List.copyOf(addresses);
    }

    /** Returns a record of {@code identity} in a signed envelope, as sent over the wire. */
    public static Bytes seal(Identity identity, long sequence, List<Multiaddr> addresses) {
        ProtoWriter record =
                new ProtoWriter(1024).bytes(PEER_ID, identity.peerId().bytes()).varint(SEQUENCE, sequence);
        for (Multiaddr address : addresses) {
            record.message(ADDRESSES, new ProtoWriter(address.bytes().size() + 4).bytes(MULTIADDR, address.bytes()));
        }
        Bytes payload = record.toBytes();
        return new ProtoWriter(payload.size() + 256)
                .bytes(PUBLIC_KEY, identity.publicKey())
                .bytes(PAYLOAD_TYPE, EnvelopeFormat.GO_AND_JS.payloadType)
                .bytes(PAYLOAD, payload)
                .bytes(SIGNATURE, identity.sign(EnvelopeFormat.GO_AND_JS.signedBytes(payload)))
                .toBytes();
    }

    /**
     * Returns the record in {@code envelope}, after checking that {@code peer} signed it.
     *
     * @throws MalformedMessageException if the envelope is malformed or exceeds {@value #MAX_ENVELOPE_BYTES} bytes, its signature is invalid,
     *     or it belongs to another peer
     */
    public static SignedPeerRecord open(Bytes envelope, PeerId peer) throws MalformedMessageException {
        if (envelope.size() > MAX_ENVELOPE_BYTES) {
            throw new MalformedMessageException(
                    Reason.TOO_LARGE,
                    "envelope of " + envelope.size() + " bytes exceeds the limit of " + MAX_ENVELOPE_BYTES);
        }
        Bytes publicKey = Bytes.EMPTY;
        Bytes payloadType = Bytes.EMPTY;
        Bytes payload = Bytes.EMPTY;
        Bytes signature = Bytes.EMPTY;
        ProtoReader in = new ProtoReader(envelope);
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == PUBLIC_KEY_TAG) {
                publicKey = in.bytes();
            } else if (tag == PAYLOAD_TYPE_TAG) {
                payloadType = in.bytes();
            } else if (tag == PAYLOAD_TAG) {
                payload = in.bytes();
            } else if (tag == SIGNATURE_TAG) {
                signature = in.bytes();
            } else {
                in.skip(tag);
            }
        }
        EnvelopeFormat format = EnvelopeFormat.of(payloadType);
        PublicKey key = PublicKey.decode(publicKey);
        if (!key.peerId().equals(peer)) {
            throw new MalformedMessageException(
                    Reason.PEER_MISMATCH, "peer ID mismatch: record of " + peer + " is signed by " + key.peerId());
        }
        if (!key.verify(format.signedBytes(payload), signature)) {
            throw new MalformedMessageException(Reason.BAD_SIGNATURE, "invalid signature of the record of " + peer);
        }
        return readRecord(payload, peer);
    }

    private static SignedPeerRecord readRecord(Bytes payload, PeerId peer) throws MalformedMessageException {
        Bytes id = Bytes.EMPTY;
        long sequence = 0;
        int addressesRead = 0;
        List<Multiaddr> addresses = new ArrayList<>();
        ProtoReader in = new ProtoReader(payload);
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == PEER_ID_TAG) {
                id = in.bytes();
            } else if (tag == SEQUENCE_TAG) {
                sequence = in.varint();
            } else if (tag == ADDRESSES_TAG && addressesRead < MAX_ADDRESSES) {
                addressesRead++;
                readAddress(in, addresses);
            } else {
                in.skip(tag);
            }
        }
        if (!id.equals(peer.bytes())) {
            throw new MalformedMessageException(
                    Reason.PEER_MISMATCH, "peer ID mismatch: " + peer + " signed a record of another peer");
        }
        return new SignedPeerRecord(peer, sequence, PeerAddresses.withoutPeerId(peer, addresses, MAX_ADDRESSES));
    }

    private static void readAddress(ProtoReader in, List<Multiaddr> addresses) throws MalformedMessageException {
        int outer = in.enter();
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == MULTIADDR_TAG) {
                PeerAddresses.read(in.bytes()).ifPresent(addresses::add);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
    }

    /** Returns whether this record is newer than {@code other}, a record of the same peer. */
    public boolean isNewerThan(SignedPeerRecord other) {
        return Long.compareUnsigned(sequence, other.sequence) > 0;
    }
}
