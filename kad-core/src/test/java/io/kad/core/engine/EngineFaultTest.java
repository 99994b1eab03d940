package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadResponse;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EngineFaultTest {

    private EngineFixture fixture = new EngineFixture();

    private QueryId lookUp(String key) {
        return fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8(key), 20));
    }

    /** Asserts that only {@code query} failed, that it left nothing behind, and that its fault is logged once. */
    private void assertOnlyFailed(QueryId query) {
        assertThat(fixture.only(EngineAction.FailQuery.class)).satisfies(fail -> {
            assertThat(fail.queryId()).isEqualTo(query);
            assertThat(fail.failure())
                    .isInstanceOf(KadException.InternalFailure.class)
                    .hasRootCauseMessage("a defect");
            assertThat(fail.failure().stats()).isPresent();
        });
        assertThat(fixture.only(EngineAction.LogFault.class).part()).isEqualTo("query GET_CLOSEST_PEERS");
        assertThat(fixture.queryEvents(QueryEvent.Ended.class))
                .extracting(QueryEvent.Ended::query)
                .containsOnlyOnce(query);
        assertThat(fixture.pending()).noneMatch(request -> request.queryId().equals(query));
    }

    @Test
    void aQueryThatThrowsAtItsStartFailsAndFreesItsPlace() {
        fixture = new EngineFixture(EngineFixture.config().set(KademliaConfig.MAX_CONCURRENT_QUERIES, 1));
        fixture.connectServers(1, 2, 3);
        fixture.breakAt(EngineAction.SendRequest.class);
        QueryId faulty = lookUp("key");

        assertOnlyFailed(faulty);
        assertThat(fixture.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        lookUp("key");
        fixture.respondToFindNodes();
        assertThat(fixture.result(ClosestPeersResult.class).peers()).hasSize(3);
    }

    @Test
    void aQueryThatThrowsAtAResponseFailsAndTheTableIsEmittedNonetheless() {
        fixture.connectServers(1, 2, 3);
        QueryId faulty = lookUp("key");
        fixture.advance(new EngineEvent.RemovePeer(new CommandId(1), Peers.peer(1)));
        fixture.breakAt(EngineAction.SendRequest.class);
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(4))));

        assertOnlyFailed(faulty);
        assertThat(fixture.snapshot().contains(Peers.peer(1))).isTrue();
    }

    @Test
    void aQueryThatThrowsAtAFailureFailsAndTheOthersGoOn() {
        fixture.connectServers(1, 2, 3, 4, 5);
        lookUp("key");
        List<EngineAction.SendRequest> others = fixture.pending();
        QueryId faulty = lookUp("key");
        EngineAction.SendRequest last = fixture.pending().get(others.size());
        fixture.breakAt(EngineAction.SendRequest.class);
        fixture.fail(last, EngineFixture.failure(TransportFailure.Kind.RESET));

        assertOnlyFailed(faulty);
        assertThat(fixture.pending()).isEqualTo(others);
        fixture.respondToFindNodes();
        assertThat(fixture.result(ClosestPeersResult.class).peers()).hasSize(5);
    }

    @Test
    void aQueryThatThrowsAtItsDeadlineFailsAndTheDeadlinesOfTheOthersGoOn() {
        IntStream.rangeClosed(1, 9).forEach(fixture::connectServers);
        QueryId faulty = lookUp("key");
        QueryId other = lookUp("key");
        long before = requestsOf(other);
        fixture.breakAt(EngineAction.SendRequest.class);
        fixture.pass(Duration.ofSeconds(5));

        assertOnlyFailed(faulty);
        assertThat(requestsOf(other)).isGreaterThan(before);
    }

    private long requestsOf(QueryId query) {
        return fixture.all(EngineAction.SendRequest.class).stream()
                .filter(request -> request.queryId().equals(query))
                .count();
    }

    @Test
    void aJobThatThrowsEndsItsRunAndTheOthersGoOn() {
        Duration interval = Duration.ofMinutes(10);
        fixture = new EngineFixture(EngineFixture.config()
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(interval))
                .set(KademliaConfig.EXPIRY_SWEEP_INTERVAL, Optional.of(interval)));
        fixture.connectServers(1);
        fixture.breakAt(EngineAction.LoadRecordPage.class);
        fixture.pass(interval.plusMinutes(1));
        assertThat(fixture.only(EngineAction.LogFault.class).part()).isEqualTo("republication RECORD");
        assertThat(fixture.all(EngineAction.RemoveExpiredRecords.class)).hasSize(1);
        assertThat(fixture.all(EngineAction.LoadRecordPage.class)).isEmpty();

        fixture.pass(interval);
        fixture.advance(new EngineEvent.RecordPageLoaded(
                fixture.only(EngineAction.LoadRecordPage.class).operationId(),
                new Page<>(List.of(), Optional.empty())));
        fixture.breakAt(EngineAction.RemoveExpiredProviders.class);
        fixture.advance(new EngineEvent.ExpiredRemoved(
                fixture.only(EngineAction.RemoveExpiredProviders.class).operationId(), 0));
        fixture.pass(interval.multipliedBy(2));
        assertThat(fixture.all(EngineAction.LogFault.class)).hasSize(2);
        assertThat(fixture.all(EngineAction.LoadRecordPage.class)).hasSizeGreaterThan(1);
    }

    @Test
    void anEventThatCannotBeProcessedDoesNotStopWhatFollowsIt() {
        fixture.advance(new EngineEvent.DeadlineReached());
        fixture.breakAt(EngineAction.EmitDhtEvent.class);

        assertThatThrownBy(() ->
                        fixture.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(1), Peers.address(1))))
                .hasMessage("a defect");
        assertThat(fixture.snapshot().contains(Peers.peer(1))).isTrue();
        assertThat(fixture.events(DhtEvent.RoutingUpdated.class)).isEmpty();
    }
}
