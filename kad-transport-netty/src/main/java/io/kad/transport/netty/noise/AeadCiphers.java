package io.kad.transport.netty.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ciphers for ChaCha20-Poly1305 (RFC 8439): those of Conscrypt, which are those of BoringSSL, where its library works, else those of the Java
 * runtime. Chosen once for the process, which one log line says at the first handshake: a peer that cannot listen, or is not reached, need not
 * say it. Thread-safe.
 *
 * <p>On Java 17 Conscrypt takes a third of the time for small messages and a seventh for large ones. It leaves 200 bytes of garbage for each if
 * they are outside the heap, those of the runtime 1,800.
 */
final class AeadCiphers {

    private static final Logger LOG = LoggerFactory.getLogger(AeadCiphers.class);
    private static final String CONSCRYPT = "org.conscrypt.Conscrypt";
    private static final String TRANSFORMATION = "ChaCha20-Poly1305";

    private static final AeadCiphers CHOSEN = choose(CONSCRYPT);

    private final @Nullable Provider conscrypt;
    private final String choice;
    private final AtomicBoolean logged = new AtomicBoolean();

    private AeadCiphers(@Nullable Provider conscrypt, String choice) {
        this.conscrypt = conscrypt;
        this.choice = choice;
    }

    /** Chooses the ciphers of this process, if that was not done: it loads a library, which no event loop should wait for. */
    static void prepare() {
        // The initialization of this class has chosen them
    }

    /** Returns the ciphers of this process, for a handshake. */
    static AeadCiphers ofProcess() {
        CHOSEN.logOnce();
        return CHOSEN;
    }

    /** Logs which ciphers these are, at the first call. */
    void logOnce() {
        if (!logged.getAndSet(true)) {
            LOG.info("Noise encrypts with {}", choice);
        }
    }

    /** Returns those of the Java runtime. */
    static AeadCiphers ofRuntime() {
        return new AeadCiphers(null, "the Java runtime");
    }

    /**
     * Returns the best ciphers. Logs a warning if Conscrypt is there and does not work.
     *
     * @param className the class of Conscrypt
     */
    static AeadCiphers choose(String className) {
        try {
            // Not linked: an application need not have it
            Provider provider =
                    (Provider) Class.forName(className).getMethod("newProvider").invoke(null);
            AeadCiphers chosen = new AeadCiphers(provider, "Conscrypt " + provider.getVersionStr());
            if (!Arrays.equals(chosen.sample(), ofRuntime().sample())) {
                throw new GeneralSecurityException("it encrypts differently from the Java runtime");
            }
            return chosen;
        } catch (ClassNotFoundException e) {
            return new AeadCiphers(
                    null, "the Java runtime; with org.conscrypt:conscrypt-openjdk-uber it would take less time");
        } catch (Throwable e) { // a library that does not load is an Error
            LOG.warn("Conscrypt does not work here: {}", rootCause(e).toString());
            return ofRuntime();
        }
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : rootCause(cause);
    }

    private byte[] sample() throws GeneralSecurityException {
        Cipher cipher = newCipher();
        cipher.init(
                Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[32], "ChaCha20"), new IvParameterSpec(new byte[12]));
        return cipher.doFinal(new byte[100]);
    }

    /** Returns a new cipher. */
    Cipher newCipher() {
        try {
            return conscrypt == null
                    ? Cipher.getInstance(TRANSFORMATION)
                    : Cipher.getInstance(TRANSFORMATION, conscrypt);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("missing ChaCha20-Poly1305 in this Java runtime", e);
        }
    }

    /**
     * Returns a buffer of the kind of {@link #newBuffer} with the bytes of {@code message}, whose ownership passes to this call: that one, or a copy.
     *
     * <p>Conscrypt copies the whole array of a buffer in the heap to native code and back. The array may have the buffers of other connections, whose
     * threads write to it meanwhile: their bytes would be lost.
     */
    ByteBuf toCipherBuffer(ByteBufAllocator allocator, ByteBuf message) {
        if (conscrypt == null || !message.hasArray()) {
            return message;
        }
        try {
            int size = message.readableBytes();
            return newBuffer(allocator, size, size).writeBytes(message);
        } finally {
            message.release();
        }
    }

    /**
     * Returns a buffer for messages, where these ciphers work in place without a copy: outside the heap for Conscrypt, in it for the Java runtime.
     *
     * @param initialBytes its capacity
     * @param maxBytes its largest capacity
     */
    ByteBuf newBuffer(ByteBufAllocator allocator, int initialBytes, int maxBytes) {
        return conscrypt == null
                ? allocator.heapBuffer(initialBytes, maxBytes)
                : allocator.directBuffer(initialBytes, maxBytes);
    }
}
