package io.kad.core.lookup;

import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.core.routing.RandomPeers;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.routing.RoutingTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * Network without sockets or clocks: every peer has a table, responds with the closest peers in it, and takes a random time
 * for it. Peers that died say nothing. The same seed makes the same network and the same lookups.
 */
final class VirtualNetwork {

    static final long ROUND_TRIP_NANOS = 100_000_000;
    static final long TIMEOUT_NANOS = 5 * ROUND_TRIP_NANOS;
    private static final List<Multiaddr> ADDRESSES = List.of(RandomPeers.address(1));

    final int k;
    final Random random;
    final List<PeerId> peers;
    private final Map<PeerId, RoutingSnapshot> tables = new HashMap<>();
    private final Set<PeerId> dead = new HashSet<>();
    final RoundTrips roundTrips = new RoundTrips();

    VirtualNetwork(int size, int k, long seed) {
        this.k = k;
        RandomPeers drawn = new RandomPeers(seed);
        this.random = drawn.random();
        this.peers = drawn.peers(size).stream()
                .sorted(Comparator.comparing(PeerId::kadKey, KadKey.of(0, 0, 0, 0)::compareDistance))
                .toList();
    }

    /** Gives each peer a table with k random peers in each bucket, all of them where there are no more. */
    VirtualNetwork withIdealTables() {
        for (PeerId self : peers) {
            RoutingTable table = new RoutingTable(self, k, 1, 1);
            int from = 0;
            int to = peers.size();
            for (int prefix = 0; to - from > 1; prefix++) {
                int middle = firstWithBit(from, to, prefix);
                boolean high = bit(self.kadKey(), prefix);
                addSome(table, high ? from : middle, high ? middle : to);
                from = high ? middle : from;
                to = high ? to : middle;
            }
            tables.put(self, table.snapshot());
        }
        return this;
    }

    private int firstWithBit(int from, int to, int prefix) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bit(peers.get(middle).kadKey(), prefix)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static boolean bit(KadKey place, int prefix) {
        return place.word(prefix >>> 6) << prefix < 0;
    }

    private void addSome(RoutingTable table, int from, int to) {
        if (to - from <= k) {
            peers.subList(from, to).forEach(peer -> table.insert(0, peer, ADDRESSES, true));
            return;
        }
        Set<Integer> chosen = new HashSet<>();
        while (chosen.size() < k) {
            int index = from + random.nextInt(to - from);
            if (chosen.add(index)) {
                table.insert(0, peers.get(index), ADDRESSES, true);
            }
        }
    }

    /** Gives {@code self} a table of these peers. */
    void connect(PeerId self, Collection<PeerId> known) {
        RoutingTable table = new RoutingTable(self, Math.max(k, peers.size()), 1, 1);
        known.forEach(peer -> table.insert(0, peer, ADDRESSES, true));
        tables.put(self, table.snapshot());
    }

    RoutingSnapshot table(PeerId peer) {
        return tables.get(peer);
    }

    /** Kills this fraction of the peers. */
    VirtualNetwork killing(double fraction) {
        List<PeerId> left = new ArrayList<>(peers);
        while (dead.size() < fraction * peers.size()) {
            dead.add(left.remove(random.nextInt(left.size())));
        }
        return this;
    }

    boolean isAlive(PeerId peer) {
        return !dead.contains(peer);
    }

    PeerId anyAlive() {
        PeerId peer = peers.get(random.nextInt(peers.size()));
        return isAlive(peer) ? peer : anyAlive();
    }

    /** Returns the k live peers that a lookup by {@code self} ought to find. */
    List<PeerId> truth(KadKey target, PeerId self) {
        return RandomPeers.sorted(
                        peers.stream()
                                .filter(peer -> isAlive(peer) && !peer.equals(self))
                                .toList(),
                        target)
                .stream()
                .limit(k)
                .toList();
    }

    /** Returns the closer peers in a response: never the requester, which would take the slot of another peer. */
    private List<PeerId> response(PeerId queried, PeerId requester, KadKey target) {
        return tables.get(queried).closest(target, k, requester::equals).stream()
                .map(PeerInfo::id)
                .toList();
    }

    /** What a lookup came to. */
    record Result(Lookup lookup, long nanos, double recall, boolean foundClosest) {}

    private record Arrival(long nanos, long order, PeerId peer, long takes, boolean responded) {}

    /** Runs a lookup to its end. */
    Result run(PeerId self, KadKey target, LookupConfig lookupConfig) {
        Lookup lookup = lookupConfig.start(target, k, new SamePatience(roundTrips), response(self, self, target), self);
        PriorityQueue<Arrival> arrivals =
                new PriorityQueue<>(Comparator.comparingLong(Arrival::nanos).thenComparingLong(Arrival::order));
        long now = 0;
        long order = 0;
        while (!lookup.isFinished()) {
            for (Optional<PeerId> queried = lookup.next(now); queried.isPresent(); queried = lookup.next(now)) {
                boolean alive = isAlive(queried.get());
                long takes = alive ? (long) (ROUND_TRIP_NANOS * (.5 + random.nextDouble())) : TIMEOUT_NANOS;
                arrivals.add(new Arrival(now + takes, order++, queried.get(), takes, alive));
            }
            if (lookup.isFinished()) {
                break;
            }
            long deadline = lookup.nextDeadlineNanos();
            if (deadline <= now) {
                throw new AssertionError("the deadline has passed: " + deadline + " at " + now);
            }
            Arrival first = arrivals.peek();
            if (first == null || deadline < first.nanos()) {
                if (deadline == Long.MAX_VALUE) {
                    throw new AssertionError("the lookup waits for nothing");
                }
                now = deadline;
                continue;
            }
            arrivals.remove();
            now = first.nanos();
            if (first.responded()) {
                roundTrips.record(first.takes());
                lookup.onResponse(first.peer(), response(first.peer(), self, target), now);
            } else {
                lookup.onFailure(first.peer(), now);
            }
        }
        List<PeerId> truth = truth(target, self);
        List<PeerId> found = lookup.closest();
        double recall = truth.isEmpty()
                ? 1
                : (double) truth.stream().filter(found::contains).count() / truth.size();
        boolean foundClosest =
                !truth.isEmpty() && !found.isEmpty() && found.get(0).equals(truth.get(0));
        return new Result(lookup, now, recall, foundClosest);
    }
}
