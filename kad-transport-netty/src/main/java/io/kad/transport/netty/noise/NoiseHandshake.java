package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;
import static io.kad.transport.netty.noise.X25519KeyPair.KEY_BYTES;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * State machine of one side of a {@code Noise_XX_25519_ChaChaPoly_SHA256} handshake, over byte arrays.
 *
 * <p>Three messages pass, from the initiator, the responder and the initiator again. Each side calls {@link
 * #writeMessage} and {@link #readMessage} in turn until the handshake {@linkplain #isFinished() is finished}. The
 * messages exclude the length prefix of libp2p. After an exception the handshake must not be used again. Not
 * thread-safe.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-handshakestate-object">Noise, 5.3</a>
 */
public final class NoiseHandshake {
    private static final String PROTOCOL_NAME = "Noise_XX_25519_ChaChaPoly_SHA256";
    private static final byte[] EMPTY = new byte[0];
    private static final int MESSAGES = 3;

    private final SymmetricState state = new SymmetricState(PROTOCOL_NAME);
    private final boolean initiator;
    private final X25519KeyPair staticKey;
    private final SecureRandom random;
    private @Nullable X25519KeyPair ephemeralKey;
    private byte[] remoteEphemeralKey = EMPTY;
    private byte[] remoteStaticKey = EMPTY;
    private int messageCount;

    private NoiseHandshake(boolean initiator, X25519KeyPair staticKey, SecureRandom random, byte[] prologue) {
        this.initiator = initiator;
        this.staticKey = staticKey;
        this.random = random;
        state.mixHash(prologue, 0, prologue.length);
    }

    /** Creates the side that writes first; in libp2p the dialer. */
    public static NoiseHandshake initiator(X25519KeyPair staticKey, SecureRandom random) {
        return new NoiseHandshake(true, staticKey, random, EMPTY);
    }

    /** Creates the side that reads first. */
    public static NoiseHandshake responder(X25519KeyPair staticKey, SecureRandom random) {
        return new NoiseHandshake(false, staticKey, random, EMPTY);
    }

    /** Creates a side with given keys and prologue, for published test vectors. */
    static NoiseHandshake withKeys(
            boolean initiator, X25519KeyPair staticKey, X25519KeyPair ephemeralKey, byte[] prologue) {
        NoiseHandshake handshake = new NoiseHandshake(initiator, staticKey, new SecureRandom(), prologue);
        handshake.ephemeralKey = ephemeralKey;
        return handshake;
    }

    /**
     * Returns the next message.
     *
     * @param payload data to send along; the first message carries it in plaintext, the later ones encrypted
     * @throws NoiseException if the key of the remote peer is weak
     * @throws IllegalStateException if the remote peer must write the next message
     */
    public byte[] writeMessage(byte[] payload) throws NoiseException {
        requireTurn(true);
        // At most an ephemeral key, a static key and two tags
        byte[] out = new byte[2 * KEY_BYTES + 2 * CipherState.TAG_BYTES + payload.length];
        int end = 0;
        if (messageCount < 2) {
            byte[] key = ephemeral().publicKey();
            System.arraycopy(key, 0, out, 0, KEY_BYTES);
            state.mixHash(key, 0, KEY_BYTES);
            end = KEY_BYTES;
        }
        if (messageCount == 1) {
            state.mixKey(ephemeral().agree(remoteEphemeralKey));
        }
        if (messageCount > 0) {
            end = state.encryptAndHash(staticKey.publicKey(), out, end);
            state.mixKey(staticKey.agree(remoteEphemeralKey));
        }
        end = state.encryptAndHash(payload, out, end);
        messageCount++;
        return Arrays.copyOf(out, end);
    }

    /**
     * Reads the next message of the remote peer and returns its payload.
     *
     * @throws NoiseException if the message is malformed or forged, or the key of the remote peer is weak
     * @throws IllegalStateException if the local peer must write the next message
     */
    public byte[] readMessage(byte[] message) throws NoiseException {
        requireTurn(false);
        int minLength = minNextLength();
        if (message.length < minLength) {
            throw new NoiseException(
                    MALFORMED,
                    "handshake message must have at least %d bytes, got %d".formatted(minLength, message.length));
        }
        int offset = 0;
        if (messageCount < 2) {
            remoteEphemeralKey = Arrays.copyOf(message, KEY_BYTES);
            state.mixHash(message, 0, KEY_BYTES);
            offset = KEY_BYTES;
        }
        if (messageCount == 1) {
            state.mixKey(ephemeral().agree(remoteEphemeralKey));
        }
        if (messageCount > 0) {
            int length = KEY_BYTES + state.overhead();
            remoteStaticKey = state.decryptAndHash(message, offset, length);
            state.mixKey(ephemeral().agree(remoteStaticKey));
            offset += length;
        }
        byte[] payload = state.decryptAndHash(message, offset, message.length - offset);
        messageCount++;
        return payload;
    }

    /** Returns the length of the next message with an empty payload. */
    int minNextLength() {
        int encrypted = KEY_BYTES + 2 * CipherState.TAG_BYTES;
        return messageCount == 0 ? KEY_BYTES : messageCount == 1 ? KEY_BYTES + encrypted : encrypted;
    }

    /** Returns whether all three messages have passed. */
    public boolean isFinished() {
        return messageCount == MESSAGES;
    }

    /** Returns whether the local peer must write the next message. */
    public boolean isLocalTurn() {
        return !isFinished() && (messageCount % 2 == 0) == initiator;
    }

    /**
     * Returns a copy of the static public key of the remote peer, 32 bytes; available after its first message that
     * contains it.
     */
    public byte[] remoteStaticKey() {
        if (remoteStaticKey.length == 0) {
            throw new IllegalStateException("static key of the remote peer not received yet");
        }
        return remoteStaticKey.clone();
    }

    /** Returns the handshake hash: equal on both sides and unique to this connection. */
    public byte[] handshakeHash() {
        requireFinished();
        return state.hash();
    }

    /** Returns the keys of the finished handshake. Must be called at most once. */
    public CipherStates split() {
        requireFinished();
        CipherState[] keys = state.split();
        return initiator ? new CipherStates(keys[0], keys[1]) : new CipherStates(keys[1], keys[0]);
    }

    private X25519KeyPair ephemeral() {
        // Generated on first use, so that a remote peer that sends garbage costs no key generation
        if (ephemeralKey == null) {
            ephemeralKey = X25519KeyPair.generate(random);
        }
        return ephemeralKey;
    }

    private void requireTurn(boolean local) {
        if (isFinished() || isLocalTurn() != local) {
            throw new IllegalStateException(
                    "handshake message out of order (after %d messages)".formatted(messageCount));
        }
    }

    private void requireFinished() {
        if (!isFinished()) {
            throw new IllegalStateException("the handshake must be finished first");
        }
    }

    /**
     * Transport keys of a finished handshake.
     *
     * @param send key for sent messages
     * @param receive key for received messages
     */
    public record CipherStates(CipherState send, CipherState receive) {
        public CipherStates {
            Objects.requireNonNull(send, "send");
            Objects.requireNonNull(receive, "receive");
        }
    }
}
