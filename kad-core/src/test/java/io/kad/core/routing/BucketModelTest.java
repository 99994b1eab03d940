package io.kad.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RoutingTable.Insertion;
import io.kad.core.routing.RoutingTable.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** A bucket of the table against {@link BucketModel}, step by step. */
class BucketModelTest {

    private static final int BUCKET = 255;
    private static final long TIMEOUT = 10;
    private static final int MAX_ADDRESSES = 2;
    private static final PeerId SELF = new RandomPeers(1).peer();
    private static final List<PeerId> POOL = new RandomPeers(2).peersInBucket(SELF, BUCKET, 7);
    private static final List<Multiaddr> ADDRESSES =
            Stream.of(1, 2, 3, 4).map(RandomPeers::address).toList();

    enum Kind {
        INSERT,
        CONNECT,
        REMOVE,
        REMOVE_ADDRESS,
        DIAL_FAILED
    }

    record Step(Kind kind, int peer, int address, boolean connected, int passes) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(8, Kind.INSERT),
                net.jqwik.api.Tuple.of(6, Kind.CONNECT),
                net.jqwik.api.Tuple.of(1, Kind.REMOVE),
                net.jqwik.api.Tuple.of(1, Kind.REMOVE_ADDRESS),
                net.jqwik.api.Tuple.of(1, Kind.DIAL_FAILED));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, POOL.size() - 1),
                        Arbitraries.integers().between(0, ADDRESSES.size() - 1),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 5))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    @Property(tries = 3000)
    void everyStepDoesToTheBucketWhatItDoesToTwoLists(
            @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 4) int bucketSize) {
        RoutingTable table = new RoutingTable(SELF, bucketSize, TIMEOUT, MAX_ADDRESSES);
        BucketModel model = new BucketModel(bucketSize, TIMEOUT, MAX_ADDRESSES);
        long now = -20;
        boolean evicted = false;
        for (Step step : steps) {
            now += step.passes();
            List<Optional<PeerId>> entered = table.applyPending(now).stream()
                    .flatMap(each -> Stream.of(Optional.of(each.added()), each.evicted()))
                    .toList();
            assertThat(entered).isEqualTo(model.apply(now));
            assertThat(table.nextDeadlineNanos()).isEqualTo(model.deadline()).isGreaterThan(now);
            evicted |= entered.size() == 2 && entered.get(1).isPresent();
            take(step, now, table, model);
            assertThat(table.snapshot().view().entries()).isEqualTo(model.view(BUCKET));
            assertThat(table.size())
                    .isEqualTo(table.bucketSize(BUCKET))
                    .isEqualTo(model.view(BUCKET).size());
            assertThat(table.nextDeadlineNanos()).isEqualTo(model.deadline());
        }
        Statistics.label("somebody was evicted").collect(evicted);
    }

    private static void take(Step step, long now, RoutingTable table, BucketModel model) {
        PeerId peer = POOL.get(step.peer());
        Multiaddr address = ADDRESSES.get(step.address());
        switch (step.kind()) {
            case INSERT -> {
                boolean waitedAlready = model.deadline() != Long.MAX_VALUE;
                Optional<PeerId> first = model.first();
                Outcome expected = model.insert(now, peer, address, step.connected());
                Insertion insertion = table.insert(now, peer, List.of(address), step.connected());
                boolean begins = expected == Outcome.PENDING && !waitedAlready;
                assertThat(insertion).isEqualTo(new Insertion(expected, BUCKET, begins ? first : Optional.empty()));
            }
            case CONNECT ->
                assertThat(table.setConnected(peer, step.connected()))
                        .isEqualTo(model.setConnected(peer, step.connected()));
            case REMOVE -> assertThat(table.remove(peer)).isEqualTo(model.remove(peer));
            case REMOVE_ADDRESS ->
                assertThat(table.removeAddress(peer, address)).isEqualTo(model.removeAddress(peer, address, true));
            case DIAL_FAILED ->
                assertThat(table.dialFailed(peer, address)).isEqualTo(model.removeAddress(peer, address, false));
        }
    }
}
