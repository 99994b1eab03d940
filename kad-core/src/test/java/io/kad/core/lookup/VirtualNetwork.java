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
 * Network without sockets or clocks: every peer has a table, responds with the closest peers in it, and takes a time of the
 * latency model for it. Peers that died say nothing. The same seed makes the same network and the same lookups.
 */
final class VirtualNetwork {

    static final long ROUND_TRIP_NANOS = 100_000_000;
    static final long TIMEOUT_NANOS = 5 * ROUND_TRIP_NANOS;
    private static final ResponseTimes.Floors NO_FLOORS = new ResponseTimes.Floors(0, 0);
    private static final List<Multiaddr> ADDRESSES = List.of(RandomPeers.address(1));

    final int k;
    final Random random;
    final List<PeerId> peers;
    private final Map<PeerId, RoutingSnapshot> tables = new HashMap<>();
    private final Set<PeerId> dead = new HashSet<>();
    private final ResponseTimes sharedResponseTimes = new ResponseTimes(NO_FLOORS);
    private final Map<PeerId, Integer> indexes = new HashMap<>();
    private LatencyModel latency;
    private long timeoutNanos = TIMEOUT_NANOS;

    VirtualNetwork(int size, int k, long seed) {
        this.k = k;
        RandomPeers drawn = new RandomPeers(seed);
        this.random = drawn.random();
        this.peers = drawn.peers(size).stream()
                .sorted(Comparator.comparing(PeerId::kadKey, KadKey.of(0, 0, 0, 0)::compareDistance))
                .toList();
        for (int i = 0; i < size; i++) {
            indexes.put(peers.get(i), i);
        }
        this.latency = new LatencyModel("uniform", ROUND_TRIP_NANOS, seed);
    }

    /** Sets the latency and the request timeout, in median RTTs. */
    VirtualNetwork withLatency(String name, int timeoutRoundTrips) {
        latency = new LatencyModel(name, ROUND_TRIP_NANOS, 11);
        timeoutNanos = timeoutRoundTrips * ROUND_TRIP_NANOS;
        return this;
    }

    Searcher searcher() {
        return new Searcher(anyAlive());
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
    private List<PeerId> response(PeerId queried, PeerId requester, KadKey target, int count) {
        return tables.get(queried).closestExcept(target, count, requester::equals).stream()
                .map(PeerInfo::id)
                .toList();
    }

    /**
     * Result of a lookup.
     *
     * @param convergedNanos time until it had converged
     * @param nanos time until it had finished
     */
    record Result(Lookup lookup, long convergedNanos, long nanos, double recall, boolean foundClosest) {

        boolean isExact() {
            return recall == 1;
        }
    }

    private enum Kind {
        RESPONSE,
        TIMEOUT,
        MAX_WAIT
    }

    private static final class Exchange {
        final PeerId peer;
        final long takesNanos;
        boolean silent;
        boolean completed;

        Exchange(PeerId peer, long takesNanos) {
            this.peer = peer;
            this.takesNanos = takesNanos;
        }
    }

    private record Arrival(long nanos, Kind kind, long order, Exchange exchange) {}

    /** Peer that runs lookups, with its own measurements. */
    final class Searcher {

        final PeerId self;
        final ResponseTimes responseTimes;
        private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>(Comparator.comparingLong(Arrival::nanos)
                .thenComparing(Arrival::kind)
                .thenComparingLong(Arrival::order));
        private long order;

        Searcher(PeerId self) {
            this(self, new ResponseTimes(NO_FLOORS));
        }

        private Searcher(PeerId self, ResponseTimes responseTimes) {
            this.self = self;
            this.responseTimes = responseTimes;
        }

        /** Runs a lookup to its end, and measures the requests that are outstanding then. */
        Result run(KadKey target, LookupConfig lookupConfig) {
            Lookup lookup = lookupConfig.newLookup(
                    target,
                    k,
                    peer -> responseTimes,
                    BackOff.NONE,
                    response(self, self, target, lookupConfig.seedCount(k)),
                    self);
            long now = 0;
            long convergedNanos = -1;
            while (!lookup.isFinished()) {
                for (Optional<PeerId> queried = lookup.next(now); queried.isPresent(); queried = lookup.next(now)) {
                    send(queried.get(), now);
                }
                convergedNanos = convergedNanos < 0 && lookup.hasConverged() ? now : convergedNanos;
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
                now = first.nanos();
                handle(arrivals.remove(), lookup, target);
            }
            convergedNanos = convergedNanos < 0 ? now : convergedNanos;
            Result result = result(lookup, target, convergedNanos, now);
            while (!arrivals.isEmpty()) {
                handle(arrivals.remove(), lookup, target);
            }
            return result;
        }

        private void send(PeerId peer, long now) {
            long takes = isAlive(peer) ? latency.nanos(indexes.get(self), indexes.get(peer)) : Long.MAX_VALUE;
            Exchange exchange = new Exchange(peer, takes);
            Kind kind = takes <= timeoutNanos ? Kind.RESPONSE : Kind.TIMEOUT;
            arrivals.add(new Arrival(now + Math.min(takes, timeoutNanos), kind, order++, exchange));
            long maxWait = responseTimes.waitTimes().maxWaitNanos();
            if (maxWait < timeoutNanos) {
                arrivals.add(new Arrival(now + maxWait, Kind.MAX_WAIT, order++, exchange));
            }
        }

        private void handle(Arrival arrival, Lookup lookup, KadKey target) {
            Exchange exchange = arrival.exchange();
            switch (arrival.kind()) {
                case RESPONSE -> {
                    exchange.completed = true;
                    if (exchange.silent) {
                        responseTimes.addLateResponse(exchange.takesNanos);
                    } else {
                        responseTimes.addResponse(exchange.takesNanos);
                    }
                    lookup.onResponse(exchange.peer, response(exchange.peer, self, target, k), arrival.nanos());
                }
                case TIMEOUT -> {
                    exchange.completed = true;
                    if (!exchange.silent) {
                        responseTimes.addNoResponse();
                    }
                    lookup.onFailure(exchange.peer, arrival.nanos());
                }
                case MAX_WAIT -> {
                    if (!exchange.completed) {
                        exchange.silent = true;
                        responseTimes.addNoResponse();
                    }
                }
            }
        }

        private Result result(Lookup lookup, KadKey target, long convergedNanos, long nanos) {
            List<PeerId> truth = truth(target, self);
            List<PeerId> found = lookup.closestResponders();
            double recall = truth.isEmpty()
                    ? 1
                    : (double) truth.stream().filter(found::contains).count() / truth.size();
            boolean foundClosest =
                    !truth.isEmpty() && !found.isEmpty() && found.get(0).equals(truth.get(0));
            return new Result(lookup, convergedNanos, nanos, recall, foundClosest);
        }
    }

    /** Runs a lookup of a searcher that all such lookups share the measurements of. */
    Result run(PeerId self, KadKey target, LookupConfig lookupConfig) {
        Searcher searcher = new Searcher(self, sharedResponseTimes);
        return searcher.run(target, lookupConfig);
    }
}
