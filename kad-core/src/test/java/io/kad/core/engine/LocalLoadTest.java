package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadResponse;
import io.kad.core.query.QuerySpec;
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
        for (int number = 1; number <= count; number++) {
            take(fixture.advance(new EngineEvent.StartQuery(
                    new QueryId(number), new QuerySpec.GetClosestPeers(Bytes.utf8("key " + number), 20))));
        }
        return fixture;
    }

    @Test
    void manyQueriesForOnePeerWaitAndNoneFails() {
        EngineFixture fixture = startQueries(EngineFixture.config(), 1200);
        int most = pending.size();
        while (!pending.isEmpty()) {
            EngineAction.SendRequest next = pending.remove();
            take(fixture.advance(
                    new EngineEvent.ResponseReceived(next.request(), new KadResponse.FindNode(List.of()))));
            most = Math.max(most, pending.size());
        }

        assertThat(most).isLessThanOrEqualTo(RequestPacer.MAX_IN_FLIGHT).isLessThan(TRANSPORT_LINE);
        assertThat(failures).isEmpty();
        assertThat(completed).isEqualTo(1200);
    }

    @Test
    void queriesBeyondTheLimitAreOverloaded() {
        startQueries(EngineFixture.config().set(KademliaConfig.MAX_CONCURRENT_QUERIES, 100), 150);

        assertThat(failures).hasSize(50).hasOnlyElementsOfType(KadException.Overloaded.class);
    }

    @Test
    void aDelayedRequestOfACancelledQueryIsNeverSent() {
        EngineFixture fixture = startQueries(EngineFixture.config(), RequestPacer.MAX_IN_FLIGHT + 2);
        assertThat(pending).hasSize(RequestPacer.MAX_IN_FLIGHT);
        take(fixture.advance(new EngineEvent.CancelQuery(new QueryId(RequestPacer.MAX_IN_FLIGHT + 1))));
        EngineAction.SendRequest first = pending.remove();
        take(fixture.advance(new EngineEvent.ResponseReceived(first.request(), new KadResponse.FindNode(List.of()))));

        assertThat(pending)
                .last()
                .satisfies(
                        request -> assertThat(request.query()).isEqualTo(new QueryId(RequestPacer.MAX_IN_FLIGHT + 2)));
    }
}
