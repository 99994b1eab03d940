package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.lookup.VirtualNetwork.Result;
import io.kad.core.routing.RandomPeers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lookups in whole networks. */
class LookupNetworkTest {

    private static final LookupConfig SCOPED = new LookupConfig(LookupStrategy.SCOPED, 3, 3, 1);

    @Property(tries = 1000)
    void theTrueKClosestAreFoundWhereverTablesAreIdeal(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 200) int size,
            @ForAll @IntRange(min = 1, max = 20) int k,
            @ForAll @IntRange(min = 1, max = 10) int alpha,
            @ForAll boolean scoped) {
        VirtualNetwork network = new VirtualNetwork(size, k, seed).withIdealTables();
        PeerId self = network.anyAlive();
        KadKey target = new RandomPeers(seed + 1).place();

        LookupStrategy strategy = scoped ? LookupStrategy.SCOPED : LookupStrategy.STALL;

        Result result = network.run(self, target, new LookupConfig(strategy, alpha, 3, 1));

        assertThat(result.lookup().closest()).isEqualTo(network.truth(target, self));
        assertThat(result.lookup().failures()).isZero();
    }

    @Property(tries = 1000)
    void allPeersAreFoundInAnyConnectedNetworkOfUpToKPeers(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 21) int size,
            @ForAll @IntRange(min = 1, max = 5) int alpha,
            @ForAll @IntRange(min = 0, max = 3) int further,
            @ForAll boolean scoped,
            @ForAll @IntRange(min = 1, max = 4) int paths) {
        VirtualNetwork network = new VirtualNetwork(size, 20, seed);
        connectRandomly(network, further);
        PeerId self = network.anyAlive();
        KadKey target = new RandomPeers(seed + 1).place();

        LookupStrategy strategy = scoped ? LookupStrategy.SCOPED : LookupStrategy.STALL;
        LookupConfig lookupConfig = new LookupConfig(strategy, alpha, 3, paths);

        assertThat(network.run(self, target, lookupConfig).lookup().closest()).isEqualTo(network.truth(target, self));
    }

    /** Lets each peer know one other, so that there is a way from each to each, and some more. */
    private static void connectRandomly(VirtualNetwork network, int further) {
        List<PeerId> circle = new ArrayList<>(network.peers);
        Collections.shuffle(circle, network.random);
        for (int i = 0; i < circle.size(); i++) {
            Set<PeerId> known = new HashSet<>(Set.of(circle.get((i + 1) % circle.size())));
            for (int j = 0; j < further; j++) {
                known.add(circle.get(network.random.nextInt(circle.size())));
            }
            network.connect(circle.get(i), known);
        }
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void aLookupEndsAndQueriesNoPeerTwiceHoweverManyAreDead(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 200) int size,
            @ForAll @IntRange(min = 1, max = 20) int k,
            @ForAll @IntRange(min = 1, max = 10) int alpha,
            @ForAll @DoubleRange(min = 0, max = 0.95) double dead,
            @ForAll boolean ideal,
            @ForAll LookupStrategy strategy,
            @ForAll @IntRange(min = 1, max = 5) int beta,
            @ForAll @IntRange(min = 1, max = 4) int paths) {
        VirtualNetwork network = new VirtualNetwork(size, k, seed);
        if (ideal) {
            network.withIdealTables();
        } else {
            connectRandomly(network, 5);
        }
        network.killing(Math.min(dead, (size - 1.0) / size));
        PeerId self = network.anyAlive();
        KadKey target = new RandomPeers(seed + 1).place();

        Lookup lookup = network.run(self, target, new LookupConfig(strategy, alpha, beta, paths))
                .lookup();

        List<PeerId> found = lookup.closest();
        assertThat(lookup.requests()).isLessThanOrEqualTo(size - 1);
        assertThat(lookup.successes() + lookup.failures()).isLessThanOrEqualTo(lookup.requests());
        assertThat(found)
                .isEqualTo(RandomPeers.sorted(found, target))
                .doesNotHaveDuplicates()
                .allMatch(network::isAlive)
                .doesNotContain(self)
                .hasSizeGreaterThanOrEqualTo(Math.min(k, lookup.successes()))
                .hasSizeLessThanOrEqualTo(Math.min(paths * k, lookup.successes()));
    }

    private record Metrics(double requests, int mostRequests, double roundTrips, double recall, double closestFound) {

        static Metrics measure(VirtualNetwork network, int lookups) {
            return measure(network, lookups, SCOPED);
        }

        static Metrics measure(VirtualNetwork network, int lookups, LookupConfig lookupConfig) {
            RandomPeers places = new RandomPeers(7);
            for (int i = 0; i < 10; i++) {
                network.run(network.anyAlive(), places.place(), lookupConfig);
            }
            List<Result> results = IntStream.range(0, lookups)
                    .mapToObj(i -> network.run(network.anyAlive(), places.place(), lookupConfig))
                    .toList();
            return new Metrics(
                    results.stream()
                            .mapToInt(result -> result.lookup().requests())
                            .average()
                            .orElseThrow(),
                    results.stream()
                            .mapToInt(result -> result.lookup().requests())
                            .max()
                            .orElseThrow(),
                    results.stream().mapToLong(Result::nanos).average().orElseThrow() / VirtualNetwork.ROUND_TRIP_NANOS,
                    results.stream().mapToDouble(Result::recall).average().orElseThrow(),
                    results.stream()
                            .mapToInt(result -> result.foundClosest() ? 1 : 0)
                            .average()
                            .orElseThrow());
        }
    }

    @Test
    void inAHealthyNetworkOfAThousandALookupTakesLittleMoreThanKRequestsAndFindsAll() {
        Metrics metrics = Metrics.measure(new VirtualNetwork(1000, 20, 1).withIdealTables(), 1000);

        assertThat(metrics.recall()).isEqualTo(1.0);
        assertThat(metrics.requests()).isCloseTo(21.5, within(21.5 * .02));
        assertThat(metrics.roundTrips()).isCloseTo(3.33, within(.15));
        assertThat(metrics.mostRequests()).isLessThanOrEqualTo(26);
    }

    @ParameterizedTest
    @CsvSource({".1, 40.1, 7.2, .99", ".3, 64.1, 10.3, .975", ".5, 81.3, 13.7, .94"})
    void amongDeadPeersALookupSendsMoreRequestsAndStillFindsTheClosestAndNearlyAllOthers(
            double dead, double requests, double roundTrips, double leastRecall) {
        Metrics metrics = Metrics.measure(
                new VirtualNetwork(1000, 20, 1).withIdealTables().killing(dead), 400);

        assertThat(metrics.closestFound()).isGreaterThan(.995);
        assertThat(metrics.recall()).isGreaterThan(leastRecall);
        assertThat(metrics.requests()).isCloseTo(requests, within(requests * .08));
        assertThat(metrics.roundTrips()).isCloseTo(roundTrips, within(roundTrips * .1));
        assertThat(metrics.mostRequests()).isLessThanOrEqualTo(150);
    }

    @ParameterizedTest
    @CsvSource({"STALL, 3, 44.2, 3.33", "BETA, 10, 27.7, 3.22"})
    void theOtherStrategiesCostWhatIsPublishedOfThem(
            LookupStrategy strategy, int alpha, double requests, double roundTrips) {
        Metrics metrics = Metrics.measure(
                new VirtualNetwork(1000, 20, 1).withIdealTables(), 1000, new LookupConfig(strategy, alpha, 3, 1));

        assertThat(metrics.recall()).isGreaterThan(.9999);
        assertThat(metrics.requests()).isCloseTo(requests, within(requests * .03));
        assertThat(metrics.roundTrips()).isCloseTo(roundTrips, within(.15));
    }

    @Test
    void disjointPathsFindNoLessAndTheirCostIsBounded() {
        VirtualNetwork network = new VirtualNetwork(1000, 20, 1).withIdealTables();
        Metrics metrics = Metrics.measure(network, 200, new LookupConfig(LookupStrategy.SCOPED, 3, 3, 4));

        assertThat(metrics.closestFound()).isEqualTo(1.0);
        assertThat(metrics.recall()).isGreaterThan(.99);
        assertThat(metrics.mostRequests()).isLessThan(4 * 26);
    }

    @Test
    void theSameSeedMakesTheSameLookups() {
        for (double dead : new double[] {0, .3}) {
            Metrics first = Metrics.measure(
                    new VirtualNetwork(300, 20, 5).withIdealTables().killing(dead), 50);
            Metrics second = Metrics.measure(
                    new VirtualNetwork(300, 20, 5).withIdealTables().killing(dead), 50);

            assertThat(second).isEqualTo(first);
        }
    }
}
