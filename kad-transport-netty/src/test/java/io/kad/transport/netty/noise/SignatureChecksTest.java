package io.kad.transport.netty.noise;

import static io.kad.transport.netty.support.Wire.channel;
import static io.kad.transport.netty.support.Wire.deliver;
import static io.kad.transport.netty.support.Wire.exchange;
import static io.kad.transport.netty.support.Wire.join;
import static io.kad.transport.netty.support.Wire.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.transport.netty.noise.NoiseException.Reason;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.RsaIdentity;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handshakes whose signatures are checked by an executor that the test runs. */
class SignatureChecksTest {

    private static final List<String> MUXERS = List.of("/yamux/1.0.0");

    private final TestIdentity alice = new TestIdentity(1);
    private final TestIdentity bob = new TestIdentity(2);
    private final RecordedHandshake dialed = new RecordedHandshake();
    private final RecordedHandshake accepted = new RecordedHandshake();
    private final Queue<Runnable> cheap = new ArrayDeque<>();
    private final Queue<Runnable> costly = new ArrayDeque<>();
    private final SignatureChecks held = new SignatureChecks(cheap::add, costly::add);

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    private EmbeddedChannel dialer(Identity identity, SignatureChecks checks) {
        return channel(
                NoiseHandshakeHandler.initiator(NoiseIdentity.create(identity, MUXERS, checks), bob.peerId(), dialed));
    }

    private EmbeddedChannel listener(SignatureChecks checks) {
        return channel(NoiseHandshakeHandler.responder(NoiseIdentity.create(bob, MUXERS, checks), accepted));
    }

    /** Runs the handshake, and returns its last message and the data that the dialer sends at once after it. */
    private byte[] lastMessageAndData(EmbeddedChannel dialer, EmbeddedChannel listener, String data) {
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        dialer.writeOutbound(Unpooled.copiedBuffer(data, UTF_8));
        return sent(dialer);
    }

    @Test
    void theHandshakeWaitsForTheCheckAndKeepsTheOrderOfBytes() {
        EmbeddedChannel dialer = dialer(alice, SignatureChecks.inCaller());
        EmbeddedChannel listener = listener(held);
        byte[] bytes = lastMessageAndData(dialer, listener, "first,");
        deliver(listener, bytes, 7);
        dialer.writeOutbound(Unpooled.copiedBuffer("second", UTF_8));
        deliver(listener, sent(dialer));
        accepted.assertPending();
        assertThat(listener.config().isAutoRead())
                .as("reads on during the check")
                .isFalse();
        assertThat(cheap).hasSize(1);

        cheap.remove().run();
        listener.runPendingTasks();
        assertThat(accepted.session().id()).isEqualTo(alice.peerId());
        assertThat(accepted.received()).isEqualTo("first,second".getBytes(UTF_8));
        assertThat(listener.config().isAutoRead()).isTrue();
    }

    @Test
    void theDialerSendsItsIdentityOnlyAfterTheCheck() {
        EmbeddedChannel dialer = dialer(alice, held);
        EmbeddedChannel listener = listener(SignatureChecks.inCaller());
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        assertThat(sent(dialer)).isEmpty();

        cheap.remove().run();
        exchange(dialer, listener, 1000);
        assertThat(dialed.session().id()).isEqualTo(bob.peerId());
        assertThat(accepted.session().id()).isEqualTo(alice.peerId());
    }

    @Test
    void aCheckOfAClosedConnectionIsGivenUp() {
        EmbeddedChannel dialer = dialer(alice, SignatureChecks.inCaller());
        EmbeddedChannel listener = listener(held);
        deliver(listener, lastMessageAndData(dialer, listener, "data"));
        listener.close();
        listener.runPendingTasks();
        accepted.assertFailed(Reason.CLOSED);

        cheap.remove().run();
        listener.runPendingTasks();
        accepted.assertFailed(Reason.CLOSED);
    }

    @Test
    void aForgedSignatureIsRefusedAfterTheCheck() {
        EmbeddedChannel dialer = dialer(alice, SignatureChecks.inCaller());
        EmbeddedChannel listener = listener(held);
        byte[] bytes = lastMessageAndData(dialer, listener, "");
        byte[] forged = Arrays.copyOf(bytes, bytes.length);
        forged[forged.length - 1] ^= 1;
        deliver(listener, forged);
        accepted.assertFailed(Reason.BAD_TAG);
        assertThat(cheap).as("checks of a message that fails a cheaper one").isEmpty();
    }

    @Test
    void aConnectionIsRefusedWhenTooManyChecksWait() {
        SignatureChecks full = new SignatureChecks(
                check -> {
                    throw new RejectedExecutionException("full");
                },
                costly::add);
        EmbeddedChannel dialer = dialer(alice, SignatureChecks.inCaller());
        EmbeddedChannel listener = listener(full);
        deliver(listener, lastMessageAndData(dialer, listener, "data"));
        accepted.assertFailed(Reason.OVERLOADED);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void costlyKeysHaveAWaitingLineOfTheirOwn() {
        RsaIdentity rsa = new RsaIdentity(2048);
        EmbeddedChannel dialer = dialer(rsa, SignatureChecks.inCaller());
        EmbeddedChannel listener = listener(held);
        deliver(listener, lastMessageAndData(dialer, listener, "data"));
        assertThat(cheap).isEmpty();
        assertThat(costly).hasSize(1);

        costly.remove().run();
        listener.runPendingTasks();
        assertThat(accepted.session().id()).isEqualTo(rsa.peerId());
    }

    @Test
    void anOverlongMessageIsALimit() {
        EmbeddedChannel listener = listener(held);
        deliver(listener, join(new byte[] {(byte) 0x20, 1}, new byte[10]));
        accepted.assertFailed(Reason.LIMIT);
    }
}
