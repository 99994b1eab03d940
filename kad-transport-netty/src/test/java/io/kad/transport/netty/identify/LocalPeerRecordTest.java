package io.kad.transport.netty.identify;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.ForwardingIdentity;
import io.kad.transport.netty.support.RsaIdentity;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.wire.SignedPeerRecord;
import io.kad.wire.encoding.MalformedMessageException;
import io.netty.util.concurrent.Future;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LocalPeerRecordTest {

    private static final List<Multiaddr> HOME = List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"));
    private static final List<Multiaddr> ABROAD = List.of(Multiaddr.parse("/ip4/192.0.2.2/tcp/4001"));
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678901234Z");

    private final TestIdentity identity = new TestIdentity(1);
    private final Queue<Runnable> cheap = new ArrayDeque<>();
    private final Queue<Runnable> costly = new ArrayDeque<>();
    private final SignatureChecks held = new SignatureChecks(cheap::add, costly::add);
    private Instant now = START;
    private final LocalPeerRecord.Sequence sequence = new LocalPeerRecord.Sequence(() -> now);

    private LocalPeerRecord inCaller() {
        return new LocalPeerRecord(identity, SignatureChecks.inCaller(), sequence);
    }

    private SignedPeerRecord opened(Future<Bytes> sealed) throws MalformedMessageException {
        return SignedPeerRecord.open(sealed.getNow(), identity.peerId());
    }

    @Test
    void aRecordHasTheAddressesAndTheTimeInNanoseconds() throws Exception {
        assertThat(opened(inCaller().sealed(HOME)))
                .isEqualTo(new SignedPeerRecord(identity.peerId(), 1_767_323_045_678_901_234L, HOME));
    }

    @Test
    void aRecordIsSignedOnceWhileTheAddressesStay() {
        LocalPeerRecord record = new LocalPeerRecord(identity, held, sequence);
        Future<Bytes> first = record.sealed(HOME);

        assertThat(first.isDone()).as("signed in the call").isFalse();
        assertThat(record.sealed(List.copyOf(HOME))).isSameAs(first);
        cheap.remove().run();
        assertThat(record.sealed(HOME)).isSameAs(first);
        assertThat(first.isSuccess()).isTrue();
        assertThat(cheap).isEmpty();
    }

    @Test
    void aChangeAndAReturnToFormerAddressesAreNewerRecords() throws Exception {
        LocalPeerRecord record = inCaller();
        SignedPeerRecord home = opened(record.sealed(HOME));
        SignedPeerRecord abroad = opened(record.sealed(ABROAD));
        SignedPeerRecord back = opened(record.sealed(HOME));

        assertThat(abroad.isNewerThan(home)).isTrue();
        assertThat(back.isNewerThan(abroad)).isTrue();
        assertThat(back.addresses()).isEqualTo(HOME);
    }

    @Test
    void recordsOfBothKindsOfPeersShareTheirSequence() throws Exception {
        SignedPeerRecord one = opened(inCaller().sealed(HOME));
        SignedPeerRecord other = opened(inCaller().sealed(ABROAD));

        assertThat(other.isNewerThan(one)).isTrue();
    }

    @Test
    void theSequenceIncreasesWhenTheClockGoesBackAndOverARestart() throws Exception {
        SignedPeerRecord before = opened(inCaller().sealed(HOME));
        now = START.minusSeconds(3600);
        SignedPeerRecord after = opened(inCaller().sealed(HOME));
        now = START.plusMillis(1);
        LocalPeerRecord restarted =
                new LocalPeerRecord(identity, SignatureChecks.inCaller(), new LocalPeerRecord.Sequence(() -> now));

        assertThat(after.isNewerThan(before)).isTrue();
        assertThat(opened(restarted.sealed(HOME)).isNewerThan(after)).isTrue();
    }

    @Test
    void aKeyThatCostsMuchIsUsedWhereItDelaysNoOther() {
        var unused = new LocalPeerRecord(new RsaIdentity(2048), held, sequence).sealed(HOME);

        assertThat(cheap).isEmpty();
        assertThat(costly).hasSize(1);
    }

    @Test
    void aFailedSignatureIsTriedAgain() throws Exception {
        Failing failing = new Failing();
        LocalPeerRecord record = new LocalPeerRecord(failing, SignatureChecks.inCaller(), sequence);

        assertThat(record.sealed(HOME).cause()).hasMessage("token removed");
        assertThat(record.sealed(HOME).cause()).hasMessage("token removed");
        failing.works = true;
        assertThat(opened(record.sealed(HOME)).addresses()).isEqualTo(HOME);
        assertThat(failing.calls).isEqualTo(3);
    }

    @Test
    void aSignatureThatCannotWaitFailsAndIsTriedAgain() throws Exception {
        boolean[] full = {true};
        SignatureChecks checks = new SignatureChecks(
                check -> {
                    if (full[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    check.run();
                },
                costly::add);
        LocalPeerRecord record = new LocalPeerRecord(identity, checks, sequence);

        assertThat(record.sealed(HOME).cause()).isInstanceOf(RejectedExecutionException.class);
        full[0] = false;
        assertThat(opened(record.sealed(HOME)).addresses()).isEqualTo(HOME);
    }

    /** Identity whose key can't be reached at first. */
    private final class Failing implements ForwardingIdentity {

        private boolean works;
        private int calls;

        @Override
        public Identity identity() {
            return identity;
        }

        @Override
        public Bytes sign(Bytes message) {
            calls++;
            if (!works) {
                throw new IllegalStateException("token removed");
            }
            return identity.sign(message);
        }
    }
}
