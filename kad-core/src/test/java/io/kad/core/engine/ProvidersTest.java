package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.RecordKey;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.PutResult;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProvidersTest {

    private static final RecordKey KEY = RecordKey.of(Multihash.sha256(Bytes.utf8("content")));
    private static final List<Multiaddr> ADDRESSES = List.of(Peers.address(0));

    private EngineFixture fixture = new EngineFixture();

    // --- announcing

    private void provide(RecordKey key, List<Multiaddr> addresses) {
        fixture.start(new QuerySpec.StartProviding(key, addresses));
    }

    private void saved() {
        fixture.advance(new EngineEvent.ProviderSaved(
                fixture.only(EngineAction.SaveProvider.class).operationId()));
    }

    @Test
    void theAnnouncementIsStoredLocallyWithoutExpiryAndSentToTheClosestPeers() {
        fixture.connectServers(1, 2);
        provide(KEY, ADDRESSES);
        assertThat(fixture.only(EngineAction.SaveProvider.class).record())
                .isEqualTo(new ProviderRecord(KEY, EngineFixture.SELF, List.of(), Optional.empty()));
        assertThat(fixture.queriedPeers()).isEmpty();
        saved();
        fixture.respondToFindNodes();

        PeerInfo self = new PeerInfo(EngineFixture.SELF, ADDRESSES, ConnectionType.CONNECTED);
        assertThat(fixture.pending())
                .hasSize(2)
                .allSatisfy(request ->
                        assertThat(request.message()).isEqualTo(new KadRequest.AddProvider(KEY, List.of(self))));
    }

    @Test
    void anAnnouncementCountsOnceItIsSent() {
        fixture.connectServers(1, 2);
        provide(KEY, ADDRESSES);
        saved();
        fixture.respondToFindNodes();
        fixture.advance(new EngineEvent.MessageSent(fixture.pendingTo(1).requestId()));
        assertThat(fixture.queryEvents(QueryEvent.RecordStored.class)).hasSize(1);
        fixture.fail(fixture.pendingTo(2), EngineFixture.failure(TransportFailure.Kind.RESET));

        assertThat(fixture.result(PutResult.class).storedBy()).containsExactly(Peers.peer(1));
    }

    @Test
    void anAnnouncementThatReachedNoPeerIsAFailure() {
        fixture.connectServers(1);
        provide(KEY, ADDRESSES);
        saved();
        fixture.respondToFindNodes();
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.RESET));

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class).required())
                .isEqualTo(1);
    }

    @Test
    void anAnnouncementWithoutPeersIsAFailure() {
        provide(KEY, ADDRESSES);
        saved();

        fixture.failureOf(KadException.NoPeers.class);
    }

    @Test
    void anAnnouncementWithoutAnAddressIsRejected() {
        fixture.connectServers(1);
        provide(KEY, List.of());

        fixture.failureOf(KadException.InvalidRequest.class);
        assertThat(fixture.all(EngineAction.SaveProvider.class)).isEmpty();
    }

    @Test
    void keysOfOneToEightyBytesCanBeProvided() {
        provide(RecordKey.of(Bytes.of(new byte[1])), ADDRESSES);
        provide(RecordKey.of(Bytes.of(new byte[80])), ADDRESSES);
        assertThat(fixture.all(EngineAction.SaveProvider.class)).hasSize(2);

        provide(RecordKey.of(Bytes.EMPTY), ADDRESSES);
        provide(RecordKey.of(Bytes.of(new byte[81])), ADDRESSES);
        assertThat(fixture.all(EngineAction.SaveProvider.class)).hasSize(2);
        assertThat(fixture.all(EngineAction.FailQuery.class))
                .hasSize(2)
                .allMatch(fail -> fail.failure() instanceof KadException.InvalidRequest);
    }

    @Test
    void aFailedLocalStoreEndsTheAnnouncement() {
        fixture.connectServers(1);
        provide(KEY, ADDRESSES);
        fixture.advance(new EngineEvent.StoreFailed(
                fixture.only(EngineAction.SaveProvider.class).operationId(), new StoreException.Full("full")));

        fixture.failureOf(KadException.StoreFailed.class);
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    // --- finding

    private QueryId find(int count, ProviderRecord... local) {
        QueryId query = fixture.start(new QuerySpec.GetProviders(KEY, count));
        fixture.advance(new EngineEvent.ProvidersLoaded(
                fixture.last(EngineAction.LoadProviders.class).operationId(), List.of(local)));
        return query;
    }

    private static ProviderRecord local(int number) {
        return new ProviderRecord(KEY, Peers.peer(number), List.of(Peers.address(number)), Optional.empty());
    }

    private void respond(int number, PeerInfo... providers) {
        fixture.respond(fixture.pendingTo(number), new KadResponse.GetProviders(List.of(providers), List.of()));
    }

    @Test
    void localAndRemoteProvidersAreFoundOnceEach() {
        fixture.connectServers(1, 2);
        QueryId query = find(0, local(7));
        respond(1, Peers.info(8), Peers.info(7));
        respond(2, Peers.info(8), Peers.info(9));

        assertThat(fixture.result(GetProvidersResult.class).providers())
                .containsExactly(Peers.info(7), Peers.info(8), Peers.info(9));
        assertThat(fixture.queryEvents(QueryEvent.ProviderFound.class))
                .containsExactly(
                        new QueryEvent.ProviderFound(query, Optional.empty(), Peers.info(7)),
                        new QueryEvent.ProviderFound(query, Optional.of(Peers.peer(1)), Peers.info(8)),
                        new QueryEvent.ProviderFound(query, Optional.of(Peers.peer(2)), Peers.info(9)));
    }

    @Test
    void theQueryEndsAtTheRequestedNumber() {
        fixture.connectServers(1, 2, 3);
        find(2);
        respond(1, Peers.info(7), Peers.info(8), Peers.info(9));

        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7), Peers.info(8));
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void aTimeoutOfDisjointPathsReturnsTheRequestedNumberIfItWasFound() {
        fixture = new EngineFixture(EngineFixture.config()
                .set(KademliaConfig.DISJOINT_PATHS, 2)
                .set(KademliaConfig.QUERY_TIMEOUT, Duration.ofMillis(100)));
        fixture.connectServers(1, 2);
        find(2);
        respond(1, Peers.info(7), Peers.info(8));
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        fixture.pass(Duration.ofMillis(100));

        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7), Peers.info(8));
    }

    @Test
    void enoughLocalProvidersMakeALookupUnnecessary() {
        fixture.connectServers(1);
        find(1, local(7));

        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7));
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    @Test
    void expiredLocalProvidersAreIgnored() {
        fixture.connectServers(1);
        find(1, new ProviderRecord(KEY, Peers.peer(7), List.of(Peers.address(7)), Optional.of(EngineFixture.EPOCH)));
        respond(1);

        assertThat(fixture.result(GetProvidersResult.class).providers()).isEmpty();
    }

    @Test
    void addressesOfAProviderAreMergedFromAllResponses() {
        fixture.connectServers(1, 2);
        find(0);
        respond(1, PeerInfo.of(Peers.peer(7), List.of()));
        respond(2, Peers.info(7));

        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7));
    }

    @Test
    void aProviderWithoutAddressesGetsThoseOfTheTable() {
        fixture.connectServers(1);
        find(0);
        respond(1, PeerInfo.of(Peers.peer(1), List.of()));

        assertThat(fixture.result(GetProvidersResult.class).providers())
                .flatExtracting(PeerInfo::addresses)
                .containsExactly(Peers.address(1));
    }

    @Test
    void anEmptyListOfProvidersIsAResultToo() {
        fixture.connectServers(1);
        find(0);
        respond(1);

        assertThat(fixture.result(GetProvidersResult.class).providers()).isEmpty();
    }

    @Test
    void anEmptyTableIsAFailureUnlessTheLocalStoreHasProviders() {
        find(0);
        fixture.failureOf(KadException.NoPeers.class);

        find(0, local(7));
        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7));
    }

    @Test
    void withoutAResponseTheQueryFails() {
        fixture.connectServers(1);
        find(0);
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);

        fixture.failureOf(KadException.NoPeers.class);
    }

    @Test
    void finishingReturnsWhatWasFoundSoFar() {
        fixture.connectServers(1, 2);
        QueryId query = find(0);
        respond(1, Peers.info(7));
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7));
    }

    @Test
    void providersAndTheirAddressesAreBounded() {
        fixture.connectServers(1, 2);
        find(0);
        List<Multiaddr> many = IntStream.range(0, 40).mapToObj(Peers::address).toList();
        PeerInfo talkative = PeerInfo.of(Peers.peer(10_000), many);
        respond(
                1,
                Stream.concat(
                                Stream.of(talkative),
                                IntStream.range(0, 5000)
                                        .mapToObj(number -> PeerInfo.of(Peers.peer(10_001 + number), List.of())))
                        .toArray(PeerInfo[]::new));

        List<PeerInfo> found = fixture.result(GetProvidersResult.class).providers();
        assertThat(found).hasSize(4096);
        assertThat(found.get(0).addresses()).isEqualTo(many.subList(0, 16));
        assertThat(fixture.queryEvents(QueryEvent.ProviderFound.class)
                        .get(0)
                        .provider()
                        .addresses())
                .hasSize(16);
    }

    @Test
    void addressesOfAProviderAreBoundedHoweverManyPeersReturnThem() {
        fixture.connectServers(1, 2);
        find(0);
        List<Multiaddr> many = IntStream.range(0, 30).mapToObj(Peers::address).toList();
        respond(1, PeerInfo.of(Peers.peer(7), many.subList(0, 10)));
        respond(2, PeerInfo.of(Peers.peer(7), many.subList(10, 30)));

        assertThat(fixture.result(GetProvidersResult.class).providers())
                .containsExactly(PeerInfo.of(Peers.peer(7), many.subList(0, 16)));
    }

    @Test
    void aLocalStoreThatCannotBeReadDoesNotStopTheSearch() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetProviders(KEY, 1));
        fixture.advance(new EngineEvent.StoreFailed(
                fixture.only(EngineAction.LoadProviders.class).operationId(), new StoreException.Closed("closed")));
        respond(1, Peers.info(7));

        assertThat(fixture.result(GetProvidersResult.class).providers()).containsExactly(Peers.info(7));
    }
}
