package io.kad.transport.netty.noise;

import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.wire.NoisePayload;
import java.security.SecureRandom;
import java.util.List;

/**
 * Local side of every handshake of one transport: an X25519 static key of this transport, the public key of the peer
 * with its signature of the static key, and the offered stream muxers.
 *
 * <p>Created once per transport instance, so that signing happens once and two transports of one process cannot be
 * linked. Thread-safe.
 */
public final class NoiseIdentity {
    private final PeerId peerId;
    private final List<String> muxers;
    private final X25519KeyPair staticKey;
    private final byte[] payload;
    private final SecureRandom random;
    private final SignatureChecks checks;

    private NoiseIdentity(Identity identity, List<String> muxers, SignatureChecks checks, SecureRandom random) {
        this.checks = checks;
        this.peerId = identity.peerId();
        this.muxers = List.copyOf(muxers);
        this.random = random;
        this.staticKey = X25519KeyPair.generate(random);
        this.payload = NoisePayload.sign(identity, Bytes.of(staticKey.publicKey()), this.muxers)
                .encode()
                .toArray();
    }

    /**
     * Generates a static key and signs it. The signatures of remote peers are checked on the event loops.
     *
     * @param identity identity of the local peer; {@code sign} is called once, here
     * @param muxers stream muxers to offer, in order of preference; if empty, the muxer is negotiated after the
     *     handshake
     */
    public static NoiseIdentity create(Identity identity, List<String> muxers) {
        return create(identity, muxers, SignatureChecks.inCaller());
    }

    /**
     * Generates a static key and signs it as the other method does.
     *
     * @param checks runs the checks of the signatures of remote peers
     */
    public static NoiseIdentity create(Identity identity, List<String> muxers, SignatureChecks checks) {
        return new NoiseIdentity(requireNonNull(identity, "identity"), muxers, checks, new SecureRandom());
    }

    /** Returns the ID of the local peer. */
    public PeerId peerId() {
        return peerId;
    }

    /** Returns the offered stream muxers, in order of preference. */
    public List<String> muxers() {
        return muxers;
    }

    SignatureChecks checks() {
        return checks;
    }

    X25519KeyPair staticKey() {
        return staticKey;
    }

    SecureRandom random() {
        return random;
    }

    /** Returns the encoded handshake payload itself; the caller must not change it. */
    byte[] payload() {
        return payload;
    }
}
