package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.PeerId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeerLivenessTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final PeerId DEAD = Peers.peer(1);
    private static final PeerId OTHER = Peers.peer(9);

    private final PeerLiveness liveness = new PeerLiveness(Duration.ofSeconds(10), peer -> !peer.equals(OTHER));

    /** Lets a peer fail while another one is heard, and returns the seconds of its back-off. */
    private long failAt(long second) {
        liveness.heard(second * SECOND);
        liveness.failed(DEAD, second * SECOND, second * SECOND);
        long length = 0;
        while (liveness.isBackedOff(DEAD, (second + length) * SECOND)) {
            length++;
        }
        return length;
    }

    @Test
    void theBackOffDoublesUpToItsLimit() {
        assertThat(failAt(0)).isEqualTo(1);
        assertThat(failAt(10)).isEqualTo(2);
        assertThat(failAt(20)).isEqualTo(4);
        for (long i = 3; i < 9; i++) {
            failAt(i * 10);
        }
        assertThat(failAt(1000)).isEqualTo(512);
        for (long i = 2; i < 100; i++) {
            assertThat(failAt(i * 1000)).isEqualTo(600);
        }
    }

    @Test
    void aPeerThatIsHeardStartsAnew() {
        failAt(0);
        failAt(10);
        assertThat(liveness.isReplaceable(DEAD)).isTrue();
        liveness.heard(DEAD, 11 * SECOND);
        assertThat(liveness.isReplaceable(DEAD)).isFalse();
        assertThat(liveness.isBackedOff(DEAD, 11 * SECOND)).isFalse();
        assertThat(failAt(20)).isEqualTo(1);
    }

    @Test
    void anOutageClearsWhatWasCounted() {
        failAt(0);
        failAt(10);
        for (int number = 2; number <= 4; number++) {
            liveness.failed(Peers.peer(number), 11 * SECOND, 12 * SECOND);
        }
        assertThat(liveness.heard(22 * SECOND)).isTrue();
        assertThat(liveness.isReplaceable(DEAD)).isFalse();
        assertThat(liveness.heard(40 * SECOND)).isFalse();
    }

    @Test
    void peersOutsideOfTheTableAreNoSignOfAnOutage() {
        for (int number = 2; number <= 9; number++) {
            liveness.failed(OTHER, SECOND, SECOND);
        }
        assertThat(liveness.mayBeOffline()).isFalse();
        assertThat(liveness.heard(100 * SECOND)).isFalse();
    }

    /** Without a network each request fails at once. */
    @Test
    void promptFailuresOfPeersOfTheTableAreASignOfAnOutage() {
        for (int number = 2; number <= 4; number++) {
            assertThat(liveness.mayBeOffline()).isFalse();
            liveness.failed(Peers.peer(number), SECOND, SECOND);
        }
        assertThat(liveness.mayBeOffline()).isTrue();
        assertThat(liveness.heard(100 * SECOND)).isTrue();
    }

    @Test
    void aRefusalCountsAgainstItsPeerAlone() {
        assertThat(liveness.refused(DEAD, SECOND, 2 * SECOND)).isFalse();
        assertThat(liveness.isBackedOff(DEAD, 2 * SECOND)).isTrue();
        liveness.refused(DEAD, 3 * SECOND, 4 * SECOND);
        assertThat(liveness.isReplaceable(DEAD)).isTrue();
        assertThat(liveness.mayBeOffline()).isFalse();
    }

    @Test
    void aRefusalIsAContactThatEndsAnOutage() {
        for (int number = 2; number <= 4; number++) {
            liveness.failed(Peers.peer(number), 0, SECOND);
        }
        assertThat(liveness.mayBeOffline()).isTrue();
        assertThat(liveness.refused(DEAD, 2 * SECOND, 12 * SECOND)).isTrue();
        assertThat(liveness.mayBeOffline()).isFalse();
        assertThat(liveness.isBackedOff(DEAD, 12 * SECOND))
                .as("for a request of the outage")
                .isFalse();
    }

    @Test
    void whatIsRememberedIsBounded() {
        liveness.heard(0);
        for (int number = 1; number <= 2 * PeerLiveness.MAX_SILENT_PEERS; number++) {
            liveness.failed(Peers.peer(number), 0, 0);
        }
        assertThat(liveness.isBackedOff(Peers.peer(PeerLiveness.MAX_SILENT_PEERS), 1))
                .isFalse();
        assertThat(liveness.isBackedOff(Peers.peer(PeerLiveness.MAX_SILENT_PEERS + 1), 1))
                .isTrue();
    }
}
