package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadResponse;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The load of the local peer is not a failure of a remote one: requests wait for those in flight. */
class LocalLoadTest {

    /** Limit of requests that a transport lets wait on one connection; more are refused. */
    private static final int TRANSPORT_LINE = 1024;

    private final Deque<EngineAction.SendRequest> pending = new ArrayDeque<>();
    private final List<KadException> failures = new ArrayList<>();
    private int completed;

    private void take(List<EngineAction> actions) {
        for (EngineAction action : actions) {
            if (action instanceof EngineAction.SendRequest request) {
                pending.add(request);
            } else if (action instanceof EngineAction.CompleteQuery) {
                completed++;
            } else if (action instanceof EngineAction.FailQuery failed) {
                failures.add(failed.failure());
            }
        }
    }

    private EngineFixture startQueries(KademliaConfig.Builder config, int count) {
        EngineFixture fixture = new EngineFixture(config);
        fixture.connectServers(1);
        startQueries(fixture, count);
        return fixture;
    }

    private void startQueries(EngineFixture fixture, int count) {
        for (int number = 1; number <= count; number++) {
            take(fixture.advance(new EngineEvent.StartQuery(
                    new QueryId(1000 + number), new QuerySpec.GetClosestPeers(Bytes.utf8("key " + number), 20))));
        }
    }

    @Test
    void manyQueriesForOnePeerWaitAndNoneFails() {
        EngineFixture fixture = startQueries(EngineFixture.config(), 1200);
        int most = pending.size();
        while (!pending.isEmpty()) {
            EngineAction.SendRequest next = pending.remove();
            take(fixture.advance(
                    new EngineEvent.ResponseReceived(next.requestId(), new KadResponse.FindNode(List.of()))));
            most = Math.max(most, pending.size());
        }

        assertThat(most).isLessThanOrEqualTo(PeerRequestQueues.MAX_IN_FLIGHT).isLessThan(TRANSPORT_LINE);
        assertThat(failures).isEmpty();
        assertThat(completed).isEqualTo(1200);
    }

    @Test
    void queriesBeyondTheLimitAreOverloaded() {
        startQueries(EngineFixture.config().set(KademliaConfig.MAX_CONCURRENT_QUERIES, 100), 150);

        assertThat(failures).hasSize(50).hasOnlyElementsOfType(KadException.Overloaded.class);
    }

    /** Peer 1 is silent; the last query waits for a place, which the others leave when their time is over. */
    @Test
    void aDelayedRequestIsResumedAtOnceWhenOtherQueriesTimeOut() {
        EngineFixture fixture = startQueries(
                EngineFixture.config().set(KademliaConfig.QUERY_TIMEOUT, Duration.ofSeconds(5)),
                PeerRequestQueues.MAX_IN_FLIGHT);
        pass(fixture, Duration.ofSeconds(1));
        take(fixture.advance(
                new EngineEvent.StartQuery(new QueryId(5000), new QuerySpec.GetClosestPeers(Bytes.utf8("last"), 20))));
        pass(fixture, Duration.ofMillis(3999));
        assertThat(failures).isEmpty();
        fixture.skip(Duration.ofMillis(1));
        take(fixture.advance(new EngineEvent.DeadlineReached()));
        assertThat(failures).hasSize(PeerRequestQueues.MAX_IN_FLIGHT);
        assertThat(pending).last().satisfies(sent -> assertThat(sent.queryId()).isEqualTo(new QueryId(5000)));

        long deadline = fixture.engine.nextDeadlineNanos();
        fixture.advance(new EngineEvent.DeadlineReached());
        assertThat(fixture.engine.nextDeadlineNanos())
                .as("deadline after an event that changes nothing")
                .isEqualTo(deadline);
    }

    @Test
    void aDelayedRequestOfACancelledQueryIsNeverSent() {
        EngineFixture fixture = startQueries(EngineFixture.config(), PeerRequestQueues.MAX_IN_FLIGHT + 2);
        assertThat(pending).hasSize(PeerRequestQueues.MAX_IN_FLIGHT);
        take(fixture.advance(new EngineEvent.CancelQuery(new QueryId(1000 + PeerRequestQueues.MAX_IN_FLIGHT + 1))));
        EngineAction.SendRequest first = pending.remove();
        take(fixture.advance(new EngineEvent.ResponseReceived(first.requestId(), new KadResponse.FindNode(List.of()))));

        assertThat(pending)
                .last()
                .satisfies(request -> assertThat(request.queryId())
                        .isEqualTo(new QueryId(1000 + PeerRequestQueues.MAX_IN_FLIGHT + 2)));
    }

    @Test
    void aRequestThatWaitedTooLongOnItsConnectionIsSentAgain() {
        EngineFixture fixture = startQueries(EngineFixture.config(), 1);
        EngineAction.SendRequest first = pending.remove();
        take(fixture.advance(new EngineEvent.RequestQueued(first.requestId())));
        fixture.skip(first.timeout());
        take(fixture.advance(overloaded(first)));
        assertThat(failures).isEmpty();
        assertThat(pending).extracting(EngineAction.SendRequest::requestId).containsExactly(first.requestId());

        take(fixture.advance(new EngineEvent.ResponseReceived(first.requestId(), new KadResponse.FindNode(List.of()))));
        assertThat(completed).isEqualTo(1);
    }

    /** While the request waits, the timeout of further requests doubles three times, as others to the peer time out. */
    @Test
    void itIsSentAgainAlthoughTheTimeoutOfItsPeerHasGrown() {
        EngineFixture fixture = new EngineFixture();
        fixture.connectServers(1);
        fixture.measureRoundTrips();
        startQueries(fixture, 4);
        EngineAction.SendRequest first = pending.remove();
        take(fixture.advance(new EngineEvent.RequestQueued(first.requestId())));
        for (EngineAction.SendRequest other : List.copyOf(pending)) {
            take(fixture.advance(new EngineEvent.RequestFailed(other.requestId(), EngineFixture.TIMED_OUT)));
        }
        pending.clear();
        failures.clear();
        fixture.skip(first.timeout());
        take(fixture.advance(overloaded(first)));

        assertThat(failures).isEmpty();
        assertThat(pending).singleElement().satisfies(again -> {
            assertThat(again.requestId()).isEqualTo(first.requestId());
            assertThat(again.timeout()).isGreaterThan(first.timeout().multipliedBy(2));
        });
    }

    @Test
    void aDelayedRequestThatIsRefusedAtOnceFails() {
        EngineFixture fixture = startQueries(EngineFixture.config(), 1);
        EngineAction.SendRequest first = pending.remove();
        take(fixture.advance(new EngineEvent.RequestQueued(first.requestId())));
        take(fixture.advance(overloaded(first)));
        assertThat(pending).isEmpty();
        assertThat(failures)
                .hasOnlyElementsOfType(KadException.Overloaded.class)
                .hasSize(1);
    }

    private static EngineEvent overloaded(EngineAction.SendRequest request) {
        return new EngineEvent.RequestFailed(
                request.requestId(), EngineFixture.failure(TransportFailure.Kind.OVERLOADED));
    }

    /** Peer 2 responds at once, peer 1 after 100 ms, to 128 requests at a time: the last one waits for 3 s until it is sent. */
    @Test
    void aDelayedRequestAgesFromItsSending() {
        EngineFixture fixture = new EngineFixture();
        fixture.connectServers(1, 2);
        fixture.measureRoundTrips();
        startQueries(fixture, 30 * PeerRequestQueues.MAX_IN_FLIGHT);
        while (!pending.isEmpty()) {
            respondAs(fixture, 2);
            pass(fixture, Duration.ofMillis(100));
            respondAs(fixture, 1);
        }

        assertThat(failures).isEmpty();
        assertThat(completed).isEqualTo(30 * PeerRequestQueues.MAX_IN_FLIGHT);
        assertThat(fixture.all(EngineAction.CompleteQuery.class))
                .extracting(done -> ((ClosestPeersResult) done.result()).peers().size())
                .as("peers found")
                .containsOnly(2);
    }

    /** Responds to the requests that peer {@code number} has now; as peer 2, also to those that follow at once. */
    private void respondAs(EngineFixture fixture, int number) {
        List<EngineAction.SendRequest> received;
        do {
            received = pending.stream()
                    .filter(request -> request.peer().id().equals(Peers.peer(number)))
                    .toList();
            pending.removeAll(received);
            for (EngineAction.SendRequest request : received) {
                take(fixture.advance(
                        new EngineEvent.ResponseReceived(request.requestId(), new KadResponse.FindNode(List.of()))));
            }
        } while (number == 2 && !received.isEmpty());
    }

    private void pass(EngineFixture fixture, Duration duration) {
        int before = fixture.actions().size();
        fixture.pass(duration);
        take(fixture.actions().subList(before, fixture.actions().size()));
    }

    /** The transport holds the request back for 5 s. */
    @Test
    void aRequestThatWaitsInTheTransportAgesFromItsSending() {
        EngineFixture fixture = withTwoPeers();
        Duration timeout = fixture.pendingTo(1).timeout();
        fixture.advance(new EngineEvent.RequestQueued(fixture.pendingTo(1).requestId()));
        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of()));
        fixture.pass(Duration.ofSeconds(5));
        fixture.advance(new EngineEvent.RequestDequeued(fixture.pendingTo(1).requestId()));
        fixture.pass(Duration.ofMillis(100));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of()));

        assertThat(fixture.result(ClosestPeersResult.class).peers()).hasSize(2);
        assertThat(fixture.queryEvents(QueryEvent.ResponseReceived.class))
                .last()
                .satisfies(event -> assertThat(event.elapsed()).isEqualTo(Duration.ofMillis(100)));
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        assertThat(fixture.pendingTo(1).timeout()).isEqualTo(timeout);
    }

    @Test
    void aRequestThatWasNeverSentIsNoTimeoutOfItsPeer() {
        EngineFixture fixture = withTwoPeers();
        Duration timeout = fixture.pendingTo(1).timeout();
        fixture.advance(new EngineEvent.RequestQueued(fixture.pendingTo(1).requestId()));
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));

        assertThat(fixture.pendingTo(1).timeout()).isEqualTo(timeout);
    }

    private static EngineFixture withTwoPeers() {
        EngineFixture fixture = new EngineFixture();
        fixture.connectServers(1, 2);
        fixture.measureRoundTrips();
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        return fixture;
    }
}
