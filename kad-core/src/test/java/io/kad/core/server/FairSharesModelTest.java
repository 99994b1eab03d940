package io.kad.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.AddressRange;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.core.engine.Peers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of any order and overlap at a plain model of a store, which evicts, and lets entries expire, before requests end: all that it holds counts,
 * and what else counts is released once it says so.
 */
class FairSharesModelTest {

    private static final int CAPACITY = 30;
    private static final int KEYS = 90;
    private static final int MAX_PENDING = 12;
    private static final int STEPS = 4000;

    private final RangeQuota quota = new RangeQuota(KademliaConfig.builder().build());
    /** Expiry of each entry of the store, by its distance. */
    private final NavigableMap<Long, Instant> held = new TreeMap<>();

    private final List<Request> pending = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private int evictions;
    private int refusals;

    private static final class Request {

        private final long id;
        private final Instant expires;
        private final RangeQuota.Claim claim;
        private boolean isExecuted;
        private boolean isStored;

        Request(long id, Instant expires, RangeQuota.Claim claim) {
            this.id = id;
            this.expires = expires;
            this.claim = claim;
        }
    }

    private static EntryKey key(long id) {
        return new EntryKey(id, RecordKey.utf8("/any/" + id), id);
    }

    private void claim(Random random) {
        int network = 1 + (int) Math.min(4, Math.abs(random.nextGaussian() * 2));
        // The peers of this machine are a network too
        String address = network == 2 ? "127.0.0.1" : "203.0." + network + "." + (1 + random.nextInt(2));
        EntrySender sender = new EntrySender(
                Peers.peer(random.nextInt(3)),
                AddressRange.of(Multiaddr.parse("/ip4/" + address + "/tcp/1")),
                random.nextBoolean());
        long id = random.nextInt(KEYS);
        Instant expires = now.plusMillis(1 + random.nextInt(20_000));
        RangeQuota.Claim claim = quota.claim(key(id), sender, 1 + random.nextInt(3), expires, now);
        assertThat(claim.exceeded()).isEmpty();
        pending.add(new Request(id, expires, claim));
    }

    /** Stores the entry of a request, as a store does some time after its claim and before its end. */
    private void execute(Request request) {
        request.isExecuted = true;
        held.values().removeIf(expires -> !expires.isAfter(now));
        if (!request.expires.isAfter(now)) {
            return;
        }
        if (!held.containsKey(request.id) && held.size() == CAPACITY) {
            Long evicted = leaving(request);
            if (evicted == null) {
                refusals++;
                return;
            }
            held.remove(evicted);
            quota.removed(evicted);
            evictions++;
        }
        held.put(request.id, request.expires);
        request.isStored = true;
    }

    /** Returns what leaves for the entry of a request; null if that is refused. */
    private Long leaving(Request request) {
        var names = new LeavingEntries<>(
                limit -> quota.overShare(request.id, limit),
                RangeQuota.Leaving::id,
                leaving -> quota.removed(leaving.id()));
        while (names.hasNext()) {
            long name = names.next();
            if (name == request.id) {
                return null;
            }
            if (held.containsKey(name)) {
                return name;
            }
            names.remove();
        }
        return held.lastKey() > request.id ? held.lastKey() : null;
    }

    private void end(Request request) {
        pending.remove(request);
        request.claim.end(request.isStored);
    }

    private void step(Random random) {
        switch (random.nextInt(4)) {
            case 0 -> now = now.plusMillis(random.nextInt(100));
            case 1 -> {
                if (pending.size() < MAX_PENDING) {
                    claim(random);
                }
            }
            default -> {
                if (!pending.isEmpty()) {
                    Request request = pending.get(random.nextInt(pending.size()));
                    if (request.isExecuted) {
                        end(request);
                    } else {
                        execute(request);
                    }
                }
            }
        }
    }

    private void finish() {
        for (Request request : List.copyOf(pending)) {
            if (!request.isExecuted) {
                execute(request);
            }
        }
        List.copyOf(pending).forEach(this::end);
        held.values().removeIf(expires -> !expires.isAfter(now));
    }

    /** Tells of all that is not held, and then compares: each of the others counts once, in one network. */
    private void compare() {
        for (long id = 0; id < KEYS; id++) {
            if (!held.containsKey(id)) {
                quota.removed(id);
            }
        }
        assertThat(quota.counted()).isEqualTo(held.size());
        assertThat(quota.usedEntries()).isEqualTo(held.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatTheStoreHoldsCountsAndNothingElse(int seed) {
        quota.useStore(OptionalLong.of(CAPACITY), OptionalLong.empty());
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            step(random);
            assertThat(quota.counted()).isLessThanOrEqualTo(KEYS);
            if (step % 200 == 0) {
                finish();
                compare();
            }
        }
        finish();
        compare();
        for (Map.Entry<Long, Instant> entry : held.entrySet()) {
            quota.removed(entry.getKey());
        }
        assertThat(quota.counted()).isZero();
        assertThat(quota.accounts()).isZero();
        assertThat(quota.usedEntries()).isZero();
        assertThat(evictions).isPositive();
        assertThat(refusals).isPositive();
    }
}
