package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.FindPeerResult;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.GetRecordResult;
import io.kad.api.result.PutResult;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Queries of which all closest peers but one have responded: which of them wait for it, and what they return at their timeout. */
class LatePeersTest {

    private static final RecordKey KEY = RecordKey.utf8("key");
    private static final Record RECORD =
            Record.of(KEY, Bytes.utf8("value")).withPublished(Optional.of(PublicationTime.stated(EngineFixture.EPOCH)));
    /** Time after which a request is late while nothing is measured, and somewhat more. */
    private static final Duration LATE = Duration.ofMillis(800);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final KadResponse NO_RECORD = new KadResponse.GetValue(Optional.empty(), List.of());
    private static final KadResponse THE_RECORD = new KadResponse.GetValue(Optional.of(RECORD), List.of());
    private static final KadResponse NO_PEERS = new KadResponse.FindNode(List.of());

    private EngineFixture fixture = withTimeout(TIMEOUT);

    /** Returns an engine that looks up four peers. */
    private static EngineFixture withTimeout(Duration timeout) {
        return new EngineFixture(
                EngineFixture.config().set(KademliaConfig.K, 4).set(KademliaConfig.QUERY_TIMEOUT, timeout));
    }

    /** Responds to all requests, except those to {@code late}: {@code response} to the first of them, and {@code other} to the rest. */
    private void respondExcept(int late, int count, KadResponse response, KadResponse other) {
        int left = count;
        for (Optional<EngineAction.SendRequest> next = nextExcept(late); next.isPresent(); next = nextExcept(late)) {
            fixture.respond(next.get(), left-- > 0 ? response : other);
        }
    }

    private Optional<EngineAction.SendRequest> nextExcept(int late) {
        return fixture.pending().stream()
                .filter(request -> !request.peer().id().equals(Peers.peer(late)))
                .findFirst();
    }

    private static int closestTo(KadKey target) {
        return Peers.byDistance(target, 4).get(0);
    }

    private boolean hasEnded() {
        return !fixture.all(EngineAction.CompleteQuery.class).isEmpty()
                || !fixture.all(EngineAction.FailQuery.class).isEmpty();
    }

    // --- get

    /** Starts a get from four peers: the closest is late, and {@code holders} of the others return the record. Returns the late one. */
    private int get(Quorum quorum, int holders) {
        int late = closestTo(KEY.kadKey());
        fixture.connectServers(1, 2, 3, 4);
        fixture.start(new QuerySpec.GetRecord(KEY, quorum));
        fixture.recordLoaded(Optional.empty());
        respondExcept(late, holders, THE_RECORD, NO_RECORD);
        assertThat(hasEnded()).as("before the peer is late").isFalse();
        return late;
    }

    @Test
    void aGetEndsWhenTheLatePeerCannotChangeTheMajority() {
        get(Quorum.majority(), 3);
        fixture.pass(LATE);

        assertThat(fixture.result(GetRecordResult.class).validRecords()).isEqualTo(3);
    }

    @Test
    void aMajorityOfThosePresentIsNotEnoughWhileAnotherMayRespond() {
        int late = get(Quorum.majority(), 2);
        fixture.pass(LATE);
        assertThat(hasEnded()).isFalse();
        fixture.respond(fixture.pendingTo(late), NO_RECORD);

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class).required())
                .isEqualTo(3);
    }

    @Test
    void aGetFromAllWaitsForTheLatePeer() {
        int late = get(Quorum.all(), 3);
        fixture.pass(LATE);
        assertThat(hasEnded()).isFalse();
        fixture.respond(fixture.pendingTo(late), THE_RECORD);

        assertThat(fixture.result(GetRecordResult.class).validRecords()).isEqualTo(4);
    }

    @Test
    void aRecordThatOnlyTheLatePeerHasIsFound() {
        int late = get(Quorum.one(), 0);
        fixture.pass(LATE);
        assertThat(hasEnded()).isFalse();
        fixture.respond(fixture.pendingTo(late), THE_RECORD);

        assertThat(fixture.result(GetRecordResult.class).from()).contains(Peers.peer(late));
    }

    @Test
    void aTimeoutReturnsTheRecordIfAllButTheLatePeerHaveIt() {
        get(Quorum.all(), 3);
        fixture.pass(TIMEOUT);

        assertThat(fixture.result(GetRecordResult.class).validRecords()).isEqualTo(3);
    }

    @Test
    void aTimeoutIsAFailureIfOneMorePeerLacksTheRecord() {
        get(Quorum.all(), 2);
        fixture.pass(TIMEOUT);

        assertThat(fixture.failureOf(KadException.QueryTimeout.class).partial().record())
                .contains(RECORD);
    }

    /** One of one peer is a majority, but closer ones may still respond. */
    @Test
    void aTimeoutBeforeTheLookupHasConvergedIsAFailure() {
        fixture = withTimeout(Duration.ofMillis(500));
        fixture.connectServers(1, 2, 3, 4);
        fixture.start(new QuerySpec.GetRecord(KEY, Quorum.majority()));
        fixture.recordLoaded(Optional.empty());
        fixture.respond(fixture.pending().get(2), THE_RECORD);
        fixture.pass(Duration.ofMillis(500));

        fixture.failureOf(KadException.QueryTimeout.class);
    }

    // --- providers, and one peer

    private int findProviders(PeerInfo... found) {
        int late = closestTo(KEY.kadKey());
        fixture.connectServers(1, 2, 3, 4);
        fixture.start(new QuerySpec.GetProviders(KEY, 0));
        fixture.advance(new EngineEvent.ProvidersLoaded(
                fixture.only(EngineAction.LoadProviders.class).operationId(), List.of()));
        KadResponse response = new KadResponse.GetProviders(List.of(found), List.of());
        respondExcept(late, 0, response, response);
        assertThat(hasEnded()).isFalse();
        fixture.pass(LATE);
        return late;
    }

    @Test
    void aSearchThatHasFoundProvidersEndsWithoutTheLatePeer() {
        findProviders(Peers.info(7));

        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7));
    }

    @Test
    void aProviderThatOnlyTheLatePeerKnowsIsFound() {
        int late = findProviders();
        assertThat(hasEnded()).isFalse();
        fixture.respond(fixture.pendingTo(late), new KadResponse.GetProviders(List.of(Peers.info(7)), List.of()));

        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7));
    }

    @Test
    void aPeerThatOnlyTheLatePeerKnowsIsFound() {
        int late = closestTo(Peers.peer(9).kadKey());
        fixture.connectServers(1, 2, 3, 4);
        fixture.start(new QuerySpec.FindPeer(Peers.peer(9)));
        respondExcept(late, 0, NO_PEERS, NO_PEERS);
        fixture.pass(LATE);
        assertThat(hasEnded()).isFalse();
        fixture.respond(fixture.pendingTo(late), new KadResponse.FindNode(List.of(Peers.info(9))));

        assertThat(fixture.result(FindPeerResult.class).peer()).isEqualTo(Peers.info(9));
    }

    // --- put

    /** Peers closest to the key, and one that is far. */
    private final List<Integer> closestFirst = Peers.byDistance(KEY.kadKey(), 60);

    private final int far = closestFirst.get(59);

    /** Starts a put whose only known peer is far, and returns four closer ones; the closest is late. The record is sent to the others. */
    private QueryId putThroughAFarPeer(Quorum quorum) {
        fixture.connectServers(far);
        QueryId query = fixture.start(new QuerySpec.PutRecord(RECORD, quorum));
        EngineAction.SaveRecord save = fixture.only(EngineAction.SaveRecord.class);
        fixture.advance(new EngineEvent.RecordSaved(save.operationId(), save.record()));
        fixture.respond(fixture.pendingTo(far), closer(0, 4));
        fixture.respond(fixture.pendingTo(closestFirst.get(1)), closer(4, 5));
        fixture.respond(fixture.pendingTo(closestFirst.get(2)), NO_PEERS);
        fixture.respond(fixture.pendingTo(closestFirst.get(3)), NO_PEERS);
        fixture.pass(LATE);
        return query;
    }

    private KadResponse closer(int from, int to) {
        return new KadResponse.FindNode(
                closestFirst.subList(from, to).stream().map(Peers::info).toList());
    }

    private List<EngineAction.SendRequest> puts() {
        return fixture.pending().stream()
                .filter(request -> request.message() instanceof KadRequest.PutValue)
                .toList();
    }

    private void echoAll() {
        puts().forEach(request ->
                fixture.respond(request, new KadResponse.PutValue(((KadRequest.PutValue) request.message()).record())));
    }

    @Test
    void aFarPeerIsNotStoredAtWhileCloserOnesMayStillRespond() {
        putThroughAFarPeer(Quorum.one());

        assertThat(puts())
                .extracting(request -> request.peer().id())
                .containsExactlyElementsOf(
                        closestFirst.subList(1, 4).stream().map(Peers::peer).toList());
    }

    @Test
    void aPutThatTimesOutWhileItWaitsForALatePeerHasReachedItsQuorum() {
        putThroughAFarPeer(Quorum.of(3));
        echoAll();
        assertThat(hasEnded()).isFalse();
        fixture.pass(TIMEOUT);

        assertThat(fixture.result(PutResult.class).storedBy()).hasSize(3);
    }

    @Test
    void aPutThatTimesOutWhileItWaitsForALatePeerHasNotReachedALargerQuorum() {
        putThroughAFarPeer(Quorum.of(4));
        echoAll();
        fixture.pass(TIMEOUT);

        assertThat(fixture.failureOf(KadException.QueryTimeout.class).responded())
                .hasSize(3);
    }

    @Test
    void finishingAPutCancelsTheDialsOfItsLookup() {
        QueryId query = putThroughAFarPeer(Quorum.one());
        EngineAction.SendRequest late = fixture.pendingTo(closestFirst.get(0));
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.all(EngineAction.CancelRequest.class))
                .contains(new EngineAction.CancelRequest(late.requestId()))
                .doesNotHaveDuplicates();
        assertThat(hasEnded()).as("it still stores").isFalse();
    }
}
