package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.GetRecordResult;
import io.kad.api.spi.store.StoreException;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GetRecordTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/key");

    private EngineFixture fixture = new EngineFixture(EngineFixture.config(), new Newest("app"));

    private static Record record(String value) {
        return Record.of(KEY, Bytes.utf8(value));
    }

    private QueryId get(Quorum quorum) {
        return fixture.start(new QuerySpec.GetRecord(KEY, quorum));
    }

    private QueryId getFromOthers(Quorum quorum) {
        QueryId query = get(quorum);
        fixture.recordLoaded(Optional.empty());
        return query;
    }

    private void answer(int number, String value, PeerInfo... closer) {
        fixture.respond(
                fixture.pendingTo(number),
                new KadResponse.GetValue(
                        Optional.of(value).filter(text -> !text.isEmpty()).map(GetRecordTest::record),
                        List.of(closer)));
    }

    @Test
    void theOwnStoreIsAskedFirst() {
        fixture.connectServers(1);
        get(Quorum.one());

        assertThat(fixture.only(EngineAction.LoadRecord.class).key()).isEqualTo(KEY);
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void oneOwnRecordIsEnoughForAQuorumOfOne() {
        fixture.connectServers(1);
        get(Quorum.one());
        fixture.recordLoaded(Optional.of(record("own")));

        assertThat(fixture.result(GetRecordResult.class)).satisfies(found -> {
            assertThat(found.record()).isEqualTo(record("own"));
            assertThat(found.from()).isEmpty();
            assertThat(found.answers()).isEqualTo(1);
        });
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    @Test
    void anOwnRecordIsFoundWithoutPeers() {
        get(Quorum.majority());
        fixture.recordLoaded(Optional.of(record("own")));

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("own"));
    }

    @Test
    void anOwnRecordAloneDoesNotMakeAnExplicitQuorum() {
        get(Quorum.of(2));
        fixture.recordLoaded(Optional.of(record("own")));

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class).reached())
                .isEmpty();
    }

    @Test
    void anInvalidOrExpiredOwnRecordCountsForNothing() {
        fixture.connectServers(1);
        get(Quorum.one());
        fixture.recordLoaded(Optional.of(Record.of(KEY, Newest.INVALID)));
        answer(1, "value");
        get(Quorum.one());
        fixture.recordLoaded(Optional.of(record("old").withExpires(Optional.of(EngineFixture.EPOCH))));
        answer(1, "value");

        assertThat(fixture.all(EngineAction.CompleteQuery.class))
                .hasSize(2)
                .allSatisfy(complete -> assertThat(((GetRecordResult) complete.result()).record())
                        .isEqualTo(record("value")));
    }

    @Test
    void aBrokenOwnStoreDoesNotKeepFromAskingOthers() {
        fixture.connectServers(1);
        get(Quorum.one());
        fixture.advance(new EngineEvent.StoreFailed(
                fixture.only(EngineAction.LoadRecord.class).operation(), new StoreException.Closed("closed")));
        answer(1, "value");

        assertThat(fixture.result(GetRecordResult.class).from()).contains(Peers.peer(1));
    }

    @Test
    void aQuorumOfOneEndsAtTheFirstValidRecord() {
        fixture.connectServers(1, 2, 3);
        QueryId query = getFromOthers(Quorum.one());
        assertThat(fixture.pending())
                .allSatisfy(request -> assertThat(request.message()).isEqualTo(new KadRequest.GetValue(KEY)));
        answer(1, "value");

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("value"));
        assertThat(fixture.pending()).isEmpty();
        assertThat(fixture.queryEvents(QueryEvent.RecordFound.class))
                .containsExactly(new QueryEvent.RecordFound(query, Optional.of(Peers.peer(1)), record("value")));
    }

    @Test
    void anExplicitQuorumEndsAtExactlyThatMany() {
        fixture.connectServers(1, 2, 3);
        getFromOthers(Quorum.of(2));
        answer(1, "b");
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        answer(2, "a");

        assertThat(fixture.result(GetRecordResult.class)).satisfies(found -> {
            assertThat(found.answers()).isEqualTo(2);
            assertThat(found.record()).isEqualTo(record("b"));
            assertThat(found.from()).contains(Peers.peer(1));
        });
    }

    @Test
    void theValidatorChoosesAmongAllRecordsOfTheClosestPeers() {
        fixture.connectServers(1, 2, 3);
        getFromOthers(Quorum.all());
        answer(1, "a");
        answer(2, "c");
        answer(3, "b");

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("c"));
        assertThat(fixture.result(GetRecordResult.class).answers()).isEqualTo(3);
    }

    @Test
    void aMajorityCountsThePeersFound() {
        fixture.connectServers(1, 2, 3);
        getFromOthers(Quorum.majority());
        answer(1, "a");
        answer(2, "");
        answer(3, "");

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class)).satisfies(failure -> {
            assertThat(failure.required()).isEqualTo(2);
            assertThat(failure.reached()).containsExactly(Peers.peer(1));
        });
    }

    @Test
    void anOwnRecordCountsForOne() {
        fixture.connectServers(1, 2);
        get(Quorum.of(2));
        fixture.recordLoaded(Optional.of(record("a")));
        answer(1, "b");

        assertThat(fixture.result(GetRecordResult.class).answers()).isEqualTo(2);
    }

    @Test
    void invalidRecordsAndRecordsOfOtherKeysAreDropped() {
        fixture.connectServers(1, 2, 3);
        getFromOthers(Quorum.one());
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
        assertThat(fixture.queryEvents(QueryEvent.RecordFound.class)).isEmpty();
    }

    @Test
    void aRecordIsFoundThroughAPeerThatOnlyKnowsOthers() {
        fixture.connectServers(1);
        getFromOthers(Quorum.one());
        answer(1, "", Peers.info(2));
        answer(2, "value");

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
    void whenNobodyAnswersThatIsSaid() {
        fixture.connectServers(1);
        getFromOthers(Quorum.one());
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);

        fixture.failureOf(KadException.NoPeers.class);
    }

    @Test
    void theEmptyKeyIsRefused() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetRecord(RecordKey.of(Bytes.EMPTY), Quorum.one()));

        fixture.failureOf(KadException.InvalidRequest.class);
    }

    @Test
    void finishingReturnsWhatWasFoundSoFar() {
        fixture.connectServers(1, 2);
        QueryId query = getFromOthers(Quorum.of(5));
        answer(1, "value");
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("value"));
    }

    @Test
    void finishingEmptyHandedIsNotFound() {
        fixture.connectServers(1, 2);
        QueryId query = getFromOthers(Quorum.one());
        answer(1, "");
        fixture.advance(new EngineEvent.FinishQuery(query));

        fixture.failureOf(KadException.NotFound.class);
    }

    @Test
    void aRecordThatIsLoadedAfterTheTimeIsUpIsIgnored() {
        fixture.connectServers(1);
        get(Quorum.one());
        fixture.pass(Duration.ofMinutes(1));
        fixture.recordLoaded(Optional.of(record("own")));

        fixture.failureOf(KadException.QueryTimeout.class);
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
    }

    // --- without a validator

    @Test
    void withoutAValidatorTheValueThatMostPeersHoldIsTheBest() {
        EngineFixture plain = new EngineFixture();
        plain.connectServers(1, 2, 3);
        plain.start(new QuerySpec.GetRecord(KEY, Quorum.all()));
        plain.recordLoaded(Optional.empty());
        plain.respond(plain.pendingTo(1), new KadResponse.GetValue(Optional.of(record("z")), List.of()));
        plain.respond(plain.pendingTo(2), new KadResponse.GetValue(Optional.of(record("a")), List.of()));
        plain.respond(plain.pendingTo(3), new KadResponse.GetValue(Optional.of(record("a")), List.of()));

        assertThat(plain.result(GetRecordResult.class).record()).isEqualTo(record("a"));
    }

    // --- correction

    @Test
    void peersThatLackTheBestRecordAreSentItAfterwards() {
        fixture.connectServers(1, 2, 3);
        getFromOthers(Quorum.of(2));
        answer(1, "");
        answer(2, "a");
        answer(3, "b");

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("b"));
        assertThat(fixture.pending())
                .allSatisfy(request -> assertThat(request.message()).isEqualTo(new KadRequest.PutValue(record("b"))))
                .extracting(request -> request.peer().id())
                .containsExactlyInAnyOrder(Peers.peer(1), Peers.peer(2));
        assertThat(fixture.actions().indexOf(fixture.only(EngineAction.CompleteQuery.class)))
                .isLessThan(fixture.actions().indexOf(fixture.pending().get(0)));
    }

    @Test
    void aCorrectionIsReportedToNobody() {
        fixture.connectServers(1, 2);
        getFromOthers(Quorum.one());
        answer(1, "");
        answer(2, "a");
        int reports = fixture.all(EngineAction.EmitQueryEvent.class).size();
        fixture.respond(fixture.pendingTo(1), new KadResponse.PutValue(record("a")));

        assertThat(fixture.all(EngineAction.EmitQueryEvent.class)).hasSize(reports);
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).hasSize(1);
        assertThat(fixture.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void afterAnEarlyEndPeersNearTheKeyAreCorrectedAndTheRecordIsCachedWhereTheSearchCameBy() {
        List<Integer> near = Peers.byDistance(KEY.kadKey(), 60);
        fixture.connectServers(near.get(59), near.get(58));
        getFromOthers(Quorum.one());
        answer(near.get(59), "");
        answer(near.get(58), "", near.stream().limit(30).map(Peers::info).toArray(PeerInfo[]::new));
        answer(near.get(0), "a");

        assertThat(fixture.result(GetRecordResult.class).lacking()).containsExactly(Peers.peer(near.get(58)));
        assertThat(fixture.pending())
                .singleElement()
                .satisfies(cached -> assertThat(cached.message()).isEqualTo(new KadRequest.PutValue(record("a"))));
    }

    @Test
    void withoutCachingOnlyPeersNearTheKeyAreCorrected() {
        List<Integer> near = Peers.byDistance(KEY.kadKey(), 60);
        int far = near.get(59);
        int nearest = near.get(0);
        fixture = new EngineFixture(EngineFixture.config().set(KademliaConfig.CACHE_PEERS, 0));
        fixture.connectServers(far);
        getFromOthers(Quorum.one());
        answer(far, "", near.stream().limit(30).map(Peers::info).toArray(PeerInfo[]::new));
        answer(nearest, "a");

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("a"));
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void aFailedQuorumIsCorrectedToo() {
        fixture.connectServers(1, 2);
        getFromOthers(Quorum.of(2));
        answer(1, "a");
        answer(2, "");

        fixture.failureOf(KadException.QuorumNotReached.class);
        assertThat(fixture.pendingTo(2).message()).isEqualTo(new KadRequest.PutValue(record("a")));
    }
}
