package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;
import static io.kad.transport.netty.noise.X25519KeyPair.KEY_BYTES;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One side of a {@code Noise_XX_25519_ChaChaPoly_SHA256} handshake, as a state machine over byte arrays.
 *
 * <p>Three messages pass, the initiator's, the responder's and the initiator's again; each side calls {@link #writeMessage}
 * and {@link #readMessage} in turn until it {@linkplain #isFinished() is finished}. The messages are without the length that
 * libp2p puts before them. After an exception the handshake is of no further use. Not thread-safe.
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
    private int messages;

    private NoiseHandshake(boolean initiator, X25519KeyPair staticKey, SecureRandom random, byte[] prologue) {
        this.initiator = initiator;
        this.staticKey = staticKey;
        this.random = random;
        state.mixHash(prologue, 0, prologue.length);
    }

    /** Begins as the side that writes first, which in libp2p is the one that dialled. */
    public static NoiseHandshake initiator(X25519KeyPair staticKey, SecureRandom random) {
        return new NoiseHandshake(true, staticKey, random, EMPTY);
    }

    /** Begins as the side that reads first. */
    public static NoiseHandshake responder(X25519KeyPair staticKey, SecureRandom random) {
        return new NoiseHandshake(false, staticKey, random, EMPTY);
    }

    /** Begins with chosen keys and prologue, as published test vectors have it. */
    static NoiseHandshake withKeys(
            boolean initiator, X25519KeyPair staticKey, X25519KeyPair ephemeralKey, byte[] prologue) {
        NoiseHandshake handshake = new NoiseHandshake(initiator, staticKey, new SecureRandom(), prologue);
        handshake.ephemeralKey = ephemeralKey;
        return handshake;
    }

    /**
     * Returns the next message.
     *
     * @param payload what to send along; readable by anyone in the first message, by the remote alone in the later ones
     * @throws NoiseException if the remote's key is weak
     * @throws IllegalStateException if it is the remote's turn
     */
    public byte[] writeMessage(byte[] payload) throws NoiseException {
        requireTurn(true);
        // An ephemeral key, a static key and two tags at most
        byte[] out = new byte[2 * KEY_BYTES + 2 * CipherState.TAG_BYTES + payload.length];
        int end = 0;
        if (messages < 2) {
            byte[] key = ephemeral().publicKey();
            System.arraycopy(key, 0, out, 0, KEY_BYTES);
            state.mixHash(key, 0, KEY_BYTES);
            end = KEY_BYTES;
        }
        if (messages == 1) {
            state.mixKey(ephemeral().agree(remoteEphemeralKey));
        }
        if (messages > 0) {
            end = state.encryptAndHash(staticKey.publicKey(), out, end);
            state.mixKey(staticKey.agree(remoteEphemeralKey));
        }
        end = state.encryptAndHash(payload, out, end);
        messages++;
        return Arrays.copyOf(out, end);
    }

    /**
     * Takes the remote's next message and returns its payload.
     *
     * @throws NoiseException if the message is malformed or forged, or the remote's key is weak
     * @throws IllegalStateException if it is this side's turn
     */
    public byte[] readMessage(byte[] message) throws NoiseException {
        requireTurn(false);
        int minimum = minNextLength();
        if (message.length < minimum) {
            throw new NoiseException(MALFORMED, "a handshake message of %d bytes".formatted(message.length));
        }
        int at = 0;
        if (messages < 2) {
            remoteEphemeralKey = Arrays.copyOf(message, KEY_BYTES);
            state.mixHash(message, 0, KEY_BYTES);
            at = KEY_BYTES;
        }
        if (messages == 1) {
            state.mixKey(ephemeral().agree(remoteEphemeralKey));
        }
        if (messages > 0) {
            int length = KEY_BYTES + state.overhead();
            remoteStaticKey = state.decryptAndHash(message, at, length);
            state.mixKey(ephemeral().agree(remoteStaticKey));
            at += length;
        }
        byte[] payload = state.decryptAndHash(message, at, message.length - at);
        messages++;
        return payload;
    }

    /** Returns the length of the next message if its payload is empty. */
    int minNextLength() {
        int encrypted = KEY_BYTES + 2 * CipherState.TAG_BYTES;
        return messages == 0 ? KEY_BYTES : messages == 1 ? KEY_BYTES + encrypted : encrypted;
    }

    /** Tells whether all three messages have passed. */
    public boolean isFinished() {
        return messages == MESSAGES;
    }

    /** Tells whether the next message is this side's to write. */
    public boolean isLocalTurn() {
        return !isFinished() && (messages % 2 == 0) == initiator;
    }

    /** Returns a copy of the remote's static public key, 32 bytes; known after its first message that holds one. */
    public byte[] remoteStaticKey() {
        if (remoteStaticKey.length == 0) {
            throw new IllegalStateException("the remote's static key has not arrived");
        }
        return remoteStaticKey.clone();
    }

    /** Returns the hash of the whole handshake, the same on both sides and unique to this connection. */
    public byte[] handshakeHash() {
        requireFinished();
        return state.hash();
    }

    /** Returns the keys of the finished handshake; to be called once. */
    public Keys split() {
        requireFinished();
        CipherState[] keys = state.split();
        return initiator ? new Keys(keys[0], keys[1]) : new Keys(keys[1], keys[0]);
    }

    private X25519KeyPair ephemeral() {
        // Made when it is first needed: a remote that sends garbage costs no key
        if (ephemeralKey == null) {
            ephemeralKey = X25519KeyPair.generate(random);
        }
        return ephemeralKey;
    }

    private void requireTurn(boolean mine) {
        if (isFinished() || isLocalTurn() != mine) {
            throw new IllegalStateException("out of turn: %d messages have passed".formatted(messages));
        }
    }

    private void requireFinished() {
        if (!isFinished()) {
            throw new IllegalStateException("the handshake is not finished");
        }
    }

    /**
     * The keys that a handshake ends with.
     *
     * @param send encrypts what this side sends
     * @param receive decrypts what the remote sends
     */
    public record Keys(CipherState send, CipherState receive) {
        public Keys {
            Objects.requireNonNull(send, "send");
            Objects.requireNonNull(receive, "receive");
        }
    }
}
