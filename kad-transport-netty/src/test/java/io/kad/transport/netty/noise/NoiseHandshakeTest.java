package io.kad.transport.netty.noise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.transport.netty.noise.NoiseException.Reason;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseHandshakeTest {
    private static final byte[] EMPTY = new byte[0];
    private static final SecureRandom RANDOM = new SecureRandom();

    private final NoiseHandshake initiator = handshake(true);
    private final NoiseHandshake responder = handshake(false);

    @Test
    void eachSideLearnsTheOthersStaticKey() throws NoiseException {
        X25519KeyPair alice = X25519KeyPair.generate(RANDOM);
        X25519KeyPair bob = X25519KeyPair.generate(RANDOM);
        NoiseHandshake one = NoiseHandshake.withKeys(true, alice, X25519KeyPair.generate(RANDOM), EMPTY);
        NoiseHandshake other = NoiseHandshake.withKeys(false, bob, X25519KeyPair.generate(RANDOM), EMPTY);
        run(one, other);
        assertThat(one.remoteStaticKey()).isEqualTo(bob.publicKey());
        assertThat(other.remoteStaticKey()).isEqualTo(alice.publicKey());
    }

    @Test
    void theSidesTakeTurns() throws NoiseException {
        assertThat(initiator.isLocalTurn()).isTrue();
        assertThat(responder.isLocalTurn()).isFalse();
        assertThatThrownBy(() -> responder.writeMessage(EMPTY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> initiator.readMessage(new byte[96])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(initiator::split).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(initiator::remoteStaticKey).isInstanceOf(IllegalStateException.class);
        run(initiator, responder);
        assertThat(initiator.isFinished()).isTrue();
        assertThat(initiator.isLocalTurn()).isFalse();
        assertThatThrownBy(() -> responder.writeMessage(EMPTY)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void aKeyOfSmallOrderIsRefused(String hex) throws NoiseException {
        byte[] weak = HexFormat.of().parseHex(hex);
        responder.readMessage(weak);
        assertFails(Reason.WEAK_KEY, () -> responder.writeMessage(EMPTY));

        initiator.writeMessage(EMPTY);
        byte[] second = Arrays.copyOf(weak, 96);
        assertFails(Reason.WEAK_KEY, () -> initiator.readMessage(second));
    }

    @Property
    void aDamagedMessageIsRefused(
            @ForAll @IntRange(min = 0, max = 2) int which,
            @ForAll @IntRange(min = 0, max = 10_000) int position,
            @ForAll @IntRange(min = 0, max = 7) int bit)
            throws NoiseException {
        NoiseHandshake one = handshake(true);
        NoiseHandshake other = handshake(false);
        byte[] payload = "payload".getBytes(UTF_8);
        Reason reason = null;
        try {
            for (int i = 0; i < 3; i++) {
                NoiseHandshake writer = i % 2 == 0 ? one : other;
                NoiseHandshake reader = i % 2 == 0 ? other : one;
                byte[] message = writer.writeMessage(i == 0 ? EMPTY : payload);
                if (i == which) {
                    message[position % message.length] ^= (byte) (1 << bit);
                }
                reader.readMessage(message);
            }
        } catch (NoiseException e) {
            reason = e.reason();
        }
        assertThat(reason).isEqualTo(Reason.BAD_TAG);
    }

    @Property
    void garbageIsRefused(@ForAll @Size(max = 300) byte[] garbage) throws NoiseException {
        NoiseHandshake one = handshake(true);
        one.writeMessage(EMPTY);
        assertThatThrownBy(() -> one.readMessage(garbage)).isInstanceOf(NoiseException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 95})
    void aMessageThatIsTooShortIsRefused(int length) throws NoiseException {
        if (length < 32) {
            assertFails(Reason.MALFORMED, () -> responder.readMessage(new byte[length]));
        }
        initiator.writeMessage(EMPTY);
        assertFails(Reason.MALFORMED, () -> initiator.readMessage(new byte[length]));
    }

    @Test
    void aRepeatedMessageIsRefused() throws NoiseException {
        run(initiator, responder);
        NoiseHandshake.CipherStates sender = initiator.split();
        NoiseHandshake.CipherStates receiver = responder.split();
        byte[] first = encrypted(sender.send(), "first");
        byte[] second = encrypted(sender.send(), "first");
        assertThat(first).isNotEqualTo(second);
        byte[] repeated = first.clone();
        assertThat(receiver.receive().decrypt(Unpooled.wrappedBuffer(first), 0, first.length))
                .isEqualTo(5);
        assertFails(
                Reason.BAD_TAG, () -> receiver.receive().decrypt(Unpooled.wrappedBuffer(repeated), 0, repeated.length));
    }

    private static byte[] encrypted(CipherState key, String text) {
        byte[] plain = text.getBytes(UTF_8);
        byte[] buffer = Arrays.copyOf(plain, plain.length + CipherState.TAG_BYTES);
        key.encrypt(Unpooled.wrappedBuffer(buffer), 0, plain.length);
        return buffer;
    }

    private static void run(NoiseHandshake one, NoiseHandshake other) throws NoiseException {
        other.readMessage(one.writeMessage(EMPTY));
        one.readMessage(other.writeMessage(EMPTY));
        other.readMessage(one.writeMessage(EMPTY));
    }

    private static NoiseHandshake handshake(boolean initiates) {
        return NoiseHandshake.withKeys(
                initiates, X25519KeyPair.generate(RANDOM), X25519KeyPair.generate(RANDOM), EMPTY);
    }

    private static void assertFails(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NoiseException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
