package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.api.result.GetRecordResult;
import io.kad.api.spi.store.StoreException;
import io.kad.core.job.BackgroundWork;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GetRecordTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/key");

    private EngineFixture fixture = new EngineFixture(EngineFixture.config(), new Newest("app"));

    private static Record record(String value) {
        return published(value, EngineFixture.EPOCH);
    }

    private static Record published(String value, Instant time) {
        return Record.of(KEY, Bytes.utf8(value)).withPublished(Optional.of(PublicationTime.stated(time)));
    }

    private QueryId get(Quorum quorum) {
        return fixture.start(new QuerySpec.GetRecord(KEY, quorum));
    }

    private QueryId getRemotely(Quorum quorum) {
        QueryId query = get(quorum);
        fixture.recordLoaded(Optional.empty());
        return query;
    }

    private void respond(int number, String value, PeerInfo... closer) {
        fixture.respond(
                fixture.pendingTo(number),
                new KadResponse.GetValue(
                        Optional.of(value).filter(text -> !text.isEmpty()).map(GetRecordTest::record),
                        List.of(closer)));
    }

    @Test
    void theLocalStoreIsReadFirst() {
        fixture.connectServers(1);
        get(Quorum.one());

        assertThat(fixture.only(EngineAction.LoadRecord.class).key()).isEqualTo(KEY);
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void oneLocalRecordIsEnoughForAQuorumOfOne() {
        fixture.connectServers(1);
        QueryId query = get(Quorum.one());
        fixture.recordLoaded(Optional.of(record("local")));

        assertThat(fixture.queryEvents(QueryEvent.RecordFound.class))
                .containsExactly(new QueryEvent.RecordFound(query, Optional.empty(), record("local")));
        assertThat(fixture.result(GetRecordResult.class)).satisfies(found -> {
            assertThat(found.record()).isEqualTo(record("local"));
            assertThat(found.from()).isEmpty();
            assertThat(found.validRecords()).isEqualTo(1);
        });
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    @Test
    void aLocalRecordIsFoundWithoutPeers() {
        get(Quorum.majority());
        fixture.recordLoaded(Optional.of(record("local")));

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("local"));
    }

    @Test
    void aLocalRecordAloneDoesNotReachAnExplicitQuorum() {
        get(Quorum.of(2));
        fixture.recordLoaded(Optional.of(record("local")));

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class).successes())
                .isEmpty();
    }

    @Test
    void anInvalidOrExpiredLocalRecordIsIgnored() {
        fixture.connectServers(1);
        get(Quorum.one());
        fixture.recordLoaded(Optional.of(Record.of(KEY, Newest.INVALID)));
        respond(1, "value");
        get(Quorum.one());
        fixture.recordLoaded(Optional.of(record("old").withExpires(Optional.of(EngineFixture.EPOCH))));
        respond(1, "value");

        assertThat(fixture.all(EngineAction.CompleteQuery.class))
                .hasSize(2)
                .allSatisfy(complete -> assertThat(((GetRecordResult) complete.result()).record())
                        .isEqualTo(record("value")));
    }

    /** With a quorum of one nobody is queried who could have a better one. */
    @Test
    void anOlderLocalRecordLosesToABetterOneUnlessTheQuorumIsOne() {
        fixture.connectServers(1);
        get(Quorum.one());
        fixture.recordLoaded(Optional.of(record("1")));
        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("1"));
        assertThat(fixture.queriedPeers()).isEmpty();

        QueryId query = get(Quorum.of(2));
        fixture.recordLoaded(Optional.of(record("1")));
        respond(1, "2");
        fixture.recordMerged();
        assertThat(fixture.last(EngineAction.CompleteQuery.class)).satisfies(complete -> {
            assertThat(complete.queryId()).isEqualTo(query);
            assertThat(complete.result()).isInstanceOfSatisfying(GetRecordResult.class, found -> {
                assertThat(found.record()).isEqualTo(record("2"));
                assertThat(found.from()).contains(Peers.peer(1));
            });
        });
    }

    @Test
    void aFailedLocalStoreDoesNotStopTheLookup() {
        fixture.connectServers(1);
        get(Quorum.one());
        fixture.advance(new EngineEvent.StoreFailed(
                fixture.only(EngineAction.LoadRecord.class).operationId(), new StoreException.Closed("closed")));
        respond(1, "value");

        assertThat(fixture.result(GetRecordResult.class).from()).contains(Peers.peer(1));
    }

    @Test
    void aQuorumOfOneEndsAtTheFirstValidRecord() {
        fixture.connectServers(1, 2, 3);
        QueryId query = getRemotely(Quorum.one());
        assertThat(fixture.pending())
                .allSatisfy(request -> assertThat(request.message()).isEqualTo(new KadRequest.GetValue(KEY)));
        respond(1, "value");

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("value"));
        assertThat(fixture.pending()).isEmpty();
        assertThat(fixture.queryEvents(QueryEvent.RecordFound.class))
                .containsExactly(new QueryEvent.RecordFound(query, Optional.of(Peers.peer(1)), record("value")));
    }

    @Test
    void anExplicitQuorumEndsAtExactlyThatMany() {
        fixture.connectServers(1, 2, 3);
        getRemotely(Quorum.of(2));
        respond(1, "b");
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        respond(2, "a");

        assertThat(fixture.result(GetRecordResult.class)).satisfies(found -> {
            assertThat(found.validRecords()).isEqualTo(2);
            assertThat(found.record()).isEqualTo(record("b"));
            assertThat(found.from()).contains(Peers.peer(1));
        });
    }

    @Test
    void theValidatorSelectsAmongAllRecordsOfTheClosestPeers() {
        fixture.connectServers(1, 2, 3);
        getRemotely(Quorum.all());
        respond(1, "a");
        respond(2, "c");
        respond(3, "b");

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("c"));
        assertThat(fixture.result(GetRecordResult.class).validRecords()).isEqualTo(3);
    }

    @Test
    void aMajorityCountsThePeersFound() {
        fixture.connectServers(1, 2, 3);
        getRemotely(Quorum.majority());
        respond(1, "a");
        respond(2, "");
        respond(3, "");

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class)).satisfies(failure -> {
            assertThat(failure.required()).isEqualTo(2);
            assertThat(failure.successes()).containsExactly(Peers.peer(1));
            assertThat(failure).hasMessageStartingWith("quorum not reached: found 1 record, required 2");
        });
    }

    @Test
    void aRecordOfAPeerThatIsNotAmongTheClosestDoesNotCountForAll() {
        List<Integer> closestFirst = Peers.byDistance(KEY.kadKey(), 3);
        fixture = new EngineFixture(EngineFixture.config().set(KademliaConfig.K, 2), new Newest("app"));
        fixture.connectServers(closestFirst.get(2));
        getRemotely(Quorum.all());
        respond(closestFirst.get(2), "a", Peers.info(closestFirst.get(0)), Peers.info(closestFirst.get(1)));
        respond(closestFirst.get(0), "a");
        respond(closestFirst.get(1), "");

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class)).satisfies(failure -> {
            assertThat(failure.required()).isEqualTo(2);
            assertThat(failure).hasMessageContaining("found 1 record, required 2");
        });
    }

    @Test
    void disjointPathsRunToTheirEndThoughALatePeerIsAllThatTheyWaitFor() {
        fixture = new EngineFixture(
                EngineFixture.config()
                        .set(KademliaConfig.DISJOINT_PATHS, 2)
                        .set(KademliaConfig.K, 4)
                        .set(KademliaConfig.ALPHA, 4),
                new Newest("app"));
        fixture.connectServers(1, 2, 3, 4, 5, 6, 7, 8);
        fixture.measureRoundTrips();
        getRemotely(Quorum.one());
        List<EngineAction.SendRequest> requests = fixture.pending();
        for (EngineAction.SendRequest request : requests.subList(1, requests.size())) {
            fixture.respond(request, new KadResponse.GetValue(Optional.of(record("a")), List.of()));
        }
        fixture.pass(Duration.ofMillis(205));
        assertThat(fixture.queryEvents(QueryEvent.Converged.class)).hasSize(1);
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();

        fixture.respond(requests.get(0), new KadResponse.GetValue(Optional.of(record("b")), List.of()));

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("b"));
    }

    @Test
    void aLocalRecordCountsAsOne() {
        fixture.connectServers(1, 2);
        get(Quorum.of(2));
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "b");
        fixture.recordMerged();

        assertThat(fixture.result(GetRecordResult.class).validRecords()).isEqualTo(2);
    }

    @Test
    void invalidRecordsAndRecordsOfOtherKeysAreDropped() {
        fixture.connectServers(1, 2, 3);
        getRemotely(Quorum.one());
        fixture.respond(
                fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(Record.of(KEY, Newest.INVALID)), List.of()));
        fixture.respond(
                fixture.pendingTo(2),
                new KadResponse.GetValue(
                        Optional.of(Record.of(RecordKey.utf8("/app/other"), Bytes.utf8("x"))), List.of()));
        fixture.respond(
                fixture.pendingTo(3),
                new KadResponse.GetValue(
                        Optional.of(record("old").withExpires(Optional.of(EngineFixture.EPOCH))), List.of()));

        assertThat(fixture.failureOf(KadException.NotFound.class)
                        .stats()
                        .orElseThrow()
                        .successes())
                .isEqualTo(3);
        assertThat(fixture.failureOf(KadException.NotFound.class))
                .hasMessage(
                        "record not found: none of the 3 peers that responded has a valid one; an invalid one was dropped: it says so itself");
        assertThat(fixture.queryEvents(QueryEvent.RecordFound.class)).isEmpty();
    }

    @Test
    void aValidatorThatFailsIsNamedInTheFailureOfAGet() {
        RecordValidator broken = new RecordValidator() {
            @Override
            public String namespace() {
                return "app";
            }

            @Override
            public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
                throw new IllegalStateException("oops");
            }

            @Override
            public int select(RecordKey key, List<Bytes> values, Instant now) {
                return 0;
            }
        };
        fixture = new EngineFixture(EngineFixture.config(), broken);
        fixture.connectServers(1);
        getRemotely(Quorum.one());
        respond(1, "value");

        assertThat(fixture.failureOf(KadException.NotFound.class))
                .hasMessageContaining(broken.getClass().getName())
                .hasMessageContaining("oops");
    }

    @Test
    void aRecordIsFoundThroughAPeerThatOnlyReturnsCloserPeers() {
        fixture.connectServers(1);
        getRemotely(Quorum.one());
        respond(1, "", Peers.info(2));
        respond(2, "value");

        assertThat(fixture.result(GetRecordResult.class)).satisfies(found -> {
            assertThat(found.from()).contains(Peers.peer(2));
            assertThat(found.stats().hops()).isEqualTo(2);
        });
    }

    @Test
    void withoutPeersNothingIsFound() {
        get(Quorum.one());
        fixture.recordLoaded(Optional.empty());

        fixture.failureOf(KadException.NoPeers.class);
    }

    @Test
    void withoutAResponseTheQueryFails() {
        fixture.connectServers(1);
        getRemotely(Quorum.one());
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);

        fixture.failureOf(KadException.NoPeers.class);
    }

    @Test
    void anEmptyKeyIsRejected() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetRecord(RecordKey.of(Bytes.EMPTY), Quorum.one()));

        fixture.failureOf(KadException.InvalidRequest.class);
    }

    @Test
    void finishingReturnsWhatWasFoundSoFar() {
        fixture.connectServers(1, 2);
        QueryId query = getRemotely(Quorum.of(5));
        respond(1, "value");
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("value"));
    }

    @Test
    void finishingWithoutARecordIsNotFound() {
        fixture.connectServers(1, 2);
        QueryId query = getRemotely(Quorum.one());
        respond(1, "");
        fixture.advance(new EngineEvent.FinishQuery(query));

        fixture.failureOf(KadException.NotFound.class);
    }

    @Test
    void aRecordThatIsLoadedAfterTheTimeoutIsIgnored() {
        fixture.connectServers(1);
        get(Quorum.one());
        fixture.pass(Duration.ofMinutes(1));
        fixture.recordLoaded(Optional.of(record("local")));

        fixture.failureOf(KadException.QueryTimeout.class);
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
    }

    @Test
    void aTimeoutOfDisjointPathsReturnsAQuorumThatWasReached() {
        fixture = new EngineFixture(
                EngineFixture.config()
                        .set(KademliaConfig.DISJOINT_PATHS, 2)
                        .set(KademliaConfig.QUERY_TIMEOUT, Duration.ofMillis(100)),
                new Newest("app"));
        fixture.connectServers(1, 2, 3);
        getRemotely(Quorum.of(2));
        respond(1, "a");
        respond(2, "b");
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        fixture.pass(Duration.ofMillis(100));

        assertThat(fixture.result(GetRecordResult.class)).satisfies(found -> {
            assertThat(found.record()).isEqualTo(record("b"));
            assertThat(found.validRecords()).isEqualTo(2);
        });
    }

    @Test
    void aTimeoutBeforeTheQuorumIsAFailure() {
        fixture = new EngineFixture(
                EngineFixture.config()
                        .set(KademliaConfig.DISJOINT_PATHS, 2)
                        .set(KademliaConfig.QUERY_TIMEOUT, Duration.ofMillis(100)),
                new Newest("app"));
        fixture.connectServers(1, 2, 3);
        getRemotely(Quorum.of(2));
        respond(1, "a");
        fixture.pass(Duration.ofMillis(100));

        fixture.failureOf(KadException.QueryTimeout.class);
    }

    // --- without a validator

    @Test
    void withoutAValidatorTheRecordPublishedLastIsTheBestAndNotTheMostFrequent() {
        Record newest = published("a", EngineFixture.EPOCH.plusSeconds(1));
        EngineFixture plain = new EngineFixture();
        plain.connectServers(1, 2, 3);
        plain.start(new QuerySpec.GetRecord(KEY, Quorum.all()));
        plain.recordLoaded(Optional.empty());
        plain.respond(plain.pendingTo(1), new KadResponse.GetValue(Optional.of(record("z")), List.of()));
        plain.respond(plain.pendingTo(2), new KadResponse.GetValue(Optional.of(newest), List.of()));
        plain.respond(plain.pendingTo(3), new KadResponse.GetValue(Optional.of(record("z")), List.of()));

        assertThat(plain.result(GetRecordResult.class).record()).isEqualTo(newest);
        assertThat(plain.pending())
                .as("correction")
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.message()).isEqualTo(new KadRequest.PutValue(newest)));
    }

    // --- correction

    @Test
    void theBestRecordIsWrittenToPeersThatLackIt() {
        fixture.connectServers(1, 2, 3);
        getRemotely(Quorum.of(2));
        respond(1, "");
        respond(2, "a");
        respond(3, "b");

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("b"));
        assertThat(fixture.pending())
                .allSatisfy(request -> assertThat(request.message()).isEqualTo(new KadRequest.PutValue(record("b"))))
                .extracting(request -> request.peer().id())
                .containsExactlyInAnyOrder(Peers.peer(1), Peers.peer(2));
        assertThat(fixture.actions().indexOf(fixture.only(EngineAction.CompleteQuery.class)))
                .isLessThan(fixture.actions().indexOf(fixture.pending().get(0)));
    }

    @Test
    void aCorrectionEmitsNoEvents() {
        fixture.connectServers(1, 2);
        getRemotely(Quorum.one());
        respond(1, "");
        respond(2, "a");
        int events = fixture.all(EngineAction.EmitQueryEvent.class).size();
        fixture.respond(fixture.pendingTo(1), new KadResponse.PutValue(record("a")));

        assertThat(fixture.all(EngineAction.EmitQueryEvent.class)).hasSize(events);
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).hasSize(1);
        assertThat(fixture.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void afterAnEarlyEndCloseStalePeersAreCorrectedAndTheRecordIsCachedOnTheWay() {
        List<Integer> closestFirst = Peers.byDistance(KEY.kadKey(), 60);
        fixture.connectServers(closestFirst.get(59), closestFirst.get(58));
        getRemotely(Quorum.one());
        respond(closestFirst.get(59), "");
        respond(
                closestFirst.get(58),
                "",
                closestFirst.stream().limit(30).map(Peers::info).toArray(PeerInfo[]::new));
        respond(closestFirst.get(0), "a");

        assertThat(fixture.result(GetRecordResult.class).peersLackingBest())
                .containsExactly(Peers.peer(closestFirst.get(58)));
        assertThat(fixture.pending())
                .singleElement()
                .satisfies(cached -> assertThat(cached.message()).isEqualTo(new KadRequest.PutValue(record("a"))));
    }

    @Test
    void withoutCachingOnlyPeersCloseToTheKeyAreCorrected() {
        List<Integer> closestFirst = Peers.byDistance(KEY.kadKey(), 60);
        int far = closestFirst.get(59);
        int closest = closestFirst.get(0);
        fixture = new EngineFixture(EngineFixture.config().set(KademliaConfig.MAX_CACHE_PEERS, 0));
        fixture.connectServers(far);
        getRemotely(Quorum.one());
        respond(far, "", closestFirst.stream().limit(30).map(Peers::info).toArray(PeerInfo[]::new));
        respond(closest, "a");

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("a"));
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void aFailedQuorumIsCorrectedToo() {
        fixture.connectServers(1, 2);
        getRemotely(Quorum.of(2));
        respond(1, "a");
        respond(2, "");

        fixture.failureOf(KadException.QuorumNotReached.class);
        assertThat(fixture.pendingTo(2).message()).isEqualTo(new KadRequest.PutValue(record("a")));
    }

    @Test
    void aCorrectionBeyondTheLimitOfCorrectionsIsSkippedCountedAndTold() {
        fixture.connectServers(1, 2);
        for (int count = 0; count <= BackgroundWork.MAX_CORRECTIONS + 1; count++) {
            getRemotely(Quorum.one());
            fixture.respond(lastGetTo(1), new KadResponse.GetValue(Optional.empty(), List.of()));
            fixture.respond(lastGetTo(2), new KadResponse.GetValue(Optional.of(record("a")), List.of()));
        }

        assertThat(fixture.pending()).hasSize(BackgroundWork.MAX_CORRECTIONS);
        assertThat(fixture.events(DhtEvent.CorrectionSkipped.class))
                .containsExactly(new DhtEvent.CorrectionSkipped(KEY, 1), new DhtEvent.CorrectionSkipped(KEY, 2));
    }

    @Test
    void correctionsDoNotDelayADueBootstrap() {
        EngineFixture busy = new EngineFixture(
                EngineFixture.config().set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.of(Duration.ofSeconds(5))));
        busy.connectServers(1, 2);
        for (int count = 0; count < BackgroundWork.MAX_CORRECTIONS; count++) {
            QueryId query = busy.start(new QuerySpec.GetRecord(KEY, Quorum.one()));
            busy.recordLoaded(Optional.empty());
            List<EngineAction.SendRequest> gets = busy.pending().stream()
                    .filter(request -> request.queryId().equals(query))
                    .toList();
            busy.respond(gets.get(0), new KadResponse.GetValue(Optional.empty(), List.of()));
            busy.respond(gets.get(1), new KadResponse.GetValue(Optional.of(record("a")), List.of()));
        }
        assertThat(busy.pending()).hasSize(BackgroundWork.MAX_CORRECTIONS);
        busy.pass(Duration.ofSeconds(6));

        assertThat(busy.pending())
                .extracting(EngineAction.SendRequest::message)
                .contains(new KadRequest.FindNode(EngineFixture.SELF.bytes()));
    }

    private EngineAction.SendRequest lastGetTo(int number) {
        return fixture.pending().stream()
                .filter(request -> request.peer().id().equals(Peers.peer(number))
                        && request.message() instanceof KadRequest.GetValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFailureTellsHowManyOfTheRecordsAreLocal() {
        fixture.connectServers(1, 2);
        fixture.start(new QuerySpec.GetRecord(KEY, Quorum.of(9)));
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "a");
        respond(2, "");

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class)).satisfies(failure -> {
            assertThat(failure)
                    .hasMessageStartingWith(
                            "quorum not reached: found 2 records (1 of them in the local store), required 9");
            assertThat(failure.successes()).containsExactly(Peers.peer(1));
        });
    }

    @Test
    void aFailureTellsHowManyRecordsWereFound() {
        fixture.connectServers(1, 2, 3);
        getRemotely(Quorum.of(3));
        respond(1, "a");
        respond(2, "a");
        respond(3, "");

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class))
                .hasMessageStartingWith("quorum not reached: found 2 records, required 3");
    }
}
