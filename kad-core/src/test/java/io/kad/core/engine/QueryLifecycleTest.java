package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadResponse;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.RequestId;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueryLifecycleTest {

    private final EngineFixture fixture = new EngineFixture();

    private QueryId lookUp() {
        return fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
    }

    @Test
    void aQueryTimeoutReturnsThePeersThatResponded() {
        EngineFixture hasty =
                new EngineFixture(EngineFixture.config().set(KademliaConfig.QUERY_TIMEOUT, Duration.ofMillis(100)));
        hasty.connectServers(1, 2, 3);
        hasty.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        hasty.respond(hasty.pendingTo(2), new KadResponse.FindNode(List.of(Peers.info(4))));
        hasty.pass(Duration.ofMillis(99));
        assertThat(hasty.all(EngineAction.FailQuery.class)).isEmpty();
        hasty.pass(Duration.ofMillis(1));

        assertThat(hasty.failureOf(KadException.QueryTimeout.class)).satisfies(failure -> {
            assertThat(failure.responded()).containsExactly(Peers.peer(2));
            assertThat(failure).hasMessage("query timed out after 100 ms; 1 of 4 requests were answered");
        });
        assertThat(hasty.pending()).isEmpty();
        assertThat(hasty.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aSilentPeerIsWaitedForUntilItsRequestFailsWhileLittleIsMeasured() {
        fixture.connectServers(1, 2, 3);
        lookUp();
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of()));
        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of()));
        fixture.pass(Duration.ofSeconds(9));
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        fixture.fail(fixture.pendingTo(3), EngineFixture.TIMED_OUT);

        assertThat(fixture.result(ClosestPeersResult.class).peers()).hasSize(2);
    }

    @Test
    void aSilentPeerIsNoLongerWaitedForAtTheMaxWaitAndItsRequestRunsOnToBeMeasured() {
        fixture.connectServers(1, 2, 3);
        fixture.measureRoundTrips();
        lookUp();
        EngineAction.SendRequest silent = fixture.pendingTo(3);
        fixture.pass(Duration.ofMillis(100));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of()));
        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of()));
        fixture.pass(Duration.ofMillis(1899));
        assertThat(fixture.all(EngineAction.CompleteQuery.class))
                .as("no other peer can take its place")
                .isEmpty();
        fixture.pass(Duration.ofMillis(1));

        assertThat(fixture.all(EngineAction.CompleteQuery.class)).hasSize(1);
        assertThat(fixture.all(EngineAction.CancelRequest.class)).isEmpty();
        assertThat(fixture.outstanding()).containsExactly(silent);
        fixture.respond(silent, new KadResponse.FindNode(List.of()));
        assertThat(fixture.outstanding()).isEmpty();
        assertThat(fixture.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aBoundedNumberOfRequestsRunsOnAfterTheirQueries() {
        fixture.connectServers(1, 2, 3);
        int queries = OutstandingCalls.MAX_DETACHED / 3 + 4;
        for (int i = 0; i < queries; i++) {
            fixture.advance(new EngineEvent.FinishQuery(lookUp()));
        }

        assertThat(fixture.outstanding()).hasSize(OutstandingCalls.MAX_DETACHED);
        assertThat(fixture.all(EngineAction.CancelRequest.class))
                .as("the oldest are cancelled")
                .hasSize(3 * queries - OutstandingCalls.MAX_DETACHED)
                .startsWith(new EngineAction.CancelRequest(
                        fixture.all(EngineAction.SendRequest.class).get(0).requestId()));
    }

    @Test
    void aRequestThatNeedsADialRunsOnUntilItsMaxWait() {
        fixture.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(1), Peers.address(1)));
        fixture.measureRoundTrips();
        fixture.advance(new EngineEvent.FinishQuery(lookUp()));
        fixture.pass(Duration.ofMillis(499));
        assertThat(fixture.outstanding()).hasSize(1);
        fixture.pass(Duration.ofMillis(1));

        assertThat(fixture.outstanding()).isEmpty();
        assertThat(fixture.all(EngineAction.CancelRequest.class)).hasSize(1);
    }

    @Test
    void aRequestThatNeedsADialIsCancelledWithItsQueryWhileLittleIsMeasured() {
        fixture.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(1), Peers.address(1)));
        fixture.advance(new EngineEvent.FinishQuery(lookUp()));

        assertThat(fixture.outstanding()).isEmpty();
        assertThat(fixture.all(EngineAction.CancelRequest.class)).hasSize(1);
    }

    @Test
    void cancellingCancelsEveryRequestAndEndsWithoutAResult() {
        fixture.connectServers(1, 2, 3);
        QueryId query = lookUp();
        List<EngineAction> actions = fixture.advance(new EngineEvent.CancelQuery(query));

        assertThat(actions).hasSize(4);
        assertThat(actions.subList(0, 3)).allMatch(EngineAction.CancelRequest.class::isInstance);
        assertThat(actions.get(3))
                .isInstanceOfSatisfying(
                        EngineAction.EmitQueryEvent.class,
                        emit -> assertThat(emit.event()).isEqualTo(new QueryEvent.Ended(query, emit.stats())));
        assertThat(fixture.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theLastEventIsFinishedJustBeforeTheResult() {
        fixture.connectServers(1);
        lookUp();
        fixture.respondToFindNodes();
        List<EngineAction> actions = fixture.actions();
        int result = actions.indexOf(fixture.only(EngineAction.CompleteQuery.class));

        assertThat(actions.get(result - 1))
                .isInstanceOfSatisfying(
                        EngineAction.EmitQueryEvent.class,
                        emit -> assertThat(emit.event()).isInstanceOf(QueryEvent.Ended.class));
        assertThat(fixture.queryEvents(QueryEvent.Ended.class)).hasSize(1);
    }

    @Test
    void tooManyQueriesAreRejected() {
        EngineFixture busy = new EngineFixture(EngineFixture.config().set(KademliaConfig.MAX_CONCURRENT_QUERIES, 2));
        busy.connectServers(1);
        QuerySpec spec = new QuerySpec.FindPeer(Peers.peer(9));
        QueryId first = busy.start(spec);
        busy.start(spec);
        QueryId third = busy.start(spec);
        assertThat(busy.only(EngineAction.FailQuery.class)).satisfies(fail -> {
            assertThat(fail.queryId()).isEqualTo(third);
            assertThat(fail.failure()).isInstanceOf(KadException.Overloaded.class);
        });
        assertThat(busy.queryEvents(QueryEvent.Ended.class))
                .containsExactly(new QueryEvent.Ended(third, QueryStats.NONE));

        busy.advance(new EngineEvent.CancelQuery(first));
        busy.start(spec);
        assertThat(busy.all(EngineAction.FailQuery.class)).hasSize(1);
    }

    @Test
    void eventsOfWhatIsNotPendingAreIgnored() {
        fixture.connectServers(1);
        QueryId query = lookUp();
        EngineAction.SendRequest request = fixture.pendingTo(1);
        fixture.respond(request, new KadResponse.FindNode(List.of()));
        int actions = fixture.actions().size();

        fixture.advance(new EngineEvent.ResponseReceived(request.requestId(), new KadResponse.FindNode(List.of())));
        fixture.advance(new EngineEvent.RequestFailed(request.requestId(), EngineFixture.TIMED_OUT));
        fixture.advance(new EngineEvent.MessageSent(request.requestId()));
        fixture.advance(new EngineEvent.RequestFailed(
                new RequestId(99), EngineFixture.failure(TransportFailure.Kind.UNSUPPORTED)));
        fixture.advance(new EngineEvent.RecordLoaded(new StoreOperationId(99), Optional.empty()));
        fixture.advance(new EngineEvent.ProvidersLoaded(new StoreOperationId(99), List.of()));
        fixture.advance(new EngineEvent.ProviderSaved(new StoreOperationId(99)));
        fixture.advance(new EngineEvent.StoreFailed(new StoreOperationId(99), new StoreException.Closed("closed")));
        fixture.advance(new EngineEvent.FinishQuery(query));
        fixture.advance(new EngineEvent.CancelQuery(query));
        fixture.advance(new EngineEvent.CancelQuery(new QueryId(99)));

        assertThat(fixture.actions()).hasSize(actions);
    }

    @Test
    void theSameEventsGiveTheSameActions() {
        EngineFixture other = new EngineFixture();
        for (EngineFixture each : List.of(fixture, other)) {
            each.connectServers(1, 2, 3, 4, 5, 6);
            each.start(new QuerySpec.Bootstrap(EngineFixture.SELF));
            each.respondToFindNodes(Peers.info(7), Peers.info(8));
            each.pass(Duration.ofSeconds(30));
        }

        assertThat(comparable(fixture)).isEqualTo(comparable(other)).hasSizeGreaterThan(50);
    }

    /** Tables are compared by what is in them. */
    private static List<Object> comparable(EngineFixture fixture) {
        return fixture.actions().stream()
                .map(action -> action instanceof EngineAction.UpdateRoutingSnapshot publish
                        ? publish.snapshot().view()
                        : action)
                .toList();
    }
}
