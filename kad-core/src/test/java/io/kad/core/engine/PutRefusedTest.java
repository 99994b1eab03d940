package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.PartialResult;
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

/** Puts that peers refuse, or that end before all peers have answered. */
class PutRefusedTest {

    private static final RecordKey KEY = RecordKey.utf8("key");
    private static final Record RECORD = published("value", EngineFixture.EPOCH);
    private static final Record BETTER = published("better", EngineFixture.EPOCH.plusSeconds(60));

    private final EngineFixture fixture = new EngineFixture();

    private static Record published(String value, Instant time) {
        return Record.of(KEY, Bytes.utf8(value)).withPublished(Optional.of(PublicationTime.stated(time)));
    }

    /** Runs a put that one peer refuses until the better record is about to be written to the local store. */
    private QueryId refused() {
        fixture.connectServers(1);
        QueryId query = fixture.start(new QuerySpec.PutRecord(RECORD, Quorum.one()));
        EngineAction.SaveRecord save = fixture.only(EngineAction.SaveRecord.class);
        fixture.advance(new EngineEvent.RecordSaved(save.operationId(), save.record()));
        fixture.respondToFindNodes();
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.RESET));
        fixture.respond(fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(BETTER), List.of()));
        assertThat(fixture.all(EngineAction.FailQuery.class)).isEmpty();
        return query;
    }

    /** Runs a put with quorum one at the peers 1 to {@code peers}: those of {@code refusing} refuse it, the others store it. */
    private QueryId refusedBy(int peers, Integer... refusing) {
        fixture.connectServers(IntStream.rangeClosed(1, peers).toArray());
        QueryId query = fixture.start(new QuerySpec.PutRecord(RECORD, Quorum.one()));
        EngineAction.SaveRecord save = fixture.only(EngineAction.SaveRecord.class);
        fixture.advance(new EngineEvent.RecordSaved(save.operationId(), save.record()));
        fixture.respondToFindNodes();
        refuseOrStore(peers, List.of(refusing));
        return query;
    }

    private void refuseOrStore(int peers, List<Integer> refusing) {
        for (int number = 1; number <= peers; number++) {
            EngineAction.SendRequest request = fixture.pendingTo(number);
            if (refusing.contains(number)) {
                fixture.fail(request, EngineFixture.failure(TransportFailure.Kind.RESET));
            } else {
                fixture.respond(request, new KadResponse.PutValue(((KadRequest.PutValue) request.message()).record()));
            }
        }
    }

    @Test
    void aPutWithItsQuorumReturnsWhoRefusedItAndTheRecordThatWon() {
        refusedBy(3, 1, 2);
        assertThat(fixture.pending())
                .singleElement()
                .satisfies(read -> assertThat(read.message()).isEqualTo(new KadRequest.GetValue(KEY)));
        fixture.respond(fixture.pending().get(0), new KadResponse.GetValue(Optional.of(BETTER), List.of()));
        EngineAction.MergeRecord merge = fixture.only(EngineAction.MergeRecord.class);
        assertThat(merge.record().value()).isEqualTo(BETTER.value());
        fixture.advance(new EngineEvent.RecordMerged(merge.operationId(), Optional.of(merge.record())));

        PutResult result = fixture.result(PutResult.class);
        assertThat(result.storedBy()).containsExactly(Peers.peer(3));
        assertThat(result.refusedBy()).containsExactlyInAnyOrder(Peers.peer(1), Peers.peer(2));
        assertThat(result.better()).contains(BETTER);
    }

    @Test
    void aPutWithItsQuorumSucceedsAlsoIfNobodySaysWhyItWasRefused() {
        refusedBy(2, 1);
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.RESET));

        PutResult result = fixture.result(PutResult.class);
        assertThat(result.storedBy()).containsExactly(Peers.peer(2));
        assertThat(result.refusedBy()).containsExactly(Peers.peer(1));
        assertThat(result.better()).isEmpty();
        assertThat(fixture.all(EngineAction.MergeRecord.class)).isEmpty();
    }

    @Test
    void aPutWithItsQuorumThatIsFinishedEarlySucceedsWithTheRecordThatWon() {
        QueryId query = refusedBy(2, 1);
        fixture.respond(fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(BETTER), List.of()));
        fixture.only(EngineAction.MergeRecord.class);
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.result(PutResult.class).better()).contains(BETTER);
    }

    @Test
    void aPutToGivenPeersReturnsWhoRefusedIt() {
        fixture.connectServers(1, 2);
        fixture.start(new QuerySpec.PutRecordTo(RECORD, List.of(Peers.info(1), Peers.info(2)), Quorum.one()));
        refuseOrStore(2, List.of(1));
        fixture.respond(fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(BETTER), List.of()));

        PutResult result = fixture.result(PutResult.class);
        assertThat(result.refusedBy()).containsExactly(Peers.peer(1));
        assertThat(result.better()).contains(BETTER);
    }

    @Test
    void aPutThatLosesAsTheLocalClockIsLateSaysSo() {
        refusedBy(1, 1);
        Record ahead = published("ahead", EngineFixture.EPOCH.plus(Duration.ofHours(2)));
        fixture.respond(fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(ahead), List.of()));
        EngineAction.MergeRecord merge = fixture.only(EngineAction.MergeRecord.class);
        assertThat(merge.loser()).as("a put that fails leaves nothing").isPresent();
        fixture.advance(new EngineEvent.RecordMerged(merge.operationId(), Optional.empty()));

        assertThat(fixture.failureOf(KadException.Superseded.class))
                .hasMessage("superseded: peer " + Peers.peer(1) + " has a better record under this key, whose time of"
                        + " publication is 120 min ahead of the local clock: set the clock, if it is late");
    }

    private void assertSuperseded(PartialResult.LocalCopy copy) {
        KadException.Superseded failure = fixture.failureOf(KadException.Superseded.class);
        assertThat(failure.better()).contains(BETTER);
        assertThat(failure.holder()).contains(Peers.peer(1));
        assertThat(failure.partial().localCopy()).isEqualTo(copy);
    }

    @Test
    void nothingOfASupersededRecordIsLeftLocally() {
        refused();
        EngineAction.MergeRecord merge = fixture.only(EngineAction.MergeRecord.class);
        fixture.advance(new EngineEvent.RecordMerged(merge.operationId(), Optional.of(merge.record())));

        assertSuperseded(PartialResult.LocalCopy.NONE);
        assertThat(fixture.only(EngineAction.FailQuery.class).failure())
                .hasMessageEndingWith("has a better record under this key");
    }

    @Test
    void theLocalStoreSaysWhetherACopyIsLeft() {
        refused();
        EngineAction.MergeRecord merge = fixture.only(EngineAction.MergeRecord.class);
        Record kept = fixture.only(EngineAction.SaveRecord.class).record();
        assertThat(merge.loser()).contains(kept);
        fixture.advance(new EngineEvent.RecordMerged(merge.operationId(), Optional.of(kept)));

        assertSuperseded(PartialResult.LocalCopy.KEPT);
    }

    /** A time that is too far ahead loses by the clock of this peer: it ends a put that failed, and none that reached its quorum. */
    @Test
    void aPutWithItsQuorumIsNotRemovedForARecordThatIsTooFarAhead() {
        refusedBy(2, 1);
        Record ahead = published("ahead", EngineFixture.EPOCH.plus(Duration.ofHours(2)));
        fixture.respond(fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(ahead), List.of()));
        EngineAction.MergeRecord merge = fixture.only(EngineAction.MergeRecord.class);
        assertThat(merge.loser()).isEmpty();
        fixture.advance(new EngineEvent.RecordMerged(
                merge.operationId(),
                Optional.of(fixture.only(EngineAction.SaveRecord.class).record())));

        assertThat(fixture.result(PutResult.class).better()).contains(ahead);
    }

    @Test
    void aLocalStoreThatCannotTakeTheBetterRecordDoesNotHideIt() {
        refused();
        fixture.advance(new EngineEvent.StoreFailed(
                fixture.only(EngineAction.MergeRecord.class).operationId(), new StoreException.Closed("closed")));

        assertSuperseded(PartialResult.LocalCopy.KEPT);
        assertThat(fixture.only(EngineAction.FailQuery.class).failure())
                .hasMessageEndingWith(
                        "has a better record under this key; the local copy stays, and is not republished");
    }

    /** Nothing is known yet of the local copy, but that it was stored. */
    @Test
    void aUserWhoFinishesThePutLearnsOfTheBetterRecord() {
        fixture.advance(new EngineEvent.FinishQuery(refused()));

        assertSuperseded(PartialResult.LocalCopy.KEPT);
    }

    @Test
    void aPutWhoseTimePassesLearnsOfTheBetterRecord() {
        refused();
        fixture.pass(Duration.ofMinutes(10));

        assertSuperseded(PartialResult.LocalCopy.KEPT);
    }

    @Test
    void aPeerWhoseLookupRequestWasGivenUpIsNotReported() {
        fixture.connectServers(1, 2);
        QueryId query = fixture.start(new QuerySpec.PutRecord(RECORD, Quorum.one()));
        EngineAction.SaveRecord save = fixture.only(EngineAction.SaveRecord.class);
        fixture.advance(new EngineEvent.RecordSaved(save.operationId(), save.record()));
        EngineAction.SendRequest slow = fixture.pendingTo(1);
        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of()));
        fixture.advance(new EngineEvent.FinishQuery(query));
        fixture.respond(slow, new KadResponse.FindNode(List.of()));
        echo(2);

        assertThat(fixture.queryEvents(QueryEvent.ResponseReceived.class))
                .extracting(QueryEvent.ResponseReceived::peer)
                .containsOnly(Peers.peer(2));
        assertThat(fixture.result(PutResult.class).stats().successes()).isEqualTo(2);
    }

    // --- at given peers

    private QueryId putTo(Quorum quorum) {
        return fixture.start(new QuerySpec.PutRecordTo(RECORD, List.of(Peers.info(1), Peers.info(2)), quorum));
    }

    private void echo(int number) {
        EngineAction.SendRequest request = fixture.pendingTo(number);
        fixture.respond(request, new KadResponse.PutValue(((KadRequest.PutValue) request.message()).record()));
    }

    private List<PeerId> storedBy() {
        return fixture.result(PutResult.class).storedBy();
    }

    @Test
    void finishingAPutToGivenPeersReturnsThoseThatStoredIt() {
        QueryId query = putTo(Quorum.one());
        echo(1);
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(storedBy()).containsExactly(Peers.peer(1));
    }

    @Test
    void aTimeoutOfAPutToGivenPeersThatReachedItsQuorumIsASuccess() {
        putTo(Quorum.one());
        echo(1);
        fixture.pass(Duration.ofMinutes(1));

        assertThat(storedBy()).containsExactly(Peers.peer(1));
    }

    @Test
    void aTimeoutOfAPutToGivenPeersTellsWhoStoredIt() {
        putTo(Quorum.all());
        echo(1);
        fixture.pass(Duration.ofMinutes(1));

        assertThat(fixture.failureOf(KadException.QueryTimeout.class).responded())
                .containsExactly(Peers.peer(1));
    }

    @Test
    void theLocalPeerIsToBlameOnlyIfItsLoadKeptEveryRequestBack() {
        putTo(Quorum.all());
        echo(1);
        fixture.fail(fixture.pendingTo(2), EngineFixture.failure(TransportFailure.Kind.OVERLOADED));
        assertThat(fixture.failureOf(KadException.QuorumNotReached.class).successes())
                .containsExactly(Peers.peer(1));

        fixture.actions().clear();
        putTo(Quorum.all());
        for (int number : new int[] {1, 2}) {
            fixture.fail(fixture.pendingTo(number), EngineFixture.failure(TransportFailure.Kind.OVERLOADED));
        }
        fixture.failureOf(KadException.Overloaded.class);
    }
}
