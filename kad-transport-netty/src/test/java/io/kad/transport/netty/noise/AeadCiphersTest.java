package io.kad.transport.netty.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The ciphers of the Java runtime and those of Conscrypt, against each other. */
class AeadCiphersTest {

    private static final AeadCiphers RUNTIME = AeadCiphers.ofRuntime();
    private static final AeadCiphers CONSCRYPT = AeadCiphers.choose("org.conscrypt.Conscrypt");

    private final byte[] secret = new byte[32];
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

    private static AeadCiphers ciphers(boolean conscrypt) {
        return conscrypt ? CONSCRYPT : RUNTIME;
    }

    @Test
    void conscryptIsUsedHere() {
        CipherState key = new CipherState(secret, AeadCiphers.ofProcess());
        ByteBuf buffer = key.newBuffer(allocator, 10, 10);
        assertThat(buffer.isDirect()).isTrue();
        buffer.release();
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false", "true, true", "false, false"})
    void whatOneEncryptsTheOtherDecrypts(boolean sending, boolean receiving) throws NoiseException {
        CipherState send = new CipherState(secret, ciphers(sending));
        CipherState receive = new CipherState(secret, ciphers(receiving));
        Random random = new Random(7);
        for (int length : new int[] {0, 1, 63, 64, 65, 1000, NoiseTransportHandler.MAX_PLAINTEXT_BYTES}) {
            byte[] plaintext = new byte[length];
            random.nextBytes(plaintext);
            ByteBuf sent = send.newBuffer(allocator, length + 100, length + 100)
                    .writeZero(2)
                    .writeBytes(plaintext);
            int ciphertext = send.encrypt(sent, 2, length);
            assertThat(ciphertext).isEqualTo(length + CipherState.TAG_BYTES);
            ByteBuf received = receive.newBuffer(allocator, ciphertext, ciphertext);
            sent.getBytes(2, received, ciphertext);
            assertThat(receive.decrypt(received, 0, ciphertext)).isEqualTo(length);
            byte[] decrypted = new byte[length];
            received.getBytes(0, decrypted);
            assertThat(decrypted).isEqualTo(plaintext);
            sent.release();
            received.release();
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aChangedMessageIsRefused(boolean conscrypt) {
        CipherState send = new CipherState(secret, RUNTIME);
        CipherState receive = new CipherState(secret, ciphers(conscrypt));
        ByteBuf message = receive.newBuffer(allocator, 100, 100);
        ByteBuf plain = send.newBuffer(allocator, 100, 100);
        int ciphertext = send.encrypt(plain, 0, 50);
        plain.setByte(20, plain.getByte(20) ^ 1);
        plain.getBytes(0, message, ciphertext);
        assertThatExceptionOfType(NoiseException.class)
                .isThrownBy(() -> receive.decrypt(message, 0, ciphertext))
                .matches(refused -> refused.reason() == NoiseException.Reason.BAD_TAG);
        assertThatExceptionOfType(NoiseException.class)
                .isThrownBy(() -> receive.decrypt(message, 0, 15))
                .matches(refused -> refused.reason() == NoiseException.Reason.MALFORMED);
        plain.release();
        message.release();
    }

    /** Class in the place of Conscrypt whose library does not load. */
    public static final class Broken {

        private Broken() {}

        /** Fails as the original does. */
        @SuppressWarnings("DoNotCallSuggester") // called by reflection
        public static Object newProvider() {
            throw new UnsatisfiedLinkError("no such library");
        }
    }

    @Test
    void withoutAWorkingConscryptTheRuntimeEncrypts() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(AeadCiphers.class);
        logger.addAppender(log);
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        try {
            for (String missing : new String[] {"org.conscrypt.Missing", Broken.class.getName()}) {
                AeadCiphers chosen = AeadCiphers.choose(missing);
                ByteBuf buffer = chosen.newBuffer(allocator, 10, 10);
                assertThat(buffer.hasArray()).isTrue();
                buffer.release();
                chosen.logOnce();
                chosen.logOnce();
            }
        } finally {
            logger.setLevel(before);
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        missing -> assertThat(missing).contains("with org.conscrypt:conscrypt-openjdk-uber it would"),
                        broken -> assertThat(broken).contains("no such library"),
                        instead -> assertThat(instead).isEqualTo("Noise encrypts with the Java runtime"));
    }
}
