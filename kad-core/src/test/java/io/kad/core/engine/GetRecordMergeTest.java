package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.GetRecordResult;
import io.kad.api.spi.store.StoreException;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Gets whose local record loses: it is replaced before they end. */
class GetRecordMergeTest {

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
                        Optional.of(value).filter(text -> !text.isEmpty()).map(GetRecordMergeTest::record),
                        List.of(closer)));
    }

    /** Otherwise it would be read at quorum one, served and republished, after its user has read the better one. */
    @Test
    void aLocalRecordThatLosesIsReplacedBeforeTheQueryEnds() {
        fixture.connectServers(1, 2);
        get(Quorum.all());
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "b");
        respond(2, "c");

        EngineAction.MergeRecord merge = fixture.only(EngineAction.MergeRecord.class);
        assertThat(merge.record().value()).isEqualTo(Bytes.utf8("c"));
        assertThat(merge.record().expires()).as("no longer than a received one").isPresent();
        assertThat(merge.holder()).isEqualTo(Peers.peer(2));
        assertThat(merge.loser()).as("nothing is removed").isEmpty();
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        fixture.recordMerged();
        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("c"));
        assertThat(fixture.all(EngineAction.MergeRecord.class)).hasSize(1);
    }

    @Test
    void aLocalRecordThatLosesIsReplacedThoughTheQuorumIsNotReached() {
        fixture.connectServers(1, 2, 3, 4);
        get(Quorum.all());
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "b");
        respond(2, "");
        respond(3, "");
        respond(4, "");
        assertThat(fixture.all(EngineAction.FailQuery.class)).isEmpty();
        fixture.recordMerged();

        fixture.failureOf(KadException.QuorumNotReached.class);
        assertThat(fixture.all(EngineAction.MergeRecord.class)).hasSize(1);
    }

    @Test
    void aLocalStoreThatCannotTakeTheBetterRecordDoesNotHideIt() {
        fixture.connectServers(1);
        get(Quorum.of(2));
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "b");
        fixture.advance(new EngineEvent.StoreFailed(
                fixture.only(EngineAction.MergeRecord.class).operationId(), new StoreException.Closed("closed")));

        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("b"));
    }

    @Test
    void aGetThatIsFinishedOrTimesOutReplacesTheLocalRecordToo() {
        fixture.connectServers(1, 2);
        QueryId finished = get(Quorum.of(3));
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "b");
        fixture.advance(new EngineEvent.FinishQuery(finished));
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        fixture.recordMerged();
        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("b"));

        fixture.actions().clear();
        QueryId waiting = get(Quorum.of(3));
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "b", Peers.info(5));
        fixture.advance(new EngineEvent.FinishQuery(waiting));
        fixture.actions().clear();
        fixture.pass(Duration.ofSeconds(30));
        assertThat(fixture.all(EngineAction.SendRequest.class))
                .as("the user has ended the lookup")
                .isEmpty();
        fixture.pass(Duration.ofMinutes(2)); // the local store does not answer
        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("b"));

        fixture.actions().clear();
        get(Quorum.of(3));
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "b");
        fixture.pass(Duration.ofMinutes(2)); // and the quorum is not reached
        assertThat(fixture.all(EngineAction.MergeRecord.class)).hasSize(1);

        fixture.actions().clear();
        get(Quorum.of(2));
        fixture.recordLoaded(Optional.of(record("a")));
        respond(1, "b");
        fixture.pass(Duration.ofMinutes(2)); // the local store does not answer
        assertThat(fixture.all(EngineAction.MergeRecord.class)).hasSize(1);
        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("b"));
    }

    @Test
    void aLocalRecordThatWinsOrIsAbsentIsNotReplaced() {
        fixture.connectServers(1);
        get(Quorum.of(2));
        fixture.recordLoaded(Optional.of(record("b")));
        respond(1, "a");
        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("b"));
        assertThat(fixture.all(EngineAction.MergeRecord.class)).isEmpty();

        fixture = new EngineFixture(EngineFixture.config(), new Newest("app"));
        fixture.connectServers(1);
        getRemotely(Quorum.one());
        respond(1, "c");
        assertThat(fixture.result(GetRecordResult.class).record()).isEqualTo(record("c"));
        assertThat(fixture.all(EngineAction.MergeRecord.class)).isEmpty();
    }
}
