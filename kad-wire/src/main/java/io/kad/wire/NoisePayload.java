package io.kad.wire;

import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import io.kad.wire.encoding.ProtoReader;
import io.kad.wire.encoding.ProtoWriter;
import io.kad.wire.key.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What each side of a Noise handshake says of itself: its public key, the proof that the handshake's static key belongs to it, and
 * the stream muxers it speaks.
 *
 * @param identityKey the public key in protobuf form, as received
 * @param identitySignature the signature over the static key of the handshake
 * @param streamMuxers the muxers it speaks, preferred first; empty if it says nothing
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">noise-libp2p, The Handshake Payload</a>
 */
public record NoisePayload(Bytes identityKey, Bytes identitySignature, List<String> streamMuxers) {

    /** The most muxers that are looked at; a longer list counts as none (go). */
    public static final int MAX_STREAM_MUXERS = 100;
    /** The longest name of a muxer, in bytes; longer ones are passed over. */
    public static final int MAX_MUXER_BYTES = 256;

    private static final Bytes SIGNED_PREFIX = Bytes.utf8("noise-libp2p-static-key:");

    private static final int IDENTITY_KEY = 1;
    private static final int IDENTITY_SIGNATURE = 2;
    private static final int EXTENSIONS = 4;
    private static final int STREAM_MUXERS = 2;

    private static final int IDENTITY_KEY_TAG = ProtoReader.bytesTag(IDENTITY_KEY);
    private static final int IDENTITY_SIGNATURE_TAG = ProtoReader.bytesTag(IDENTITY_SIGNATURE);
    private static final int EXTENSIONS_TAG = ProtoReader.bytesTag(EXTENSIONS);
    private static final int STREAM_MUXERS_TAG = ProtoReader.bytesTag(STREAM_MUXERS);

    public NoisePayload {
        requireNonNull(identityKey, "identityKey");
        requireNonNull(identitySignature, "identitySignature");
        streamMuxers = List.copyOf(streamMuxers);
    }

    /** Returns the payload by which {@code identity} vouches for its {@code noiseStaticKey}, the 32 bytes of the X25519 key. */
    public static NoisePayload sign(Identity identity, Bytes noiseStaticKey, List<String> streamMuxers) {
        Bytes signature = identity.sign(Bytes.concat(SIGNED_PREFIX, noiseStaticKey));
        return new NoisePayload(identity.publicKey(), signature, streamMuxers);
    }

    /**
     * Returns the payload that {@code encoded} is.
     *
     * @throws MalformedMessageException if it is none, or lacks key or signature
     */
    public static NoisePayload decode(Bytes encoded) throws MalformedMessageException {
        ProtoReader in = new ProtoReader(encoded);
        Optional<Bytes> key = Optional.empty();
        Optional<Bytes> signature = Optional.empty();
        List<String> muxers = new ArrayList<>();
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == IDENTITY_KEY_TAG) {
                key = Optional.of(in.bytes());
            } else if (tag == IDENTITY_SIGNATURE_TAG) {
                signature = Optional.of(in.bytes());
            } else if (tag == EXTENSIONS_TAG) {
                readExtensions(in, muxers);
            } else {
                in.skip(tag);
            }
        }
        if (key.isEmpty() || signature.isEmpty()) {
            throw new MalformedMessageException(Reason.MISSING_FIELD, "a Noise payload lacks its key or its signature");
        }
        return new NoisePayload(key.get(), signature.get(), muxers.size() > MAX_STREAM_MUXERS ? List.of() : muxers);
    }

    private static void readExtensions(ProtoReader in, List<String> muxers) throws MalformedMessageException {
        int outer = in.enter();
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == STREAM_MUXERS_TAG && muxers.size() <= MAX_STREAM_MUXERS) {
                Bytes name = in.bytes();
                if (name.size() <= MAX_MUXER_BYTES) {
                    name.utf8().ifPresent(muxers::add);
                }
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
    }

    /** Returns the bytes of this payload; the extensions are left out if there are no muxers to name. */
    public Bytes encode() {
        ProtoWriter out = new ProtoWriter(identityKey.size() + identitySignature.size() + 64)
                .bytes(IDENTITY_KEY, identityKey)
                .bytes(IDENTITY_SIGNATURE, identitySignature);
        if (!streamMuxers.isEmpty()) {
            ProtoWriter extensions = new ProtoWriter(64);
            streamMuxers.forEach(muxer -> extensions.text(STREAM_MUXERS, muxer));
            out.message(EXTENSIONS, extensions);
        }
        return out.toBytes();
    }

    /**
     * Returns the key of the peer that is proven to own {@code noiseStaticKey}, the static key of the handshake this came in.
     *
     * @throws MalformedMessageException if the key is no key that is accepted, or the signature is not its own
     */
    public PublicKey authenticate(Bytes noiseStaticKey) throws MalformedMessageException {
        PublicKey key = PublicKey.decode(identityKey);
        if (!key.verify(Bytes.concat(SIGNED_PREFIX, noiseStaticKey), identitySignature)) {
            throw new MalformedMessageException(
                    Reason.BAD_SIGNATURE, "the static key of the handshake is not signed by " + key.peerId());
        }
        return key;
    }
}
