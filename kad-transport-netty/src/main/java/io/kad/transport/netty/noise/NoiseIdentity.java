package io.kad.transport.netty.noise;

import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.wire.NoisePayload;
import java.security.SecureRandom;
import java.util.List;

/**
 * What a transport shows of itself in every handshake: an X25519 key made for this transport alone, the peer's public key with
 * its signature of that key, and the stream muxers on offer.
 *
 * <p>One is made for each transport instance, so that signing happens once and two transports in one process can't be linked.
 * Thread-safe.
 */
public final class NoiseIdentity {
    private final PeerId peerId;
    private final List<String> muxers;
    private final X25519KeyPair staticKey;
    private final byte[] payload;
    private final SecureRandom random;

    private NoiseIdentity(Identity identity, List<String> muxers, SecureRandom random) {
        this.peerId = identity.peerId();
        this.muxers = List.copyOf(muxers);
        this.random = random;
        this.staticKey = X25519KeyPair.generate(random);
        this.payload = NoisePayload.sign(identity, Bytes.of(staticKey.publicKey()), this.muxers)
                .encode()
                .toArray();
    }

    /**
     * Makes a static key and has it signed.
     *
     * @param identity who the peer is; asked to sign once, here
     * @param muxers the stream muxers to offer, most wanted first; if empty, they are negotiated after the handshake
     */
    public static NoiseIdentity create(Identity identity, List<String> muxers) {
        return new NoiseIdentity(requireNonNull(identity, "identity"), muxers, new SecureRandom());
    }

    /** Returns the id of the peer whose identity this is. */
    public PeerId peerId() {
        return peerId;
    }

    /** Returns the stream muxers on offer, most wanted first. */
    public List<String> muxers() {
        return muxers;
    }

    X25519KeyPair staticKey() {
        return staticKey;
    }

    SecureRandom random() {
        return random;
    }

    /** Returns the encoded handshake payload itself, which the caller must not change. */
    byte[] payload() {
        return payload;
    }
}
