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
 * Payload of a Noise handshake message: public key of the sender, its signature of the static key of the handshake, and
 * supported stream muxers.
 *
 * @param identityKey public key in protobuf form, as received
 * @param identitySignature signature of the static key of the handshake
 * @param streamMuxers supported muxers, in order of preference; empty if the sender lists none
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">noise-libp2p, The Handshake Payload</a>
 */
public record NoisePayload(Bytes identityKey, Bytes identitySignature, List<String> streamMuxers) {

    /** Limit of muxers; a longer list is ignored (go-libp2p). */
    public static final int MAX_STREAM_MUXERS = 100;
    /** Longest accepted protocol ID of a muxer, in bytes; longer ones are ignored. */
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

    /** Creates the payload in which {@code identity} signs {@code noiseStaticKey}, the 32 bytes of the X25519 key. */
    public static NoisePayload sign(Identity identity, Bytes noiseStaticKey, List<String> streamMuxers) {
        Bytes signature = identity.sign(Bytes.concat(SIGNED_PREFIX, noiseStaticKey));
        return new NoisePayload(identity.publicKey(), signature, streamMuxers);
    }

    /**
     * Decodes a payload.
     *
     * @throws MalformedMessageException if {@code encoded} is not a protobuf message, or lacks key or signature
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
            throw new MalformedMessageException(Reason.MISSING_FIELD, "missing key or signature in a Noise payload");
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

    /** Encodes this payload; the extensions are omitted if there are no muxers. */
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
     * Returns the public key of the sender, after checking its signature of {@code noiseStaticKey}, the static key of
     * the handshake that carried this payload.
     *
     * @throws MalformedMessageException if the key is not accepted, or the signature is invalid
     */
    public PublicKey authenticate(Bytes noiseStaticKey) throws MalformedMessageException {
        return authenticate(PublicKey.decode(identityKey), noiseStaticKey);
    }

    /**
     * Checks the signature as {@link #authenticate(Bytes)} does, and returns {@code key}.
     *
     * @param key the decoded {@link #identityKey}
     */
    public PublicKey authenticate(PublicKey key, Bytes noiseStaticKey) throws MalformedMessageException {
        if (!key.verify(Bytes.concat(SIGNED_PREFIX, noiseStaticKey), identitySignature)) {
            throw new MalformedMessageException(
                    Reason.BAD_SIGNATURE, "invalid signature of the static key by " + key.peerId());
        }
        return key;
    }
}
