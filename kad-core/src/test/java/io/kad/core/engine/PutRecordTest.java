package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PutRecordTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/key");
    private static final Record RECORD = Record.of(KEY, Bytes.utf8("value"));

    private final EngineFixture fixture = new EngineFixture(EngineFixture.config(), new Newest("app"));

    private QueryId put(Record record, Quorum quorum) {
        return fixture.start(new QuerySpec.PutRecord(record, quorum));
    }

    /** Puts a record up to the point where it is sent to the closest peers. */
    private QueryId putAtClosest(Quorum quorum) {
        QueryId query = put(RECORD, quorum);
        saved();
        fixture.respondToFindNodes();
        return query;
    }

    private void saved() {
        EngineAction.SaveRecord save = fixture.only(EngineAction.SaveRecord.class);
        fixture.advance(new EngineEvent.RecordSaved(save.operationId(), save.record()));
    }

    private void echo(int number) {
        EngineAction.SendRequest request = fixture.pendingTo(number);
        fixture.respond(request, new KadResponse.PutValue(((KadRequest.PutValue) request.message()).record()));
    }

    @Test
    void theRecordIsStoredLocallyBeforeAnyRequest() {
        fixture.connectServers(1);
        put(RECORD, Quorum.one());

        Record saved = fixture.only(EngineAction.SaveRecord.class).record();
        assertThat(saved.publisher()).contains(EngineFixture.SELF);
        assertThat(saved.expires())
                .as("it is published again as long as it is there")
                .isEmpty();
        assertThat(fixture.pending()).isEmpty();

        saved();
        assertThat(fixture.pending()).hasSize(1);
    }

    @Test
    void anExpiryOfTheUserIsKept() {
        Instant expires = EngineFixture.EPOCH.plusSeconds(5);
        put(RECORD.withExpires(Optional.of(expires)), Quorum.one());

        assertThat(fixture.only(EngineAction.SaveRecord.class).record().expires())
                .contains(expires);
    }

    @Test
    void withoutATimeToLiveARecordNeverExpires() {
        EngineFixture endless =
                new EngineFixture(EngineFixture.config().set(KademliaConfig.RECORD_TTL, Optional.empty()));
        endless.connectServers(1);
        endless.start(new QuerySpec.PutRecord(RECORD, Quorum.one()));
        EngineAction.SaveRecord save = endless.only(EngineAction.SaveRecord.class);
        endless.advance(new EngineEvent.RecordSaved(save.operationId(), save.record()));
        endless.respondToFindNodes();

        assertThat(((KadRequest.PutValue) endless.pendingTo(1).message())
                        .record()
                        .expires())
                .isEmpty();
    }

    @Test
    void aRecordWorseThanTheLocalOneIsRejectedBeforeAnyRequest() {
        fixture.connectServers(1);
        put(RECORD, Quorum.one());
        Record better = Record.of(RECORD.key(), Bytes.utf8("better"));
        fixture.advance(new EngineEvent.RecordSaved(
                fixture.only(EngineAction.SaveRecord.class).operationId(), better));

        KadException.Superseded failure = fixture.failureOf(KadException.Superseded.class);
        assertThat(failure).hasMessageContaining("the local store has a better record");
        assertThat(failure.better()).contains(better);
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    private static Record later(String value) {
        return Record.of(RECORD.key(), Bytes.utf8(value))
                .withPublished(Optional.of(PublicationTime.stated(EngineFixture.EPOCH.plusSeconds(60))));
    }

    private void savedAndRefusedBy(Quorum quorum, int... refusing) {
        put(RECORD, quorum);
        EngineAction.SaveRecord save = fixture.only(EngineAction.SaveRecord.class);
        fixture.advance(new EngineEvent.RecordSaved(
                save.operationId(),
                save.record().withPublished(Optional.of(PublicationTime.stated(EngineFixture.EPOCH)))));
        fixture.respondToFindNodes();
        for (int number : refusing) {
            fixture.fail(fixture.pendingTo(number), EngineFixture.failure(TransportFailure.Kind.RESET));
        }
    }

    @Test
    void aRefusedPutReadsTheRecordThatWonAndReplacesTheLocalCopyBeforeItFails() {
        fixture.connectServers(1, 2);
        savedAndRefusedBy(Quorum.all(), 1);
        echo(2);
        assertThat(fixture.pendingTo(1).message()).isEqualTo(new KadRequest.GetValue(RECORD.key()));
        Record won = later("won");
        fixture.respond(fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(won), List.of()));
        EngineAction.MergeRecord merge = fixture.only(EngineAction.MergeRecord.class);
        assertThat(merge.record().value()).isEqualTo(won.value());
        assertThat(merge.record().expires()).as("no longer than a received one").isPresent();
        assertThat(fixture.all(EngineAction.FailQuery.class)).isEmpty();
        fixture.advance(new EngineEvent.RecordMerged(merge.operationId(), Optional.of(merge.record())));

        KadException.Superseded failure = fixture.failureOf(KadException.Superseded.class);
        assertThat(failure.better()).contains(won);
        assertThat(failure.holder()).contains(Peers.peer(1));
        assertThat(failure.storedBy()).containsExactly(Peers.peer(2));
    }

    @Test
    void peersThatRefusedForAnotherReasonAreReadOneAfterTheOtherAndTheQuorumIsNotReached() {
        fixture.connectServers(1, 2, 3, 4, 5);
        savedAndRefusedBy(Quorum.all(), 1, 2, 3, 4, 5);
        int reads = 0;
        while (!fixture.pending().isEmpty()) {
            assertThat(fixture.pending()).hasSize(1);
            fixture.respond(
                    fixture.pending().get(0),
                    new KadResponse.GetValue(reads++ == 0 ? Optional.of(RECORD) : Optional.empty(), List.of()));
        }

        assertThat(reads).isEqualTo(3);
        fixture.failureOf(KadException.QuorumNotReached.class);
    }

    @Test
    void aPutToGivenPeersThatIsRefusedTellsTheRecordThatWon() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.PutRecordTo(RECORD, List.of(Peers.info(1)), Quorum.one()));
        Record sent = ((KadRequest.PutValue) fixture.pendingTo(1).message()).record();
        assertThat(sent.published()).contains(PublicationTime.stated(EngineFixture.EPOCH));
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.RESET));
        fixture.respond(fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(later("won")), List.of()));

        assertThat(fixture.failureOf(KadException.Superseded.class).better()).contains(later("won"));
        assertThat(fixture.all(EngineAction.MergeRecord.class)).isEmpty();
    }

    @Test
    void allClosestPeersAreSentTheRecordConcurrentlyAndTheQueryWaitsForAll() {
        fixture.connectServers(1, 2, 3, 4, 5);
        putAtClosest(Quorum.one());

        assertThat(fixture.pending())
                .hasSize(5)
                .allSatisfy(request -> assertThat(request.message())
                        .isEqualTo(new KadRequest.PutValue(fixture.only(EngineAction.SaveRecord.class)
                                .record()
                                .withExpires(Optional.of(EngineFixture.EPOCH.plus(Duration.ofDays(2)))))));
        List.of(1, 2, 3, 4).forEach(this::echo);
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        echo(5);

        PutResult result = fixture.result(PutResult.class);
        assertThat(result.storedBy()).containsExactlyElementsOf(closestFirst(5));
        assertThat(result.quorum()).isEqualTo(1);
        assertThat(result.stats().requests()).isEqualTo(10);
        assertThat(fixture.queryEvents(QueryEvent.RequestSent.class))
                .extracting(QueryEvent.RequestSent::hop)
                .containsOnly(1);
        assertThat(fixture.queryEvents(QueryEvent.RecordStored.class)).hasSize(5);
    }

    private static List<PeerId> closestFirst(int count) {
        return Peers.byDistance(KEY.kadKey(), count).stream().map(Peers::peer).toList();
    }

    @Test
    void reachingTheQuorumIsEmittedOnceAsProgress() {
        fixture.connectServers(1, 2, 3);
        QueryId query = putAtClosest(Quorum.majority());
        echo(1);
        assertThat(fixture.queryEvents(QueryEvent.QuorumReached.class)).isEmpty();
        echo(2);
        assertThat(fixture.queryEvents(QueryEvent.QuorumReached.class))
                .containsExactly(new QueryEvent.QuorumReached(query, 2));
        echo(3);

        assertThat(fixture.queryEvents(QueryEvent.QuorumReached.class)).hasSize(1);
        assertThat(fixture.result(PutResult.class).quorum()).isEqualTo(2);
    }

    @Test
    void aQuorumOfAllCountsThePeersFound() {
        fixture.connectServers(1, 2);
        putAtClosest(Quorum.all());
        echo(1);
        fixture.fail(fixture.pendingTo(2), EngineFixture.TIMED_OUT);

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class)).satisfies(failure -> {
            assertThat(failure.required()).isEqualTo(2);
            assertThat(failure.successes()).containsExactly(Peers.peer(1));
            assertThat(failure).hasMessageStartingWith("quorum not reached: stored at 1 of 2 peers, required 2");
        });
    }

    @Test
    void anExplicitQuorumIsNeverLowered() {
        fixture.connectServers(1, 2);
        putAtClosest(Quorum.of(3));
        echo(1);
        echo(2);

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class)).satisfies(failure -> {
            assertThat(failure.required()).isEqualTo(3);
            assertThat(failure.successes()).containsExactlyInAnyOrder(Peers.peer(1), Peers.peer(2));
        });
    }

    @Test
    void aRecordStoredNowhereIsAFailureWhateverTheQuorum() {
        fixture.connectServers(1);
        putAtClosest(Quorum.all());
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.RESET));
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.RESET));

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class).successes())
                .isEmpty();
    }

    @Test
    void aRecordWithoutAPeerThatRespondsIsAFailure() {
        fixture.connectServers(1);
        put(RECORD, Quorum.all());
        saved();
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class))
                .hasMessageStartingWith("no peer responded")
                .hasMessageEndingWith("; the local copy stays, and is not republished");
    }

    @Test
    void anEchoOfAnotherRecordDoesNotCount() {
        fixture.connectServers(1);
        putAtClosest(Quorum.one());
        fixture.respond(fixture.pendingTo(1), new KadResponse.PutValue(Record.of(KEY, Bytes.utf8("other"))));

        fixture.failureOf(KadException.QuorumNotReached.class);
        assertThat(fixture.queryEvents(QueryEvent.RequestFailed.class)).hasSize(1);
    }

    @Test
    void withoutPeersTheRecordIsStoredLocallyAndTheQueryFails() {
        put(RECORD, Quorum.one());
        saved();

        fixture.failureOf(KadException.NoPeers.class);
    }

    @Test
    void aFailedLocalStoreEndsTheQueryBeforeAnyRequest() {
        fixture.connectServers(1);
        put(RECORD, Quorum.one());
        StoreException full = new StoreException.Full("1024 records");
        fixture.advance(new EngineEvent.StoreFailed(
                fixture.only(EngineAction.SaveRecord.class).operationId(), full));

        assertThat(fixture.failureOf(KadException.StoreFailed.class)).hasCause(full);
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    @Test
    void anInvalidRecordIsRejectedFirst() {
        fixture.connectServers(1);
        put(Record.of(KEY, Newest.INVALID), Quorum.one());
        put(Record.of(RecordKey.of(Bytes.EMPTY), Bytes.utf8("x")), Quorum.one());
        put(RECORD.withExpires(Optional.of(EngineFixture.EPOCH)), Quorum.one());

        assertThat(fixture.all(EngineAction.FailQuery.class))
                .hasSize(3)
                .allMatch(fail -> fail.failure() instanceof KadException.InvalidRecord);
        assertThat(fixture.all(EngineAction.SaveRecord.class)).isEmpty();
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    @Test
    void aRecordThatExceedsTheMessageLimitIsRejectedFirst() {
        int limit = KademliaConfig.MAX_SENT_MESSAGE_BYTES.defaultValue();
        int room = limit - 2 * KEY.bytes().size();
        put(Record.of(KEY, Bytes.of(new byte[room])), Quorum.one());
        assertThat(fixture.all(EngineAction.FailQuery.class)).isEmpty();

        put(Record.of(KEY, Bytes.of(new byte[room + 1])), Quorum.one());
        assertThat(fixture.failureOf(KadException.InvalidRecord.class))
                .hasMessageContaining(KademliaConfig.MAX_SENT_MESSAGE_BYTES.name());
    }

    @Test
    void aRecordThatTheTransportFindsTooLargeIsInvalid() {
        fixture.connectServers(1, 2);
        putAtClosest(Quorum.one());
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.TOO_LARGE));
        fixture.fail(fixture.pendingTo(2), EngineFixture.failure(TransportFailure.Kind.TOO_LARGE));

        fixture.failureOf(KadException.InvalidRecord.class);
    }

    /** Puts a record with k 2 among five peers, of which the closest is silent; returns them, closest first. */
    private List<Integer> putWithASilentPeer(EngineFixture small, Quorum quorum) {
        List<Integer> peers = IntStream.rangeClosed(1, 5)
                .boxed()
                .sorted((left, right) -> KEY.kadKey()
                        .compareDistance(
                                Peers.peer(left).kadKey(), Peers.peer(right).kadKey()))
                .toList();
        small.connectServers(1, 2, 3, 4, 5);
        small.measureRoundTrips();
        small.start(new QuerySpec.PutRecord(RECORD, quorum));
        small.advance(new EngineEvent.ProviderSaved(
                small.only(EngineAction.SaveRecord.class).operationId()));
        small.pass(Duration.ofMillis(100));
        respondToOthers(small, peers.get(0));
        assertThat(puts(small)).as("half of the closest are late").isEmpty();
        small.pass(Duration.ofMillis(100));
        respondToOthers(small, peers.get(0));
        return peers;
    }

    private static void respondToOthers(EngineFixture small, int silent) {
        for (List<EngineAction.SendRequest> next = findNodes(small, silent);
                !next.isEmpty();
                next = findNodes(small, silent)) {
            next.forEach(request -> small.respond(request, new KadResponse.FindNode(List.of())));
        }
    }

    private static List<EngineAction.SendRequest> findNodes(EngineFixture small, int silent) {
        return small.pending().stream()
                .filter(request -> request.message() instanceof KadRequest.FindNode
                        && !request.peer().id().equals(Peers.peer(silent)))
                .toList();
    }

    private static List<EngineAction.SendRequest> puts(EngineFixture small) {
        return small.pending().stream()
                .filter(request -> request.message() instanceof KadRequest.PutValue)
                .toList();
    }

    private static void echoAll(EngineFixture small) {
        puts(small)
                .forEach(request -> small.respond(
                        request, new KadResponse.PutValue(((KadRequest.PutValue) request.message()).record())));
    }

    private static EngineFixture withTwoClosest() {
        return new EngineFixture(EngineFixture.config().set(KademliaConfig.K, 2), new Newest("app"));
    }

    @Test
    void aPutStoresOnceItsLookupHasConvergedAndAtALatePeerWhenItResponds() {
        EngineFixture small = withTwoClosest();
        List<Integer> peers = putWithASilentPeer(small, Quorum.of(2));
        assertThat(puts(small))
                .extracting(request -> request.peer().id())
                .containsExactly(Peers.peer(peers.get(1)), Peers.peer(peers.get(2)));
        echoAll(small);
        assertThat(small.all(EngineAction.CompleteQuery.class))
                .as("the silent peer may still be the closest")
                .isEmpty();
        assertThat(small.queryEvents(QueryEvent.QuorumReached.class)).isEmpty();

        small.respond(small.pendingTo(peers.get(0)), new KadResponse.FindNode(List.of()));
        assertThat(puts(small))
                .singleElement()
                .satisfies(request -> assertThat(request.peer().id()).isEqualTo(Peers.peer(peers.get(0))));
        echoAll(small);

        PutResult result = small.result(PutResult.class);
        assertThat(result.storedBy()).containsExactly(Peers.peer(peers.get(0)), Peers.peer(peers.get(1)));
        assertThat(result.alsoStoredBy()).containsExactly(Peers.peer(peers.get(2)));
        assertThat(small.queryEvents(QueryEvent.QuorumReached.class)).hasSize(1);
    }

    @Test
    void onlyTheClosestOfTheFinishedLookupCountTowardsTheQuorum() {
        EngineFixture small = withTwoClosest();
        List<Integer> peers = putWithASilentPeer(small, Quorum.of(2));
        echoAll(small);
        small.respond(small.pendingTo(peers.get(0)), new KadResponse.FindNode(List.of()));
        small.fail(puts(small).get(0), EngineFixture.TIMED_OUT);

        assertThat(small.failureOf(KadException.QuorumNotReached.class)).satisfies(failure -> {
            assertThat(failure.successes()).containsExactly(Peers.peer(peers.get(1)));
            assertThat(failure).hasMessage("quorum not reached: stored at 1 of 2 peers, required 2");
        });
    }

    @Test
    void aPutWhoseLatePeerStaysSilentEndsAtTheMaxWait() {
        EngineFixture small = withTwoClosest();
        List<Integer> peers = putWithASilentPeer(small, Quorum.of(2));
        echoAll(small);
        small.pass(Duration.ofMillis(300));

        assertThat(small.result(PutResult.class).storedBy())
                .containsExactly(Peers.peer(peers.get(1)), Peers.peer(peers.get(2)));
        assertThat(small.result(PutResult.class).alsoStoredBy()).isEmpty();
        assertThat(small.queryEvents(QueryEvent.QuorumReached.class)).hasSize(1);
    }

    @Test
    void aPeerThatRespondsAfterTheLookupHasFinishedIsNotStoredAt() {
        EngineFixture small = withTwoClosest();
        int silent = putWithASilentPeer(small, Quorum.of(2)).get(0);
        small.pass(Duration.ofMillis(300));
        small.respond(small.pendingTo(silent), new KadResponse.FindNode(List.of()));

        assertThat(small.queryEvents(QueryEvent.ResponseReceived.class))
                .extracting(QueryEvent.ResponseReceived::peer)
                .doesNotContain(Peers.peer(silent));
        assertThat(puts(small)).hasSize(2);
    }

    @Test
    void finishingTheLookupStoresAtThePeersFoundSoFar() {
        fixture.connectServers(1, 2);
        QueryId query = put(RECORD, Quorum.one());
        saved();
        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of()));
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.pending())
                .filteredOn(request -> request.message() instanceof KadRequest.PutValue)
                .singleElement()
                .satisfies(request -> assertThat(request.peer().id()).isEqualTo(Peers.peer(2)));
        echo(2);
        assertThat(fixture.result(PutResult.class).storedBy()).containsExactly(Peers.peer(2));
    }

    @Test
    void finishingTheStorePhaseReturnsThePeersThatStoredIt() {
        fixture.connectServers(1, 2);
        QueryId query = putAtClosest(Quorum.one());
        echo(1);
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.result(PutResult.class).storedBy()).containsExactly(Peers.peer(1));
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void finishingBeforeTheLocalStoreHasWrittenStoresNowhereElse() {
        fixture.connectServers(1);
        QueryId query = put(RECORD, Quorum.one());
        fixture.advance(new EngineEvent.FinishQuery(query));
        saved();

        fixture.failureOf(KadException.QuorumNotReached.class);
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    @Test
    void aTimeoutWithoutQuorumReturnsThePeersThatStoredIt() {
        fixture.connectServers(1, 2);
        putAtClosest(Quorum.all());
        echo(1);
        fixture.pass(Duration.ofMinutes(1));

        assertThat(fixture.failureOf(KadException.QueryTimeout.class).responded())
                .containsExactly(Peers.peer(1));
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void aTimeoutWithQuorumIsASuccess() {
        fixture.connectServers(1, 2);
        putAtClosest(Quorum.one());
        echo(1);
        fixture.pass(Duration.ofMinutes(1));

        assertThat(fixture.result(PutResult.class).storedBy()).containsExactly(Peers.peer(1));
    }

    // --- at given peers

    @Test
    void aRecordIsStoredAtExactlyTheGivenPeersAndNotLocally() {
        fixture.connectServers(5);
        fixture.start(
                new QuerySpec.PutRecordTo(RECORD, List.of(Peers.info(1), Peers.info(2), Peers.info(1)), Quorum.all()));

        assertThat(fixture.pending())
                .extracting(EngineAction.SendRequest::peer)
                .containsExactly(Peers.info(1), Peers.info(2));
        assertThat(fixture.pending())
                .extracting(EngineAction.SendRequest::message)
                .containsOnly(new KadRequest.PutValue(
                        RECORD.withPublished(Optional.of(PublicationTime.stated(EngineFixture.EPOCH)))));
        echo(1);
        echo(2);
        assertThat(fixture.result(PutResult.class).quorum()).isEqualTo(2);
        assertThat(fixture.all(EngineAction.SaveRecord.class)).isEmpty();
    }

    @Test
    void atMostKOfTheGivenPeersAreQueriedConcurrently() {
        List<PeerInfo> many = IntStream.rangeClosed(1, 25).mapToObj(Peers::info).toList();
        fixture.start(new QuerySpec.PutRecordTo(RECORD, many, Quorum.one()));
        assertThat(fixture.pending()).hasSize(20);
        echo(7);

        assertThat(fixture.pending()).hasSize(20);
        assertThat(fixture.queriedPeers()).hasSize(21);
    }

    @Test
    void aRecordForNoPeerOrForTheLocalPeerIsRejected() {
        fixture.start(new QuerySpec.PutRecordTo(RECORD, List.of(), Quorum.one()));
        fixture.start(new QuerySpec.PutRecordTo(RECORD, List.of(Peers.info(1), Peers.info(0)), Quorum.one()));

        assertThat(fixture.all(EngineAction.FailQuery.class))
                .hasSize(2)
                .allMatch(fail -> fail.failure() instanceof KadException.InvalidRequest);
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    @Test
    void anInvalidRecordIsNotPutToGivenPeersEither() {
        fixture.start(new QuerySpec.PutRecordTo(Record.of(KEY, Newest.INVALID), List.of(Peers.info(1)), Quorum.one()));

        fixture.failureOf(KadException.InvalidRecord.class);
    }
}
