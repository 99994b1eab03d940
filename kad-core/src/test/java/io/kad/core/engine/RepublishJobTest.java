package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is published again by itself. */
class RepublishJobTest {

    private static final Duration INTERVAL = Duration.ofHours(10);
    private static final Bytes CURSOR = Bytes.utf8("cursor");

    private static EngineFixture fixture(KademliaConfig.Builder config) {
        EngineFixture fixture = new EngineFixture(config.set(KademliaConfig.REPUBLISH_PARALLELISM, 3));
        fixture.connectServers(1, 2);
        return fixture;
    }

    private static EngineFixture republishing() {
        return fixture(EngineFixture.config().set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(INTERVAL)));
    }

    private static EngineFixture replicating() {
        return fixture(EngineFixture.config().set(KademliaConfig.REPLICATE_INTERVAL, Optional.of(INTERVAL)));
    }

    private static EngineFixture reproviding() {
        return fixture(EngineFixture.config().set(KademliaConfig.REPROVIDE_INTERVAL, Optional.of(INTERVAL)));
    }

    private static Record local(int number) {
        return Record.of(RecordKey.of(Bytes.utf8("/app/" + number)), Bytes.utf8("v" + number))
                .withPublisher(EngineFixture.SELF);
    }

    private static Record received(int number) {
        return local(number).withPublisher(Peers.peer(9));
    }

    private static List<Record> local(int from, int to) {
        return IntStream.range(from, to).mapToObj(RepublishJobTest::local).toList();
    }

    /** Content of the local stores. */
    private final Map<RecordKey, Record> stored = new HashMap<>();

    private final Map<RecordKey, ProviderRecord> provided = new HashMap<>();
    private final Set<StoreOperationId> answered = new HashSet<>();

    private void loaded(EngineFixture fixture, Page<Record> page) {
        page.items().forEach(record -> stored.put(record.key(), record));
        pageLoaded(fixture, page);
        answerReads(fixture);
    }

    /** Reads the entries again whose turn has come. */
    private void answerReads(EngineFixture fixture) {
        for (EngineAction.LoadRecord read : fixture.all(EngineAction.LoadRecord.class)) {
            if (answered.add(read.operationId())) {
                fixture.advance(
                        new EngineEvent.RecordLoaded(read.operationId(), Optional.ofNullable(stored.get(read.key()))));
            }
        }
        for (EngineAction.LoadProviders read : fixture.all(EngineAction.LoadProviders.class)) {
            if (answered.add(read.operationId())) {
                fixture.advance(new EngineEvent.ProvidersLoaded(
                        read.operationId(),
                        Stream.ofNullable(provided.get(read.key())).toList()));
            }
        }
    }

    private static void pageLoaded(EngineFixture fixture, Page<Record> page) {
        fixture.advance(new EngineEvent.RecordPageLoaded(
                fixture.last(EngineAction.LoadRecordPage.class).operationId(), page));
    }

    /** Responds to requests, and lets announcements arrive, until none is pending. */
    private void respondToAll(EngineFixture fixture) {
        answerReads(fixture);
        while (!fixture.pending().isEmpty()) {
            EngineAction.SendRequest request = fixture.pending().get(0);
            if (request.message() instanceof KadRequest.PutValue put) {
                fixture.respond(request, new KadResponse.PutValue(put.record()));
            } else if (request.message() instanceof KadRequest.AddProvider) {
                fixture.advance(new EngineEvent.MessageSent(request.requestId()));
            } else if (request.message() instanceof KadRequest.GetValue) {
                fixture.respond(request, new KadResponse.GetValue(Optional.empty(), List.of()));
            } else {
                fixture.respond(request, new KadResponse.FindNode(List.of()));
            }
            answerReads(fixture);
        }
    }

    private static Set<QueryId> lookupsInFlight(EngineFixture fixture) {
        return fixture.pending().stream().map(EngineAction.SendRequest::queryId).collect(Collectors.toSet());
    }

    private static List<Record> sent(EngineFixture fixture) {
        return fixture.all(EngineAction.SendRequest.class).stream()
                .map(EngineAction.SendRequest::message)
                .filter(KadRequest.PutValue.class::isInstance)
                .map(message -> ((KadRequest.PutValue) message).record())
                .toList();
    }

    @Test
    void localRecordsAreRepublishedAtTheClosestPeersOncePerInterval() {
        EngineFixture fixture = republishing();
        fixture.pass(Duration.ofHours(1));
        assertThat(fixture.only(EngineAction.LoadRecordPage.class))
                .satisfies(page -> assertThat(page.local()).isTrue())
                .satisfies(page -> assertThat(page.after()).isEmpty());
        loaded(fixture, new Page<>(local(0, 1), Optional.empty()));
        respondToAll(fixture);

        assertThat(sent(fixture)).hasSize(2).allSatisfy(record -> {
            assertThat(record.value()).isEqualTo(local(0).value());
            assertThat(record.publisher()).contains(EngineFixture.SELF);
            assertThat(record.expires().orElseThrow())
                    .isAfter(EngineFixture.EPOCH.plus(Duration.ofDays(2)))
                    .isBeforeOrEqualTo(EngineFixture.EPOCH.plus(Duration.ofHours(49)));
        });
        assertThat(fixture.events(DhtEvent.Republished.class))
                .containsExactly(
                        new DhtEvent.Republished(DhtEvent.RepublishKind.RECORD, local(0).key(), 2, Optional.empty()));
        assertThat(fixture.all(EngineAction.SaveRecord.class)).isEmpty();
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();

        fixture.pass(INTERVAL.multipliedBy(9).dividedBy(10).minusHours(1));
        assertThat(fixture.all(EngineAction.LoadRecordPage.class)).hasSize(1);
        fixture.pass(INTERVAL.dividedBy(5).plusHours(1));
        assertThat(fixture.all(EngineAction.LoadRecordPage.class)).hasSize(2);
    }

    @Test
    void pagesAreReadInTurnAndFewQueriesRunConcurrently() {
        EngineFixture fixture = republishing();
        fixture.pass(Duration.ofHours(1));
        loaded(fixture, new Page<>(local(0, 5), Optional.of(CURSOR)));
        assertThat(fixture.pending()).as("requests of three lookups").hasSize(3 * 2);
        assertThat(fixture.all(EngineAction.LoadRecordPage.class)).hasSize(1);
        respondToAll(fixture);

        assertThat(fixture.last(EngineAction.LoadRecordPage.class).after()).contains(CURSOR);
        loaded(fixture, new Page<>(local(5, 7), Optional.empty()));
        respondToAll(fixture);
        assertThat(fixture.events(DhtEvent.Republished.class)).hasSize(7);
        assertThat(fixture.all(EngineAction.LoadRecordPage.class)).hasSize(2);
    }

    @Test
    void receivedRecordsAreReplicatedUnlessAnotherPeerJustDid() {
        EngineFixture fixture = replicating();
        fixture.advance(
                new EngineEvent.RecordsReceived(List.of(received(1).key().kadKey())));
        fixture.pass(Duration.ofHours(1));
        assertThat(fixture.only(EngineAction.LoadRecordPage.class).local()).isFalse();
        Record expired = received(3).withExpires(Optional.of(EngineFixture.EPOCH));
        Record live = received(2).withExpires(Optional.of(EngineFixture.EPOCH.plus(Duration.ofHours(30))));
        loaded(fixture, new Page<>(List.of(local(0), received(1), live, expired), Optional.empty()));
        respondToAll(fixture);

        assertThat(sent(fixture))
                .as("no longer than it would have lived")
                .containsOnly(live)
                .hasSize(2);
        assertThat(fixture.events(DhtEvent.Republished.class))
                .containsExactly(
                        new DhtEvent.Republished(DhtEvent.RepublishKind.REPLICA, live.key(), 2, Optional.empty()));
        fixture.pass(INTERVAL.multipliedBy(2));
        loaded(fixture, new Page<>(List.of(received(1)), Optional.empty()));
        respondToAll(fixture);
        assertThat(fixture.events(DhtEvent.Republished.class))
                .as("in the next run")
                .hasSize(2);
    }

    @Test
    void providedKeysAreReprovidedWithThePresentAddresses() {
        EngineFixture fixture = reproviding();
        fixture.transport(new TransportEvent.ListenerOpened(Peers.address(50)));
        fixture.pass(Duration.ofHours(1));
        ProviderRecord held = new ProviderRecord(
                RecordKey.of(Bytes.utf8("content")), EngineFixture.SELF, List.of(Peers.address(49)), Optional.empty());
        fixture.advance(new EngineEvent.ProviderPageLoaded(
                fixture.only(EngineAction.LoadProviderPage.class).operationId(),
                new Page<>(List.of(held), Optional.empty())));
        provided.put(held.key(), held);
        answerReads(fixture);
        fixture.respondToFindNodes();

        PeerInfo self = new PeerInfo(EngineFixture.SELF, List.of(Peers.address(50)), ConnectionType.CONNECTED);
        assertThat(fixture.pending())
                .hasSize(2)
                .allSatisfy(request ->
                        assertThat(request.message()).isEqualTo(new KadRequest.AddProvider(held.key(), List.of(self))));
        respondToAll(fixture);
        assertThat(fixture.events(DhtEvent.Republished.class))
                .containsExactly(
                        new DhtEvent.Republished(DhtEvent.RepublishKind.PROVIDER, held.key(), 2, Optional.empty()));
        assertThat(fixture.all(EngineAction.SaveProvider.class)).isEmpty();

        fixture.pass(INTERVAL.multipliedBy(9).dividedBy(10).minusHours(1));
        assertThat(fixture.all(EngineAction.LoadProviderPage.class)).hasSize(1);
        fixture.pass(INTERVAL.dividedBy(5).plusHours(1));
        assertThat(fixture.all(EngineAction.LoadProviderPage.class)).hasSize(2);
    }

    @Test
    void aRecordStoredNowhereIsEmittedAndTheRunContinues() {
        EngineFixture fixture = republishing();
        fixture.pass(Duration.ofHours(1));
        loaded(fixture, new Page<>(local(0, 4), Optional.empty()));
        while (!fixture.pending().isEmpty()) {
            fixture.fail(fixture.pending().get(0), EngineFixture.TIMED_OUT);
            answerReads(fixture);
        }

        assertThat(fixture.events(DhtEvent.Republished.class)).hasSize(4).allSatisfy(event -> {
            assertThat(event.stored()).isZero();
            assertThat(event.failure()).containsInstanceOf(KadException.class);
        });
    }

    private static void failed(EngineFixture fixture, StoreOperationId operation) {
        fixture.advance(
                new EngineEvent.StoreFailed(operation, new StoreException.Failed("disk", new IllegalStateException())));
    }

    @Test
    void aPageThatCannotBeReadIsRetriedWithGrowingDelaysAndNoKeyIsLost() {
        EngineFixture fixture = republishing();
        fixture.pass(Duration.ofHours(1));
        loaded(fixture, new Page<>(local(0, 2), Optional.of(CURSOR)));
        respondToAll(fixture);
        for (int retry = 0; retry < 9; retry++) {
            assertThat(fixture.all(EngineAction.LoadRecordPage.class)).hasSize(2 + retry);
            assertThat(fixture.last(EngineAction.LoadRecordPage.class).after()).contains(CURSOR);
            failed(fixture, fixture.last(EngineAction.LoadRecordPage.class).operationId());
            fixture.pass(
                    fixture.events(DhtEvent.RepublishDelayed.class).get(retry).retryAfter());
        }
        loaded(fixture, new Page<>(local(2, 4), Optional.empty()));
        respondToAll(fixture);

        assertThat(fixture.events(DhtEvent.RepublishDelayed.class))
                .extracting(event -> event.retryAfter().toSeconds())
                .containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L, 600L);
        assertThat(fixture.events(DhtEvent.RepublishDelayed.class))
                .allSatisfy(event -> assertThat(event.cause()).isEqualTo("disk"));
        assertThat(fixture.events(DhtEvent.Republished.class)).hasSize(4);
    }

    @Test
    void anEntryThatCannotBeReadAgainIsRetried() {
        EngineFixture fixture = republishing();
        fixture.pass(Duration.ofHours(1));
        stored.put(local(0).key(), local(0));
        pageLoaded(fixture, new Page<>(local(0, 1), Optional.empty()));
        EngineAction.LoadRecord read = fixture.only(EngineAction.LoadRecord.class);
        answered.add(read.operationId());
        failed(fixture, read.operationId());
        assertThat(fixture.all(EngineAction.LoadRecord.class)).hasSize(1);
        fixture.pass(Duration.ofSeconds(10));
        respondToAll(fixture);

        assertThat(fixture.events(DhtEvent.Republished.class)).hasSize(1);
    }

    @Test
    void anEntryThatHasChangedSinceItsPageWasReadIsRepublishedAsItIsNow() {
        EngineFixture fixture = republishing();
        fixture.pass(Duration.ofHours(1));
        loaded(fixture, new Page<>(local(0, 6), Optional.empty()));
        Record changed = Record.of(local(4).key(), Bytes.utf8("changed")).withPublisher(EngineFixture.SELF);
        stored.put(changed.key(), changed);
        stored.remove(local(5).key());
        stored.put(local(3).key(), received(3));
        respondToAll(fixture);

        assertThat(sent(fixture).stream().map(Record::key).distinct())
                .as("neither the removed one nor the one that another peer has replaced")
                .containsExactlyInAnyOrder(local(0).key(), local(1).key(), local(2).key(), local(4).key());
        assertThat(sent(fixture).stream()
                        .filter(record -> record.key().equals(changed.key()))
                        .map(Record::value))
                .containsOnly(changed.value());
    }

    @Test
    void aKeyThatIsNoLongerProvidedIsNotReprovided() {
        EngineFixture fixture = reproviding();
        fixture.transport(new TransportEvent.ListenerOpened(Peers.address(50)));
        fixture.pass(Duration.ofHours(1));
        fixture.advance(new EngineEvent.ProviderPageLoaded(
                fixture.only(EngineAction.LoadProviderPage.class).operationId(),
                new Page<>(
                        List.of(new ProviderRecord(
                                RecordKey.utf8("content"), EngineFixture.SELF, List.of(), Optional.empty())),
                        Optional.empty())));
        respondToAll(fixture);

        assertThat(fixture.all(EngineAction.SendRequest.class)).isEmpty();
        assertThat(fixture.events(DhtEvent.Republished.class)).isEmpty();
    }

    @Test
    void aBetterRecordFoundWhileRepublishingEndsItBeforeAnythingIsStored() {
        EngineFixture fixture = republishing();
        fixture.pass(Duration.ofHours(1));
        Record own = local(0).withPublished(Optional.of(PublicationTime.stated(EngineFixture.EPOCH)));
        Record newer =
                received(0).withPublished(Optional.of(PublicationTime.stated(EngineFixture.EPOCH.plusSeconds(1))));
        Record lost = Record.of(newer.key(), Bytes.utf8("newer")).withPublished(newer.published());
        loaded(fixture, new Page<>(List.of(own), Optional.empty()));
        fixture.respond(fixture.pending().get(0), new KadResponse.GetValue(Optional.of(lost), List.of()));
        respondToAll(fixture);

        assertThat(sent(fixture)).isEmpty();
        EngineAction.MergeRecord merge = fixture.only(EngineAction.MergeRecord.class);
        assertThat(merge.record().value()).isEqualTo(lost.value());
        fixture.advance(new EngineEvent.RecordMerged(merge.operationId(), Optional.of(merge.record())));
        assertThat(fixture.events(DhtEvent.Republished.class))
                .singleElement()
                .satisfies(event -> assertThat(event.failure()).containsInstanceOf(KadException.Superseded.class));
    }

    @Test
    void anEstimateNeverEndsAnOwnRepublication() {
        EngineFixture fixture = republishing();
        fixture.pass(Duration.ofHours(1));
        Record unstamped = Record.of(local(0).key(), Bytes.utf8("other"));
        loaded(fixture, new Page<>(local(0, 1), Optional.empty()));
        fixture.respond(fixture.pending().get(0), new KadResponse.GetValue(Optional.of(unstamped), List.of()));
        respondToAll(fixture);

        assertThat(sent(fixture)).hasSize(2);
    }

    @Test
    void nothingIsReadWhileTheTableIsEmpty() {
        EngineFixture fixture =
                new EngineFixture(EngineFixture.config().set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(INTERVAL)));
        fixture.pass(Duration.ZERO);
        fixture.pass(Duration.ofHours(30));
        assertThat(fixture.all(EngineAction.LoadRecordPage.class)).isEmpty();
        assertThat(fixture.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        fixture.connectServers(1);

        assertThat(fixture.all(EngineAction.LoadRecordPage.class)).hasSize(1);
    }

    @Test
    void withoutIntervalsOrWithValuesAndProvidersDisabledNothingIsRepublished() {
        EngineFixture never = fixture(EngineFixture.config());
        EngineFixture disabled = fixture(EngineFixture.config()
                .set(KademliaConfig.VALUES_ENABLED, false)
                .set(KademliaConfig.PROVIDERS_ENABLED, false)
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(INTERVAL))
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.of(INTERVAL))
                .set(KademliaConfig.REPROVIDE_INTERVAL, Optional.of(INTERVAL)));
        for (EngineFixture each : List.of(never, disabled)) {
            assertThat(each.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void userQueriesAndJobsDoNotBlockEachOther() {
        EngineFixture fixture = fixture(EngineFixture.config()
                .set(KademliaConfig.MAX_CONCURRENT_QUERIES, 1)
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(INTERVAL)));
        fixture.pass(Duration.ofHours(1));
        QueryId query = fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        loaded(fixture, new Page<>(local(0, 3), Optional.empty()));
        assertThat(lookupsInFlight(fixture))
                .as("the query of the user takes no place of the job")
                .hasSize(1 + 3)
                .contains(query);
        fixture.advance(new EngineEvent.CancelQuery(query));
        QueryId next = fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("other"), 20));
        assertThat(lookupsInFlight(fixture))
                .as("the queries of the job take no place of the user")
                .hasSize(3 + 1)
                .contains(next);
        respondToAll(fixture);

        assertThat(fixture.events(DhtEvent.Republished.class)).hasSize(3);
        assertThat(fixture.only(EngineAction.CompleteQuery.class).queryId()).isEqualTo(next);
        assertThat(fixture.all(EngineAction.FailQuery.class)).isEmpty();
    }
}
