package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.LookupStrategy;
import io.kad.api.QueryId;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.KadKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.BootstrapResult;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static final KadRequest OWN_LOOKUP = new KadRequest.FindNode(EngineFixture.SELF.bytes());

    private final EngineFixture fixture = new EngineFixture();

    private static QuerySpec bootstrap() {
        return new QuerySpec.Bootstrap(EngineFixture.SELF);
    }

    private static EngineFixture automatic(Optional<Duration> delay, Optional<Duration> interval) {
        return new EngineFixture(EngineFixture.config()
                .set(KademliaConfig.BOOTSTRAP_THROTTLE, delay)
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, interval));
    }

    @Test
    void theLocalIdIsLookedUpFirstAndThenAnIdInEachFartherBucket() {
        fixture.connectServers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        fixture.start(bootstrap());
        assertThat(fixture.pending())
                .extracting(EngineAction.SendRequest::message)
                .containsOnly(OWN_LOOKUP);
        fixture.respondToFindNodes();

        int closest =
                IntStream.rangeClosed(1, 10).map(BootstrapTest::bucketOf).min().orElseThrow();
        assertThat(fixture.all(EngineAction.SendRequest.class).stream()
                        .map(EngineAction.SendRequest::message)
                        .filter(message -> !message.equals(OWN_LOOKUP))
                        .map(message -> ((KadRequest.FindNode) message).target())
                        .distinct()
                        .map(target -> EngineFixture.SELF
                                .kadKey()
                                .distance(KadKey.hash(target))
                                .log2()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(closest + 1, 256).boxed().toList());
        assertThat(fixture.result(BootstrapResult.class)).satisfies(done -> {
            assertThat(done.peers()).isEqualTo(10);
            assertThat(done.refreshedBuckets()).isEqualTo(255 - closest);
            assertThat(done.stats().requests()).isEqualTo(10 * (1 + 255 - closest));
        });
        assertThat(fixture.queryEvents(QueryEvent.Ended.class)).hasSize(1);
    }

    private static int bucketOf(int number) {
        return EngineFixture.SELF.kadKey().distance(Peers.peer(number).kadKey()).log2();
    }

    @Test
    void onlyAFewBucketsAreRefreshedConcurrently() {
        IntStream.rangeClosed(1, 200).forEach(fixture::connectServers);
        fixture.start(bootstrap());
        while (fixture.pending().stream().anyMatch(request -> request.message().equals(OWN_LOOKUP))) {
            fixture.respond(fixture.pending().get(0), new KadResponse.FindNode(List.of()));
        }

        assertThat(fixture.pending().stream()
                        .map(EngineAction.SendRequest::message)
                        .distinct())
                .hasSize(4);
        assertThat(fixture.pending()).hasSize(4 * KademliaConfig.ALPHA.defaultValue());
    }

    @Test
    void aBootstrapWithoutPeersFails() {
        fixture.start(bootstrap());

        assertThat(fixture.failureOf(KadException.NoPeers.class).isTableEmpty()).isTrue();
    }

    @Test
    void aBootstrapWithoutAResponseFails() {
        fixture.connectServers(1);
        fixture.start(bootstrap());
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);

        fixture.failureOf(KadException.NoPeers.class);
    }

    @Test
    void eachBucketIsReportedAsItIsDone() {
        fixture.connectServers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        fixture.start(bootstrap());
        fixture.respondToFindNodes();

        List<QueryEvent.BucketRefreshed> reports = fixture.queryEvents(QueryEvent.BucketRefreshed.class);
        assertThat(reports).hasSize(1 + fixture.result(BootstrapResult.class).refreshedBuckets());
        assertThat(reports.get(0).bucket()).isEmpty();
        assertThat(reports.get(0).responded()).isEqualTo(10);
        assertThat(reports).extracting(QueryEvent.BucketRefreshed::remaining).isSortedAccordingTo((a, b) -> b - a);
        assertThat(reports)
                .last()
                .satisfies(report -> assertThat(report.remaining()).isZero());
    }

    @Test
    void eachLookupHasATimeOfItsOwnAndOneThatFailsDoesNotEndTheRest() {
        EngineFixture slow = new EngineFixture(EngineFixture.config()
                .set(KademliaConfig.QUERY_TIMEOUT, Duration.ofSeconds(5))
                .set(KademliaConfig.REQUEST_TIMEOUT, Duration.ofSeconds(60))
                .set(KademliaConfig.LOOKUP_STRATEGY, LookupStrategy.STALL));
        IntStream.rangeClosed(1, 60).forEach(slow::connectServers);
        slow.start(bootstrap());
        int buckets = 0;
        // Peer 3 is silent; every lookup waits for it until its time is over
        for (int round = 0; round < 1000 && !slow.pending().isEmpty(); round++) {
            for (EngineAction.SendRequest request : slow.pending()) {
                if (!request.peer().id().equals(Peers.peer(3)) && slow.pending().contains(request)) {
                    slow.respond(request, new KadResponse.FindNode(List.of()));
                }
            }
            slow.pass(Duration.ofSeconds(5));
            buckets = slow.queryEvents(QueryEvent.BucketRefreshed.class).size();
        }

        assertThat(slow.result(BootstrapResult.class).refreshedBuckets())
                .isEqualTo(buckets - 1)
                .isGreaterThan(4);
    }

    /** Each lookup waits for peer 3, which is silent, until its own time is over; the bootstrap as a whole has less than all of them. */
    @Test
    void aBootstrapHasATimeOfItsOwn() {
        EngineFixture slow = new EngineFixture(EngineFixture.config()
                .set(KademliaConfig.QUERY_TIMEOUT, Duration.ofSeconds(5))
                .set(KademliaConfig.BOOTSTRAP_TIMEOUT, Duration.ofSeconds(8))
                .set(KademliaConfig.REQUEST_TIMEOUT, Duration.ofSeconds(60))
                .set(KademliaConfig.LOOKUP_STRATEGY, LookupStrategy.STALL));
        IntStream.rangeClosed(1, 60).forEach(slow::connectServers);
        slow.start(bootstrap());
        for (int second = 0; second < 8; second++) {
            assertThat(slow.all(EngineAction.FailQuery.class)).isEmpty();
            while (slow.pending().stream().anyMatch(BootstrapTest::isNotToPeer3)) {
                slow.respond(
                        slow.pending().stream()
                                .filter(BootstrapTest::isNotToPeer3)
                                .findFirst()
                                .orElseThrow(),
                        new KadResponse.FindNode(List.of()));
            }
            slow.pass(Duration.ofSeconds(1));
        }

        assertThat(slow.failureOf(KadException.QueryTimeout.class))
                .hasMessageStartingWith("query timed out after 8 s")
                .satisfies(failure ->
                        assertThat(failure.stats().orElseThrow().successes()).isPositive())
                .satisfies(failure -> assertThat(failure.responded())
                        .as("peers close to the local one")
                        .isNotEmpty()
                        .doesNotContain(Peers.peer(3)));
        assertThat(slow.queryEvents(QueryEvent.BucketRefreshed.class))
                .as("lookups that ended within their own time")
                .hasSizeBetween(1, 6);
        assertThat(slow.pending()).isEmpty();
    }

    /** Each lookup waits for peer 3 until its own time is over; with the default times, all of them end before the bootstrap does. */
    @Test
    void aBootstrapWhoseLookupsAllTakeTheirWholeTimeCompletes() {
        // A peer so close that every bucket which may be refreshed is
        int closest = IntStream.rangeClosed(1, 60_000)
                .boxed()
                .min(Comparator.comparing(BootstrapTest::bucketOf))
                .orElseThrow();
        int most = 0;
        for (int seed = 1; seed <= 6; seed++) {
            most = Math.max(most, refreshedWithASilentPeer(seed, closest));
        }

        assertThat(most)
                .as("buckets, for which three rounds of four are not enough")
                .isGreaterThan(12);
    }

    private static int refreshedWithASilentPeer(long seed, int closest) {
        EngineFixture slow = new EngineFixture(
                seed,
                EngineFixture.config()
                        .set(KademliaConfig.REQUEST_TIMEOUT, Duration.ofMinutes(10))
                        .set(KademliaConfig.LOOKUP_STRATEGY, LookupStrategy.STALL));
        IntStream.rangeClosed(1, 60).forEach(slow::connectServers);
        slow.connectServers(closest);
        slow.start(bootstrap());
        for (int second = 0; second < 600 && !slow.pending().isEmpty(); second += 10) {
            List<EngineAction.SendRequest> waiting = slow.pending();
            while (waiting.stream().anyMatch(BootstrapTest::isNotToPeer3)) {
                waiting.stream()
                        .filter(BootstrapTest::isNotToPeer3)
                        .forEach(request -> slow.respond(request, new KadResponse.FindNode(List.of(Peers.info(3)))));
                waiting = slow.pending();
            }
            slow.pass(Duration.ofSeconds(10));
        }
        return slow.result(BootstrapResult.class).refreshedBuckets();
    }

    private static boolean isNotToPeer3(EngineAction.SendRequest request) {
        return !request.peer().id().equals(Peers.peer(3));
    }

    @Test
    void aLookupOfTheLocalIdThatFailsDoesNotEndTheRest() {
        IntStream.rangeClosed(1, 60).forEach(fixture::connectServers);
        fixture.start(bootstrap());
        while (fixture.pending().stream().anyMatch(request -> request.message().equals(OWN_LOOKUP))) {
            fixture.fail(fixture.pending().get(0), EngineFixture.failure(TransportFailure.Kind.RESET));
        }
        fixture.respondToFindNodes();

        assertThat(fixture.result(BootstrapResult.class).refreshedBuckets()).isPositive();
        assertThat(fixture.queryEvents(QueryEvent.BucketRefreshed.class).get(0).responded())
                .isZero();
    }

    /** Connects to peers of which one is so close that there are many buckets to refresh; returns their number. */
    private int connectMany() {
        int closest = Peers.byDistance(EngineFixture.SELF.kadKey(), 5000).get(0);
        fixture.connectServers(closest);
        IntStream.rangeClosed(1, 60).filter(number -> number != closest).forEach(fixture::connectServers);
        return 255 - bucketOf(closest);
    }

    @Test
    void aBootstrapGoesOnToTheCloseBucketsWhileAnyPeerResponds() {
        int buckets = connectMany();
        fixture.start(bootstrap());
        fixture.respondToFindNodes();

        assertThat(fixture.result(BootstrapResult.class).refreshedBuckets())
                .as("an ID is not found for each of the closest buckets")
                .isBetween(buckets - 2, buckets)
                .isGreaterThan(8);
    }

    @Test
    void withoutAnyResponseABootstrapEndsAfterAFewBuckets() {
        int buckets = connectMany();
        fixture.start(bootstrap());
        while (!fixture.pending().isEmpty()) {
            fixture.fail(fixture.pending().get(0), EngineFixture.failure(TransportFailure.Kind.RESET));
        }

        fixture.failureOf(KadException.NoPeers.class);
        assertThat(buckets).isGreaterThan(8);
        assertThat(fixture.queryEvents(QueryEvent.BucketRefreshed.class))
                .as("the local ID, four buckets, and those that were refreshed at the same time")
                .hasSizeBetween(1 + 4 + 1, 1 + 4 + 3)
                .last()
                .satisfies(report -> assertThat(report.remaining()).isZero());
    }

    @Test
    void noBucketIsRefreshedOnceEveryPeerOfTheTableWasSilent() {
        int closest = Peers.byDistance(EngineFixture.SELF.kadKey(), 5000).get(0);
        fixture.connectServers(closest, 1, 2);
        fixture.start(bootstrap());
        while (!fixture.pending().isEmpty()) {
            fixture.fail(fixture.pending().get(0), EngineFixture.TIMED_OUT);
        }

        fixture.failureOf(KadException.NoPeers.class);
        assertThat(fixture.queriedPeers()).hasSize(3);
    }

    @Test
    void finishingABootstrapReturnsTheBucketsRefreshedSoFar() {
        fixture.connectServers(1, 2, 3);
        QueryId query = fixture.start(bootstrap());
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.result(BootstrapResult.class).refreshedBuckets()).isZero();
        assertThat(fixture.pending()).isEmpty();
    }

    // --- by itself

    @Test
    void aSmallTableIsRefreshedWhenNoPeerWasInsertedForAWhile() {
        EngineFixture peer = automatic(Optional.of(Duration.ofMillis(500)), Optional.empty());
        peer.connectServers(1);
        peer.pass(Duration.ofMillis(400));
        peer.connectServers(2);
        peer.pass(Duration.ofMillis(499));
        assertThat(peer.pending()).isEmpty();
        peer.pass(Duration.ofMillis(1));

        assertThat(peer.pending()).hasSize(2).allSatisfy(request -> {
            assertThat(request.message()).isEqualTo(OWN_LOOKUP);
            assertThat(request.queryId().number()).isNegative();
        });
    }

    @Test
    void aBackgroundBootstrapEmitsNoEvents() {
        EngineFixture peer = automatic(Optional.of(Duration.ZERO), Optional.empty());
        peer.connectServers(1);
        assertThat(peer.pending()).hasSize(1);
        peer.respondToFindNodes();

        assertThat(peer.pending()).isEmpty();
        assertThat(peer.all(EngineAction.EmitQueryEvent.class)).isEmpty();
        assertThat(peer.all(EngineAction.CompleteQuery.class)).isEmpty();
    }

    @Test
    void aTableOfTwentyIsNotRefreshedForANewPeer() {
        EngineFixture peer = automatic(Optional.of(Duration.ofMillis(500)), Optional.empty());
        IntStream.rangeClosed(1, 19).forEach(peer::connectServers);
        peer.pass(Duration.ofMillis(500));
        peer.respondToFindNodes();
        int requests = peer.queriedPeers().size();
        assertThat(requests).isPositive();
        peer.connectServers(20);
        peer.pass(Duration.ofSeconds(10));

        assertThat(peer.queriedPeers()).hasSize(requests);
    }

    @Test
    void aPeerThatReconnectsIsNotNew() {
        EngineFixture peer = automatic(Optional.of(Duration.ofMillis(500)), Optional.empty());
        peer.connectServers(1);
        peer.pass(Duration.ofSeconds(1));
        peer.respondToFindNodes();
        peer.transport(new TransportEvent.ConnectionClosed(Peers.outbound(1), 0));
        int requests = peer.queriedPeers().size();
        peer.connectServers(1);
        peer.pass(Duration.ofSeconds(10));

        assertThat(peer.queriedPeers()).hasSize(requests);
    }

    @Test
    void theTableIsRefreshedAtEachInterval() {
        EngineFixture peer = automatic(Optional.empty(), Optional.of(Duration.ofMinutes(5)));
        peer.connectServers(1);
        peer.pass(Duration.ofMinutes(5).minusNanos(1));
        assertThat(peer.queriedPeers()).isEmpty();
        peer.pass(Duration.ofNanos(1));
        peer.respondToFindNodes();
        int once = peer.queriedPeers().size();
        assertThat(once).isPositive();
        peer.pass(Duration.ofMinutes(5));

        assertThat(peer.queriedPeers()).hasSizeGreaterThan(once);
    }

    @Test
    void anEmptyTableIsNotRefreshed() {
        EngineFixture peer = automatic(Optional.empty(), Optional.of(Duration.ofMinutes(5)));
        peer.advance(new EngineEvent.DeadlineReached());
        peer.pass(Duration.ofHours(1));

        assertThat(peer.queriedPeers()).isEmpty();
    }

    @Test
    void aBootstrapThatIsDueWaitsForTheFirstPeer() {
        EngineFixture peer = automatic(Optional.empty(), Optional.of(Duration.ofMinutes(5)));
        peer.advance(new EngineEvent.DeadlineReached());
        peer.pass(Duration.ofMinutes(7));
        peer.connectServers(1);

        assertThat(peer.queriedPeers()).containsExactly(Peers.peer(1));
    }

    @Test
    void noBackgroundBootstrapStartsWhileOneRuns() {
        EngineFixture peer = automatic(Optional.of(Duration.ofMillis(500)), Optional.of(Duration.ofSeconds(10)));
        peer.connectServers(1);
        QueryId query = peer.start(bootstrap());
        peer.connectServers(3);
        peer.pass(Duration.ofSeconds(1));
        assertThat(peer.all(EngineAction.SendRequest.class))
                .allMatch(request -> request.queryId().equals(query));

        peer.advance(new EngineEvent.CancelQuery(query));
        assertThat(peer.last(EngineAction.SendRequest.class).queryId().number()).isNegative();
    }

    @Test
    void peersInResponsesOfABootstrapAreQueriedWithTheirAddresses() {
        fixture.connectServers(1);
        fixture.start(bootstrap());
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(2))));

        assertThat(fixture.pendingTo(2).peer()).isEqualTo(PeerInfo.of(Peers.peer(2), List.of(Peers.address(2))));
    }
}
