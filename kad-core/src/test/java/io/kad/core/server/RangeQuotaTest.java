package io.kad.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.AddressRange;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.core.engine.Peers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts, for whom and until when. */
class RangeQuotaTest {

    private static final int PER_HOST = 10;
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(1000);

    private static RangeQuota ofHost(int entries) {
        return new RangeQuota(
                KademliaConfig.builder().maxEntriesPerHost(entries).build());
    }

    private static EntryKey key(long id) {
        return new EntryKey(id, RecordKey.utf8("/any/" + id), id);
    }

    private static EntrySender sender(PeerId peer, List<AddressRange> ranges) {
        return new EntrySender(peer, ranges, false);
    }

    private static List<AddressRange> ranges(int network) {
        return AddressRange.of(Multiaddr.parse("/ip4/203.0." + network + ".7/tcp/1"));
    }

    private static RangeQuota.Claim claim(RangeQuota quota, long entry, Instant expires) {
        return quota.claim(key(entry), sender(Peers.peer((int) entry % 4), ranges(1)), 1, expires, NOW);
    }

    private static void store(RangeQuota quota, long entry, Instant expires) {
        claim(quota, entry, expires).end(true);
    }

    private static boolean tryStore(RangeQuota quota, long entry, PeerId peer, List<AddressRange> ranges) {
        RangeQuota.Claim claim = quota.claim(key(entry), sender(peer, ranges), 1, Instant.MAX, NOW);
        claim.end(claim.exceeded().isEmpty());
        return claim.exceeded().isEmpty();
    }

    /** Returns whether another peer of the same host may store an entry of its own at that time. */
    private static boolean hasRoom(RangeQuota quota, Instant now) {
        RangeQuota.Claim claim = quota.claim(key(999), sender(Peers.peer(9), ranges(1)), 1, Instant.MAX, now);
        claim.end(false);
        return claim.exceeded().isEmpty();
    }

    @Test
    void aRenewalThatFailsLeavesTheEntryCountedUntilItsOwnExpiry() {
        RangeQuota quota = ofHost(PER_HOST);
        for (int entry = 0; entry < PER_HOST; entry++) {
            store(quota, entry, NOW.plusSeconds(10));
        }
        claim(quota, 0, LATER).end(false);

        assertThat(hasRoom(quota, NOW)).isFalse();
        assertThat(hasRoom(quota, NOW.plusSeconds(10))).isTrue();
        assertThat(quota.counted()).isZero();
        assertThat(quota.accounts()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"true, true, 1", "true, false, 1", "false, true, 1", "false, false, 0"})
    void anEntryOfTwoRequestsAtOnceIsCountedIfOneOfThemStoresIt(boolean first, boolean second, int counted) {
        for (boolean inOrder : new boolean[] {true, false}) {
            RangeQuota quota = ofHost(PER_HOST);
            RangeQuota.Claim earlier = claim(quota, 7, Instant.MAX);
            RangeQuota.Claim later = claim(quota, 7, Instant.MAX);
            (inOrder ? earlier : later).end(inOrder ? first : second);
            (inOrder ? later : earlier).end(inOrder ? second : first);

            assertThat(quota.counted()).as("in order: " + inOrder).isEqualTo(counted);
            assertThat(quota.accounts()).as("in order: " + inOrder).isEqualTo(3 * counted);
        }
    }

    @Test
    void anEntryOfTwoRequestsAtOnceExpiresWithTheOneThatStoresIt() {
        RangeQuota quota = ofHost(2);
        RangeQuota.Claim refused = claim(quota, 7, NOW.plusSeconds(1));
        RangeQuota.Claim stored = quota.claim(key(7), sender(Peers.peer(8), ranges(1)), 1, NOW.plusSeconds(100), NOW);
        stored.end(true);
        refused.end(false);
        store(quota, 6, NOW.plusSeconds(1000));

        assertThat(hasRoom(quota, NOW.plusSeconds(99))).isFalse();
        assertThat(hasRoom(quota, NOW.plusSeconds(101))).isTrue();
    }

    /** A search for what has expired comes between the claim of a renewal and its end. */
    @Test
    void anEntryThatIsBeingRenewedDoesNotExpireMeanwhile() {
        RangeQuota quota = ofHost(1);
        store(quota, 7, NOW.plusSeconds(1));
        RangeQuota.Claim renewal = quota.claim(key(7), sender(Peers.peer(3), ranges(1)), 1, LATER, NOW.plusSeconds(1));
        assertThat(hasRoom(quota, NOW.plusSeconds(2))).isFalse();
        renewal.end(true);

        assertThat(hasRoom(quota, NOW.plusSeconds(10))).isFalse();
        assertThat(hasRoom(quota, LATER)).isTrue();
    }

    @Test
    void whatIsEvictedWhileItsRequestEndsIsNotCountedAgain() {
        RangeQuota quota = ofHost(PER_HOST);
        RangeQuota.Claim claim = claim(quota, 7, Instant.MAX);
        quota.removed(7);
        claim.end(true);

        assertThat(quota.counted()).isZero();
        assertThat(quota.accounts()).isZero();
    }

    /** A store may evict an entry for another request before it stores the renewal, which is then a new entry. */
    @Test
    void whatIsEvictedBeforeItsRenewalIsStoredCountsAgain() {
        RangeQuota quota = ofHost(PER_HOST);
        store(quota, 7, LATER);
        RangeQuota.Claim renewal = claim(quota, 7, LATER);
        quota.removed(7);
        renewal.end(true);

        assertThat(quota.counted()).isEqualTo(1);
        quota.removed(7);
        assertThat(quota.counted()).isZero();
        assertThat(quota.accounts()).isZero();
    }

    @Test
    void aRenewalOfWhatWasEvictedTakesRoomUntilItEnds() {
        RangeQuota quota = ofHost(1);
        store(quota, 7, LATER);
        RangeQuota.Claim renewal = claim(quota, 7, LATER);
        quota.removed(7);
        assertThat(hasRoom(quota, NOW)).isFalse();
        renewal.end(false);

        assertThat(hasRoom(quota, NOW)).isTrue();
        assertThat(quota.accounts()).isZero();
    }

    /** The check and the count are one step: however many requests are on their way, they share what is left. */
    @Test
    void requestsThatHaveNotEndedTakeUpRoom() {
        RangeQuota quota = ofHost(PER_HOST);
        for (int entry = 0; entry < PER_HOST; entry++) {
            assertThat(claim(quota, entry, Instant.MAX).exceeded()).isEmpty();
        }

        assertThat(hasRoom(quota, NOW)).isFalse();
    }

    /** Three hosts of three networks store by turns, each as much as it may. */
    @Test
    void hostsThatTakeTurnsAreStillBounded() {
        RangeQuota quota = new RangeQuota(KademliaConfig.builder().build());
        int stored = 0;
        for (int entry = 0; entry < 300_000; entry++) {
            stored += tryStore(quota, entry, Peers.peer(entry % 12), ranges(entry % 3)) ? 1 : 0;
        }

        assertThat(stored).isEqualTo(3 * 32_768);
    }

    /** Hosts of many networks store until the first of their entries are forgotten. */
    @Test
    void theNumberOfEntriesThatAreCountedIsBounded() {
        RangeQuota quota = new RangeQuota(KademliaConfig.builder().build());
        for (int entry = 0; entry < 300_000; entry++) {
            assertThat(tryStore(quota, entry, Peers.peer(entry % 40), ranges(entry % 20)))
                    .isTrue();
        }

        assertThat(quota.counted()).isEqualTo(131_072);
        assertThat(quota.accounts()).isEqualTo(40 + 20 + 20);
    }

    @Test
    void aQuotaAboveTheDefaultHasAnEffect() {
        RangeQuota quota = new RangeQuota(KademliaConfig.builder()
                .maxEntriesPerHost(100_000)
                .maxEntriesPerNetwork(100_000)
                .build());
        int stored = 0;
        for (int entry = 0; entry < 150_000; entry++) {
            stored += tryStore(quota, entry, Peers.peer(entry % 4), ranges(113)) ? 1 : 0;
        }

        assertThat(stored).isEqualTo(100_000);
    }

    /** A search walks over all entries, and a host at its limit can send any number of requests. */
    @Test
    void refusalsSearchForExpiredEntriesOnlyWhenThereAreAnyAndNotAllTheTime() {
        RangeQuota quota = ofHost(PER_HOST);
        for (int entry = 0; entry < PER_HOST; entry++) {
            store(quota, entry, NOW.plusMillis(1 + entry));
        }
        for (int attempt = 0; attempt < 1000; attempt++) {
            assertThat(hasRoom(quota, NOW)).isFalse();
        }
        assertThat(quota.sweeps()).isZero();
        RangeQuota.Claim first =
                quota.claim(key(1000), sender(Peers.peer(9), ranges(1)), 1, Instant.MAX, NOW.plusMillis(1));
        assertThat(first.exceeded()).isEmpty();
        first.end(true);
        for (int millis = 2; millis <= 1000; millis++) {
            assertThat(hasRoom(quota, NOW.plusMillis(millis))).isFalse();
        }
        assertThat(quota.sweeps()).isOne();
        assertThat(hasRoom(quota, NOW.plusMillis(1001))).isTrue();
        assertThat(quota.sweeps()).isEqualTo(2);
        assertThat(quota.counted()).isOne();
    }

    /** Three peers of one host replicate as much as they may. */
    @Test
    void replicatingPeersLeaveAQuarterOfTheirHostForWhatItPublishes() {
        RangeQuota quota = ofHost(16);
        List<RangeQuota.Exceeded> refusals = new ArrayList<>();
        int replicated = 0;
        for (int entry = 0; entry < 20; entry++) {
            RangeQuota.Claim claim = quota.claim(
                    key(entry), new EntrySender(Peers.peer(entry % 5), ranges(1), true), 1, Instant.MAX, NOW);
            claim.exceeded().ifPresent(refusals::add);
            claim.end(claim.exceeded().isEmpty());
            replicated += claim.exceeded().isEmpty() ? 1 : 0;
        }
        assertThat(replicated).isEqualTo(12);
        assertThat(refusals.get(0))
                .isEqualTo(new RangeQuota.Exceeded(
                        "peers in 203.0.1.7/32 with what others have published",
                        ranges(1).get(0),
                        "12 (three quarters of max-entries-per-host)",
                        "max-entries-per-host"));
        for (int entry = 100; entry < 104; entry++) {
            assertThat(tryStore(quota, entry, Peers.peer(7), ranges(1))).isTrue();
        }
        assertThat(tryStore(quota, 104, Peers.peer(8), ranges(1))).isFalse();
    }

    /** Keys are kept as long as their entries count. */
    @Test
    void aLongKeyCountsForSeveralEntries() {
        RangeQuota quota = ofHost(32);
        EntryKey twice = new EntryKey(1, RecordKey.of(Bytes.of(new byte[129])), 1);
        EntryKey six = new EntryKey(2, RecordKey.of(Bytes.of(new byte[6 * 128])), 2);
        assertThat(quota.claim(twice, sender(Peers.peer(1), ranges(1)), 1, Instant.MAX, NOW)
                        .exceeded())
                .isEmpty();
        RangeQuota.Claim claim = quota.claim(six, sender(Peers.peer(1), ranges(1)), 1, Instant.MAX, NOW);
        claim.end(true);
        assertThat(claim.exceeded()).isEmpty();
        assertThat(tryStore(quota, 3, Peers.peer(1), ranges(1)))
                .as("a quarter of the quota, 8")
                .isFalse();
        quota.removed(2);
        assertThat(tryStore(quota, 3, Peers.peer(1), ranges(1))).isTrue();
    }
}
