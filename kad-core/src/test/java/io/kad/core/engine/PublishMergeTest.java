package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publications that lose, and what they leave in the local store. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an engine that spins hears no interrupt
class PublishMergeTest {

    private static final RecordKey KEY = RecordKey.utf8("key");
    private static final Instant NOW = EngineFixture.EPOCH;

    private EngineFixture fixture = new EngineFixture();

    private static Record published(String value, int publisher, Instant time) {
        return Record.of(KEY, Bytes.utf8(value))
                .withPublisher(Peers.peer(publisher))
                .withPublished(Optional.of(PublicationTime.stated(time)));
    }

    private QueryId republish(Record record) {
        return fixture.start(new QuerySpec.Republish(record));
    }

    private void respond(int number, Record record) {
        fixture.respond(fixture.pendingTo(number), new KadResponse.GetValue(Optional.of(record), List.of()));
    }

    @Test
    void theDeadlinesOfALookupPassWhileItsQueryWaitsForTheLocalStore() {
        fixture.measureRoundTrips();
        fixture.connectServers(1, 2, 3, 4);
        Record own = published("own", 0, NOW);
        republish(own);
        for (int number = 1; number <= 3; number++) {
            respond(number, published("better", 9, NOW.plusSeconds(60)));
        }
        fixture.pass(Duration.ofSeconds(1)); // the fourth peer is late
        assertThat(fixture.all(EngineAction.MergeRecord.class)).hasSize(1);

        fixture.pass(Duration.ofMinutes(2)); // the local store does not answer

        assertThat(fixture.all(EngineAction.FailQuery.class)).hasSize(1);
    }

    @Test
    void aRecordThatSaysItIsOfTheLocalPeerRemovesNothingThatIsRepublished() {
        fixture.connectServers(1);
        republish(published("own", 0, NOW));
        respond(1, published("forged", 0, NOW.plusSeconds(60)));

        assertThat(fixture.only(EngineAction.MergeRecord.class).loser()).isEmpty();
    }

    @Test
    void aRecordWhoseTimeIsFarAheadRemovesNoPutThatOthersHaveStored() {
        fixture.connectServers(1, 2);
        fixture.start(new QuerySpec.PutRecord(Record.of(KEY, Bytes.utf8("own")), Quorum.all()));
        fixture.advance(new EngineEvent.RecordSaved(
                fixture.only(EngineAction.SaveRecord.class).operationId(), published("own", 0, NOW)));
        fixture.respondToFindNodes();
        store(1);
        refuse(2);
        respond(2, published("ahead", 9, NOW.plus(Duration.ofDays(365))));

        assertThat(fixture.only(EngineAction.MergeRecord.class).loser()).isEmpty();
    }

    /** The one that has stored it is not among the closest peers in the end, as the late one knows closer ones. */
    @Test
    void norOneThatAPeerHasStoredWhichDoesNotCount() {
        fixture = new EngineFixture(EngineFixture.config().set(KademliaConfig.K, 4));
        List<Integer> byDistance = Peers.byDistance(KEY.kadKey(), 30);
        int late = byDistance.get(3);
        List<Integer> farther = byDistance.subList(10, 13);
        fixture.connectServers(late, farther.get(0), farther.get(1), farther.get(2));
        fixture.start(new QuerySpec.PutRecord(Record.of(KEY, Bytes.utf8("own")), Quorum.one()));
        fixture.advance(new EngineEvent.RecordSaved(
                fixture.only(EngineAction.SaveRecord.class).operationId(), published("own", 0, NOW)));
        farther.forEach(peer -> fixture.respond(fixture.pendingTo(peer), new KadResponse.FindNode(List.of())));
        fixture.pass(Duration.ofMillis(800)); // it is late
        store(farther.get(0));
        refuse(farther.get(1));
        refuse(farther.get(2));
        fixture.respond(
                fixture.pendingTo(late),
                new KadResponse.FindNode(
                        byDistance.subList(0, 3).stream().map(Peers::info).toList()));
        fixture.respondToFindNodes();
        byDistance.subList(0, 4).forEach(this::refuse);
        respond(byDistance.get(0), published("ahead", 9, NOW.plus(Duration.ofDays(365))));

        assertThat(fixture.only(EngineAction.MergeRecord.class).loser()).isEmpty();
    }

    private void store(int number) {
        EngineAction.SendRequest put = fixture.pendingTo(number);
        fixture.respond(put, new KadResponse.PutValue(((KadRequest.PutValue) put.message()).record()));
    }

    private void refuse(int number) {
        fixture.fail(fixture.pendingTo(number), EngineFixture.failure(TransportFailure.Kind.RESET));
    }
}
