package io.kad.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.AddressRange;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.core.engine.Peers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of entries: for whom those count that replace others, and what requests that race for one entry use up. */
class RangeQuotaBytesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final long PER_HOST = 1000;
    private static final long PER_NETWORK = 1500;
    private static final int HONEST = 1;
    private static final int OTHER = 2;

    private final RangeQuota quota = new RangeQuota(KademliaConfig.builder()
            .maxEntriesPerHost(8)
            .maxEntryBytesPerHost(PER_HOST)
            .maxEntryBytesPerNetwork(PER_NETWORK)
            .build());

    private static EntryKey key(long id) {
        return new EntryKey(id, RecordKey.utf8("/any/" + id), id);
    }

    private static EntrySender sender(PeerId peer, List<AddressRange> ranges) {
        return new EntrySender(peer, ranges, false);
    }

    private static List<AddressRange> ranges(int network, int host) {
        return AddressRange.of(Multiaddr.parse("/ip4/203.0." + network + "." + host + "/tcp/1"));
    }

    /** Claims for a peer with the number of its host and network. */
    private RangeQuota.Claim claim(long entry, int host, long bytes) {
        return claim(entry, host, host, bytes);
    }

    private RangeQuota.Claim claim(long entry, int peer, int host, long bytes) {
        return quota.claim(key(entry), sender(Peers.peer(peer), ranges(host, host)), bytes, Instant.MAX, NOW);
    }

    private boolean store(long entry, int host, long bytes) {
        return store(entry, host, host, bytes);
    }

    private boolean store(long entry, int peer, int host, long bytes) {
        RangeQuota.Claim claim = claim(entry, peer, host, bytes);
        claim.end(claim.exceeded().isEmpty());
        return claim.exceeded().isEmpty();
    }

    /** Returns the most bytes that other peers of a host may still store there. */
    private long room(int host) {
        long room = 0;
        for (int peer = 100; peer < 102; peer++) {
            long low = 0;
            long high = PER_HOST;
            while (low < high) {
                long middle = (low + high + 1) / 2;
                RangeQuota.Claim claim = claim(10_000 + peer, peer, host, middle);
                claim.end(false);
                if (claim.exceeded().isEmpty()) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            room = Math.max(room, low);
        }
        return room;
    }

    @Test
    void aHostGetsItsBytesUnderAnyNumberOfIdentities() {
        assertThat(store(1, 1, HONEST, 400)).isTrue();
        assertThat(store(2, 2, HONEST, 400)).isTrue();
        assertThat(store(3, 3, HONEST, 201)).isFalse();
        assertThat(store(3, 3, HONEST, 200)).isTrue();
        assertThat(store(4, 4, HONEST, 1)).isFalse();
        assertThat(store(4, 4, OTHER, 1)).isTrue();
        assertThat(claim(5, 5, HONEST, 1).exceeded())
                .contains(new RangeQuota.Exceeded(
                        "address range 203.0.1.1/32",
                        ranges(1, 1).get(0),
                        "1000 bytes (max-entry-bytes-per-host)",
                        "max-entry-bytes-per-host"));
    }

    @Test
    void oneIdentityGetsThreeQuartersOfTheBytesOfItsHost() {
        assertThat(store(1, HONEST, 750)).isTrue();
        assertThat(claim(2, HONEST, 1).exceeded())
                .contains(new RangeQuota.Exceeded(
                        "peer " + Peers.peer(HONEST) + " in 203.0.1.1/32",
                        ranges(1, 1).get(0),
                        "750 bytes (three quarters of max-entry-bytes-per-host)",
                        "max-entry-bytes-per-host"));
        assertThat(store(2, 9, HONEST, 250)).isTrue();
    }

    @Test
    void hostsOfOneNetworkShareItsBytes() {
        for (int host = 1; host <= 3; host++) {
            quota.claim(key(host), sender(Peers.peer(host), ranges(7, host)), 500, Instant.MAX, NOW)
                    .end(true);
        }

        assertThat(quota.claim(key(4), sender(Peers.peer(4), ranges(7, 4)), 1, Instant.MAX, NOW)
                        .exceeded()
                        .orElseThrow()
                        .option())
                .isEqualTo("max-entry-bytes-per-network");
    }

    @Test
    void aReplacementCountsForTheDifference() {
        store(1, HONEST, 100);
        assertThat(store(1, HONEST, 750)).isTrue();
        assertThat(room(HONEST)).isEqualTo(250);
        assertThat(store(1, HONEST, 10)).isTrue();
        assertThat(store(2, 8, HONEST, 240)).isTrue();
        assertThat(room(HONEST)).isEqualTo(750);
    }

    /** Stored small and made large: without a count of the difference, a host would keep any number of bytes. */
    @Test
    void smallEntriesCannotBeMadeLargeBeyondTheQuota() {
        for (int entry = 0; entry < 2; entry++) {
            assertThat(store(entry, HONEST, 1)).isTrue();
        }
        assertThat(store(0, HONEST, 749)).isTrue();
        assertThat(store(1, HONEST, 750)).isFalse();
        assertThat(store(1, HONEST, 1)).as("its renewal").isTrue();
    }

    @Test
    void aReplacementThatIsRefusedLeavesWhatWasCounted() {
        store(1, HONEST, 500);
        claim(1, HONEST, 700).end(false);
        claim(1, HONEST, 100).end(false);
        claim(1, OTHER, 700).end(false);

        assertThat(room(HONEST)).isEqualTo(500);
        assertThat(room(OTHER)).isEqualTo(750);
    }

    /** Nobody uses up the quota of an honest host by writing large values over its small records. */
    @Test
    void aLargerReplacementOfAnotherHostCountsForThatHostAlone() {
        store(1, HONEST, 100);
        assertThat(store(1, OTHER, 750)).isTrue();

        assertThat(room(HONEST)).isEqualTo(750);
        assertThat(store(2, HONEST, 750)).isTrue();
        assertThat(room(OTHER)).isEqualTo(250);
        quota.removed(1);
        assertThat(room(OTHER)).isEqualTo(750);
    }

    @Test
    void aHostWithoutRoomCannotEnlargeTheEntryOfAnother() {
        store(1, HONEST, 100);
        store(2, OTHER, 700);

        assertThat(store(1, OTHER, 101)).isFalse();
        assertThat(store(1, OTHER, 100)).as("a renewal, such as a replication").isTrue();
        assertThat(room(HONEST)).isEqualTo(750);
        assertThat(store(3, 9, HONEST, 150)).isTrue();
        assertThat(store(4, 10, HONEST, 750)).isTrue();
        assertThat(room(HONEST)).isZero();
    }

    @Test
    void aSmallerReplacementOfAnotherHostCountsForTheOneOfBefore() {
        store(1, HONEST, 700);
        assertThat(store(1, OTHER, 300)).isTrue();

        assertThat(room(OTHER)).isEqualTo(750);
        store(2, 9, HONEST, 650);
        assertThat(room(HONEST)).isEqualTo(50);
    }

    @Test
    void anotherPeerOfTheSameHostTakesOverWhatItEnlarges() {
        store(1, HONEST, 700);
        assertThat(store(1, 9, HONEST, 740))
                .as("the host pays for the difference")
                .isTrue();
        assertThat(store(2, HONEST, 260)).as("the first peer pays no more").isTrue();
        assertThat(room(HONEST)).isZero();
    }

    /** Which of them the store has in the end is not known here, so the largest that was stored counts. */
    @ParameterizedTest
    @CsvSource({"true, true, 600, 0", "true, false, 600, 0", "false, true, 0, 400", "false, false, 0, 0"})
    void ofTwoRequestsForOneEntryTheLargestThatIsStoredCounts(
            boolean large, boolean small, long usedByLarge, long usedBySmall) {
        for (boolean inOrder : new boolean[] {true, false}) {
            RangeQuota.Claim first = claim(1, HONEST, 600);
            RangeQuota.Claim second = claim(1, OTHER, 400);
            (inOrder ? first : second).end(inOrder ? large : small);
            (inOrder ? second : first).end(inOrder ? small : large);

            assertThat(room(HONEST)).isEqualTo(Math.min(750, PER_HOST - usedByLarge));
            assertThat(room(OTHER)).isEqualTo(Math.min(750, PER_HOST - usedBySmall));
            quota.removed(1);
            assertThat(quota.accounts()).isZero();
        }
    }

    @Test
    void theSmallerOneCountsAgainOnceNoRequestIsOnItsWay() {
        store(1, HONEST, 700);
        RangeQuota.Claim small = claim(1, HONEST, 100);
        RangeQuota.Claim same = claim(1, OTHER, 700);
        small.end(true);
        assertThat(room(HONEST)).as("while the larger one may still be stored").isEqualTo(300);
        same.end(false);

        store(2, 9, HONEST, 600);
        assertThat(room(HONEST)).isEqualTo(300);
    }

    /** Whoever sends many requests at once gets no more than one after the other. */
    @Test
    void bytesOfRequestsThatHaveNotEndedAreTaken() {
        assertThat(claim(1, 1, HONEST, 500).exceeded()).isEmpty();
        assertThat(claim(2, 2, HONEST, 500).exceeded()).isEmpty();
        assertThat(claim(3, 3, HONEST, 1).exceeded()).isPresent();
    }

    @Test
    void whatIsEvictedGivesItsBytesBackAlsoWhileItIsReplaced() {
        store(1, HONEST, 500);
        RangeQuota.Claim larger = claim(1, HONEST, 700);
        quota.removed(1);
        assertThat(room(HONEST)).as("while the larger one may be stored").isEqualTo(300);
        larger.end(true);
        assertThat(room(HONEST)).as("stored after the eviction").isEqualTo(300);
        quota.removed(1);

        assertThat(quota.counted()).isZero();
        assertThat(quota.accounts()).isZero();
        assertThat(room(HONEST)).isEqualTo(750);
    }

    @Test
    void expiredBytesCountNoMore() {
        quota.claim(key(1), sender(Peers.peer(1), ranges(1, 1)), 750, NOW.plusSeconds(1), NOW)
                .end(true);
        assertThat(store(2, HONEST, 1)).isFalse();

        RangeQuota.Claim later =
                quota.claim(key(2), sender(Peers.peer(1), ranges(1, 1)), 750, Instant.MAX, NOW.plusSeconds(2));
        assertThat(later.exceeded()).isEmpty();
    }

    /** Otherwise a host would pay for what another one stores under the keys that it has used once. */
    @Test
    void whatComesAfterTheExpiryOfAnEntryCountsForItsSender() {
        quota.claim(key(1), sender(Peers.peer(1), ranges(1, 1)), 700, NOW.plusSeconds(1), NOW)
                .end(true);
        quota.claim(key(1), sender(Peers.peer(2), ranges(2, 2)), 700, Instant.MAX, NOW.plusSeconds(1))
                .end(true);

        assertThat(room(HONEST)).isEqualTo(750);
        assertThat(room(OTHER)).isEqualTo(300);
    }

    /** Loopback has no limit: what it writes over the entry of a host counts no more for that one. */
    @Test
    void aLargerReplacementByLoopbackCountsForLoopback() {
        store(1, HONEST, 500);
        for (int entry = 1; entry <= 40; entry++) {
            quota.claim(key(entry), sender(Peers.peer(3), List.of()), PER_NETWORK, Instant.MAX, NOW)
                    .end(true);
        }

        assertThat(quota.counted()).isEqualTo(40);
        assertThat(room(HONEST)).isEqualTo(750);
    }

    @Test
    void theLargestQuotaDoesNotOverflow() {
        RangeQuota large = new RangeQuota(KademliaConfig.builder()
                .maxEntryBytesPerHost(1L << 40)
                .maxEntryBytesPerNetwork(1L << 40)
                .build());
        for (int entry = 0; entry < 4; entry++) {
            RangeQuota.Claim claim =
                    large.claim(key(entry), sender(Peers.peer(entry), ranges(1, 1)), 1L << 38, Instant.MAX, NOW);
            assertThat(claim.exceeded()).isEmpty();
            claim.end(true);
        }
        Optional<RangeQuota.Exceeded> exceeded = large.claim(
                        key(4), sender(Peers.peer(4), ranges(1, 1)), 1, Instant.MAX, NOW)
                .exceeded();
        assertThat(exceeded).isPresent();
    }

    /** A claim for the difference needs all of it once the entry counts for another host. */
    @Test
    void aClaimGrowsWhenItsEntryCountsForAnotherMeanwhile() {
        store(1, HONEST, 700);
        RangeQuota.Claim larger = claim(1, HONEST, 702);
        store(1, OTHER, 701);
        assertThat(room(HONEST)).isEqualTo(298);
        assertThat(store(2, HONEST, 740)).isFalse();
        larger.end(true);

        assertThat(room(HONEST)).isEqualTo(298);
        assertThat(room(OTHER)).isEqualTo(750);
        quota.removed(1);
        assertThat(quota.accounts()).isZero();
    }

    @Test
    void aSmallerClaimThatHasNotEndedGivesNothingBack() {
        store(1, HONEST, 700);
        RangeQuota.Claim smaller =
                quota.claim(key(1), sender(Peers.peer(9), ranges(HONEST, HONEST)), 100, Instant.MAX, NOW);
        assertThat(room(HONEST)).isEqualTo(300);
        smaller.end(false);

        assertThat(room(HONEST)).isEqualTo(300);
    }

    @Test
    void aRenewalUntilLaterNeedsRoomAndCountsForItsSender() {
        quota.claim(key(1), sender(Peers.peer(1), ranges(1, 1)), 700, NOW.plusSeconds(10), NOW)
                .end(true);
        store(2, OTHER, 400);
        assertThat(claim(1, OTHER, 700).exceeded()).isPresent();
        quota.removed(2);
        assertThat(store(1, OTHER, 700)).isTrue();

        assertThat(room(HONEST)).isEqualTo(750);
        assertThat(room(OTHER)).isEqualTo(300);
    }

    @Test
    void theLatestExpiryOfTwoRequestsAtOnceCounts() {
        for (boolean inOrder : new boolean[] {true, false}) {
            RangeQuota.Claim later =
                    quota.claim(key(1), sender(Peers.peer(1), ranges(1, 1)), 700, NOW.plusSeconds(10), NOW);
            RangeQuota.Claim earlier =
                    quota.claim(key(1), sender(Peers.peer(1), ranges(1, 1)), 700, NOW.plusSeconds(1), NOW);
            (inOrder ? later : earlier).end(true);
            (inOrder ? earlier : later).end(true);

            RangeQuota.Claim other =
                    quota.claim(key(2), sender(Peers.peer(1), ranges(1, 1)), 700, Instant.MAX, NOW.plusSeconds(9));
            assertThat(other.exceeded()).as("in order: " + inOrder).isPresent();
            quota.removed(1);
            assertThat(quota.accounts()).isZero();
        }
    }

    /** What a request stores after the local peer has published may replace the own record, so it counts. */
    @Test
    void whatIsStoredAfterALocalPublicationCounts() {
        RangeQuota.Claim claim = claim(1, HONEST, 500);
        quota.replaced(1);
        claim.end(true);

        assertThat(quota.counted()).isEqualTo(1);
    }

    /** A second request does not bring back what the first one has stored and the store has removed. */
    @Test
    void whatTheStoreHasRemovedStaysRemovedWhenAnotherRequestComes() {
        RangeQuota.Claim first = claim(1, HONEST, 500);
        quota.removed(1);
        RangeQuota.Claim second = claim(1, OTHER, 100);
        quota.removed(1);
        second.end(false);
        first.end(true);

        assertThat(quota.counted()).isZero();
    }

    /** Loopback has no limit, but it does not have the entries of others forgotten. */
    @Test
    void loopbackGetsHalfOfWhatIsCounted() {
        store(1, HONEST, 750);
        for (int entry = 10; entry < 10 + 2 * RangeQuota.MIN_WINDOW; entry++) {
            quota.claim(key(entry), sender(Peers.peer(3), List.of()), 1, Instant.MAX, NOW)
                    .end(true);
        }

        assertThat(quota.counted()).isEqualTo(1 + RangeQuota.MIN_WINDOW);
        assertThat(room(HONEST)).isEqualTo(250);
    }
}
