package io.kad.transport.netty.noise;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Bytes;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.transport.netty.support.FuzzInput;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.NoisePayload;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages of a remote peer in a handshake. The first byte of an input tells the side, and whether the rest is what it sends, or a payload that it
 * encrypts as the protocol wants it; the second is the size of the segments.
 */
class NoiseHandshakeFuzzTest {

    private static final int KINDS = 4;
    private static final byte[] EMPTY = {};
    private static final TestIdentity LOCAL = new TestIdentity(1);
    private static final TestIdentity REMOTE = new TestIdentity(2);
    private static final NoiseIdentity LOCAL_NOISE = NoiseIdentity.create(LOCAL, List.of("/yamux/1.0.0"));
    private static final X25519KeyPair REMOTE_KEY = X25519KeyPair.of(new byte[32]);

    static Stream<byte[]> seeds() {
        byte[] payload = NoisePayload.sign(REMOTE, Bytes.of(REMOTE_KEY.publicKey()), List.of("/yamux/1.0.0"))
                .encode()
                .toArray();
        byte[] first = Wire.join(new byte[] {0, 32, 5}, new byte[X25519KeyPair.KEY_BYTES - 1]);
        return Stream.of(
                FuzzInput.seed(first, 0, 0),
                FuzzInput.seed(Wire.join(new byte[] {0, 96}, new byte[96]), 1, 7),
                FuzzInput.seed(payload, 2, 3),
                FuzzInput.seed(payload, 3, 100),
                FuzzInput.seed(new byte[] {0x20, 1}, 0, 0),
                FuzzInput.seed(Wire.join(new byte[] {0, 32}, new byte[32]), 0, 0));
    }

    /** Result of a handshake. */
    private record Outcome(List<SecuredPeer> secured, List<NoiseException.Reason> failed, boolean open) {}

    @MethodSource("seeds")
    @FuzzTest
    void endsAtMostOnceAndTheSameInAnySegments(byte[] input) throws NoiseException {
        FuzzInput in = new FuzzInput(input);
        int kind = in.next(KINDS);
        int segmentSize = 1 + in.next();
        byte[] rest = in.rest();
        Outcome whole = run(kind, rest, Integer.MAX_VALUE);
        assertThat(run(kind, rest, segmentSize)).isEqualTo(whole);
        assertThat(whole.secured()).allSatisfy(peer -> assertThat(peer.id()).isEqualTo(REMOTE.peerId()));
    }

    private static Outcome run(int kind, byte[] input, int segmentSize) throws NoiseException {
        List<SecuredPeer> secured = new ArrayList<>();
        List<NoiseException.Reason> failed = new ArrayList<>();
        HandshakeListener listener = new HandshakeListener() {
            @Override
            public void onIdentityCheckStarted() {}

            @Override
            public void onSecured(Channel channel, SecuredPeer peer) {
                secured.add(peer);
            }

            @Override
            public void onHandshakeFailed(Channel channel, HandshakeException cause) {
                failed.add(((NoiseException) cause.getCause()).reason());
            }
        };
        boolean localDials = kind % 2 == 1;
        EmbeddedChannel channel = Wire.channel(
                localDials
                        ? NoiseHandshakeHandler.initiator(LOCAL_NOISE, REMOTE.peerId(), listener)
                        : NoiseHandshakeHandler.responder(LOCAL_NOISE, listener));
        byte[] received = kind < 2 ? input : localDials ? response(channel, input) : request(channel, input);
        Wire.deliver(channel, received, Math.min(segmentSize, Math.max(1, received.length)));
        Outcome outcome = new Outcome(List.copyOf(secured), List.copyOf(failed), channel.isOpen());
        assertThat(failed).doesNotContain(NoiseException.Reason.INTERNAL);
        assertThat(secured.size() + failed.size()).isLessThanOrEqualTo(1);
        assertThat(outcome.open()).isEqualTo(failed.isEmpty());
        channel.checkException();
        assertThat(Wire.leaked(channel)).isZero();
        assertThat(secured.size() + failed.size()).isEqualTo(1);
        return outcome;
    }

    private static byte[] response(EmbeddedChannel dialer, byte[] payload) throws NoiseException {
        NoiseHandshake remote = NoiseHandshake.responder(REMOTE_KEY, new SecureRandom());
        remote.readMessage(unframed(Wire.sent(dialer)));
        return framed(remote.writeMessage(payload));
    }

    private static byte[] request(EmbeddedChannel listener, byte[] payload) throws NoiseException {
        NoiseHandshake remote = NoiseHandshake.initiator(REMOTE_KEY, new SecureRandom());
        Wire.deliver(listener, framed(remote.writeMessage(EMPTY)));
        remote.readMessage(unframed(Wire.sent(listener)));
        return framed(remote.writeMessage(payload));
    }

    private static byte[] framed(byte[] message) {
        return Wire.join(new byte[] {(byte) (message.length >> Byte.SIZE), (byte) message.length}, message);
    }

    private static byte[] unframed(byte[] message) {
        return Arrays.copyOfRange(message, NoiseTransportHandler.LENGTH_BYTES, message.length);
    }
}
