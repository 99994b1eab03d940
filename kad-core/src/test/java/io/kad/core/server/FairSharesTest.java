package io.kad.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.AddressRange;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.core.engine.Peers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which a full store is told to evict. */
class FairSharesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final int CAPACITY = 60;

    private final RangeQuota quota = quota(OptionalLong.of(CAPACITY), OptionalLong.empty());
    /** Network of each stored entry. */
    private final Map<Long, Integer> stored = new HashMap<>();

    private static RangeQuota quota(OptionalLong entries, OptionalLong bytes) {
        RangeQuota quota = new RangeQuota(KademliaConfig.builder().build());
        quota.useStore(entries, bytes);
        return quota;
    }

    private static EntryKey key(long id) {
        return new EntryKey(id, RecordKey.utf8("/any/" + id), id);
    }

    private static EntrySender sender(int peer, int network, int host, boolean isReplicating) {
        List<AddressRange> ranges = AddressRange.of(Multiaddr.parse("/ip4/203.0." + network + "." + host + "/tcp/1"));
        return new EntrySender(Peers.peer(peer), ranges, isReplicating);
    }

    private static RangeQuota.Claim claim(RangeQuota quota, long id, EntrySender sender, long bytes) {
        return quota.claim(key(id), sender, bytes, Instant.MAX, NOW);
    }

    private void store(long id, int peer, int network, int host, boolean isReplicating) {
        claim(quota, id, sender(peer, network, host, isReplicating), 100).end(true);
        stored.put(id, network);
    }

    /** Returns the entries that are to leave for one that is about to be stored. */
    private List<Long> leaving(long id, EntrySender sender, int limit) {
        RangeQuota.Claim claim = claim(quota, id, sender, 100);
        List<Long> leaving =
                quota.overShare(id, limit).stream().map(RangeQuota.Leaving::id).toList();
        claim.end(false);
        return leaving;
    }

    private long count(int network) {
        return stored.values().stream().filter(each -> each == network).count();
    }

    /** Stores of any networks, in any order, with the farthest keys from who has little, and the closest from who has much. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whoKeepsLessThanItsShareLosesNothing(int seed) {
        Random random = new Random(seed);
        int refused = 0;
        for (int step = 0; step < 3000; step++) {
            int network = 1 + (int) Math.min(9, Math.abs(random.nextGaussian() * 4));
            long id = (network == 1 ? 0L : 1_000_000L) + random.nextInt(1_000_000);
            RangeQuota.Claim claim = claim(
                    quota, id, sender(random.nextInt(3), network, 1 + random.nextInt(3), random.nextBoolean()), 1);
            boolean isNew = !stored.containsKey(id);
            if (isNew && stored.size() == CAPACITY) {
                long networks =
                        Math.max(1, stored.values().stream().distinct().count() + (count(network) == 0 ? 1 : 0));
                List<RangeQuota.Leaving> leaving = quota.overShare(id, 1);
                assertThat(leaving)
                        .as("the store is full, so somebody keeps more than a share")
                        .hasSize(1);
                long gone = leaving.get(0).id();
                int loser = gone == id ? network : stored.get(gone);
                assertThat((count(loser) + (loser == network ? 1 : 0)) * networks)
                        .as("what network %s keeps times %s", loser, networks)
                        .isGreaterThan(CAPACITY);
                if (gone == id) {
                    refused++;
                    claim.end(false);
                    continue;
                }
                quota.removed(gone);
                stored.remove(gone);
            }
            claim.end(true);
            stored.putIfAbsent(id, network);
        }
        assertThat(refused).isPositive();
        assertThat(quota.counted()).isEqualTo(CAPACITY);
    }

    @Test
    void theFarthestKeysOfTheHeaviestLeaveFirst() {
        for (int id = 0; id < 40; id++) {
            store(id, 1, 1, 1, false);
        }
        for (int id = 100; id < 120; id++) {
            store(id, 2, 2, 1, false);
        }

        assertThat(leaving(1000, sender(3, 3, 1, false), 3)).containsExactly(39L, 38L, 37L);
        assertThat(leaving(1000, sender(3, 3, 1, false), 3))
                .as("asking changes nothing")
                .containsExactly(39L, 38L, 37L);
        assertThat(leaving(1000, sender(3, 3, 1, false), 100))
                .as("down to a third of the capacity")
                .hasSize(20);
        assertThat(leaving(1000, sender(1, 1, 1, false), 3))
                .as("its own is the next")
                .containsExactly(1000L);
        assertThat(leaving(-1000, sender(1, 1, 1, false), 2)).containsExactly(-1000L);
    }

    @Test
    void nobodyLeavesWhileNobodyKeepsMoreThanItsShare() {
        for (int id = 0; id < 10; id++) {
            store(id, 1, 1, 1, false);
            store(100 + id, 2, 2, 1, false);
        }

        assertThat(leaving(1000, sender(3, 3, 1, false), 3)).isEmpty();
        assertThat(leaving(1000, sender(4, 1, 1, false), 3)).isEmpty();
    }

    /** Of entries of one distance the one that was renewed longest ago leaves first. */
    @Test
    void aRenewalCounts() {
        RangeQuota ties = quota(OptionalLong.of(2), OptionalLong.empty());
        for (long id = 0; id < 3; id++) {
            ties.claim(new EntryKey(id, RecordKey.utf8("/" + id), 7), sender(1, 1, 1, false), 1, Instant.MAX, NOW)
                    .end(true);
        }
        ties.claim(new EntryKey(0, RecordKey.utf8("/0"), 7), sender(1, 1, 1, false), 1, Instant.MAX, NOW)
                .end(true);
        assertThat(ties.overShare(99, 3)).extracting(RangeQuota.Leaving::key).containsExactly(RecordKey.utf8("/1"));
    }

    @Test
    void whatAHostReplicatesLeavesBeforeTheLessThatItPublishes() {
        for (int id = 0; id < 20; id++) {
            store(id, 1, 1, 1, true);
            store(100 + id, 2, 1, 1, true);
        }
        for (int id = 1000; id < 1025; id++) {
            store(id, 1, 1, 1, false);
        }

        assertThat(leaving(2000, sender(3, 2, 1, false), 15)).hasSize(15).allMatch(id -> id < 1000);
    }

    @Test
    void bytesAreSharedAsNumbersAre() {
        RangeQuota bytes = quota(OptionalLong.of(1000), OptionalLong.of(10_000));
        claim(bytes, 1, sender(1, 1, 1, false), 6000).end(true);
        for (int id = 10; id < 40; id++) {
            claim(bytes, id, sender(2, 2, 1, false), 100).end(true);
        }
        claim(bytes, 50, sender(3, 3, 1, false), 2000);
        assertThat(bytes.overShare(50, 5))
                .extracting(RangeQuota.Leaving::sender)
                .containsExactly(Peers.peer(1));
    }

    /** A renewal of what was evicted meanwhile is judged as the new entry that it is. */
    @Test
    void whoKeepsTooMuchDoesNotGetAnEvictedEntryBackByItsRenewal() {
        for (int id = 0; id < 59; id++) {
            store(id, 1, 1, 1, false);
        }
        store(100, 2, 2, 1, false);
        RangeQuota.Claim renewal = claim(quota, 58, sender(1, 1, 1, false), 100);
        quota.removed(58);

        assertThat(quota.overShare(58, 1)).extracting(RangeQuota.Leaving::id).containsExactly(58L);
        renewal.end(false);
        assertThat(quota.counted()).isEqualTo(59);
    }

    @Test
    void whatIsExpiredIsReleasedInsteadOfNamed() {
        for (int id = 0; id < 300; id++) {
            quota.claim(key(1000 + id), sender(1, 1, 1, false), 1, NOW.plusMillis(100 + id), NOW)
                    .end(true);
        }
        for (int id = 0; id < 40; id++) {
            store(id, 1, 1, 1, false);
        }
        RangeQuota.Claim swept = quota.claim(key(5000), sender(2, 2, 1, false), 1, Instant.MAX, NOW.plusMillis(100));
        quota.overShare(5000, 1);
        RangeQuota.Claim incoming = quota.claim(key(6000), sender(3, 3, 1, false), 1, Instant.MAX, NOW.plusMillis(500));
        assertThat(quota.overShare(6000, 1))
                .as("less than a second after a search for what is expired")
                .extracting(RangeQuota.Leaving::id)
                .containsExactly(39L);
        assertThat(quota.counted()).isEqualTo(42);
        swept.end(false);
        incoming.end(false);
    }

    /** Nobody has the entry of another refused by sending it too. */
    @Test
    void anEntryIsJudgedByTheLightestOfWhoSendsIt() {
        for (int id = 0; id < 60; id++) {
            store(id, 1, 1, 1, false);
        }
        RangeQuota.Claim honest = claim(quota, 1000, sender(2, 2, 1, false), 100);
        RangeQuota.Claim hostile = claim(quota, 1000, sender(1, 1, 1, false), 100);
        assertThat(quota.overShare(1000, 1)).extracting(RangeQuota.Leaving::id).containsExactly(59L);
        honest.end(false);
        assertThat(quota.overShare(1000, 1)).extracting(RangeQuota.Leaving::id).containsExactly(1000L);
        hostile.end(false);
    }

    /** What two peers of a host are about to store at once counts once for the host. */
    @Test
    void whatIsAboutToBeStoredDoesNotHideWhatIs() {
        for (int id = 0; id < 40; id++) {
            store(id, 1, 1, 1, false);
        }
        for (int id = 100; id < 120; id++) {
            store(id, 2, 2, 1, false);
        }
        List<RangeQuota.Claim> pending = new ArrayList<>();
        for (int id = 0; id < 40; id++) {
            pending.add(claim(quota, id, sender(3, 1, 1, false), 200));
        }
        assertThat(leaving(1000, sender(4, 3, 1, false), 100))
                .hasSizeGreaterThanOrEqualTo(20)
                .allMatch(id -> id < 40);
        pending.forEach(claim -> claim.end(false));
        assertThat(leaving(1000, sender(4, 3, 1, false), 100))
                .as("asking changes nothing")
                .hasSize(20);
    }

    /** Two requests for one key at once may leave its later expiry counted, though the store holds the earlier one. */
    @Test
    void manyNamesThatTheStoreDoesNotHoldDoNotSwitchFairSharesOff() {
        RangeQuota large = quota(OptionalLong.of(1000), OptionalLong.empty());
        for (int id = 0; id < 1000; id++) {
            claim(large, id, sender(1, 1, 1, false), 1).end(true);
        }
        claim(large, 5000, sender(9, 2, 1, false), 1);
        var names = new LeavingEntries<>(
                limit -> large.overShare(5000, limit), RangeQuota.Leaving::id, leaving -> large.removed(leaving.id()));
        long held = names.next();
        while (held >= 600) {
            names.remove();
            held = names.next();
        }
        assertThat(held).isEqualTo(599);
        assertThat(large.counted()).isEqualTo(601);
    }

    /** The peers of this machine have no limits, but they share as a network does. */
    @Test
    void whatManyPeersOfLoopbackKeepLeavesForSmallEntriesOfOthers() {
        RangeQuota bytes = quota(OptionalLong.of(1000), OptionalLong.of(10_000));
        for (int peer = 0; peer < 10; peer++) {
            claim(bytes, peer, ofLoopback(peer), 1000).end(true);
        }
        claim(bytes, 50, ofLoopback(20), 100);
        assertThat(bytes.overShare(50, 1))
                .as("a peer of loopback that keeps less")
                .extracting(RangeQuota.Leaving::id)
                .isEqualTo(List.of(0L));
        claim(bytes, 60, sender(3, 3, 1, false), 4000);
        assertThat(bytes.overShare(60, 10))
                .as("down to the half of the capacity")
                .extracting(RangeQuota.Leaving::id)
                .hasSize(6)
                .allMatch(id -> id < 10);
        claim(bytes, 70, ofLoopback(0), 1000);
        assertThat(bytes.overShare(70, 1))
                .as("a peer of loopback that keeps most")
                .extracting(RangeQuota.Leaving::id)
                .isEqualTo(List.of(70L));
    }

    private static EntrySender ofLoopback(int peer) {
        return new EntrySender(Peers.peer(peer), AddressRange.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/1")), false);
    }
}
