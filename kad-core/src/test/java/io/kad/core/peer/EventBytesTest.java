package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.api.QueryStats;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.record.Record;
import io.kad.api.result.BootstrapResult;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One budget bounds the events of a peer and those of its queries. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class EventBytesTest {

    private static final int EVENT_BYTES = 500_000;

    private final PeerFixture fixture = new PeerFixture();

    /** Subscriber that never asks for an event. */
    private static final class Idle implements Flow.Subscriber<DhtEvent> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(DhtEvent event) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    private static Record record(int bytes) {
        return Record.of(RecordKey.utf8("/app/x"), Bytes.of(new byte[bytes]));
    }

    private void fillSubscribers(int count) {
        DhtEvent large = new DhtEvent.RequestServed(
                new InboundRequest(Peers.peer(1), Peers.address(1), new KadRequest.PutValue(record(EVENT_BYTES))),
                true);
        fixture.engine.on(EngineEvent.RemovePeer.class, (event, out) -> {
            out.emit(new EngineAction.EmitDhtEvent(large));
            out.emit(new EngineAction.EmitDhtEvent(large));
        });
        for (int number = 0; number < count; number++) {
            fixture.peer.events().subscribe(new Idle());
        }
        var unused = fixture.peer.removePeer(Peers.peer(1));
        fixture.world.settle();
    }

    /** Starts queries whose user reads no event, and returns how many events of 60,000 bytes they have dropped. */
    private long dropsOf(int queries) {
        fixture.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.EmitQueryEvent(
                        new QueryEvent.RecordFound(event.queryId(), Optional.empty(), record(60_000)),
                        QueryStats.NONE)));
        List<Query<BootstrapResult>> started = IntStream.range(0, queries)
                .mapToObj(number -> fixture.peer.bootstrap())
                .toList();
        fixture.world.settle();
        return started.stream().mapToLong(Query::droppedEvents).sum();
    }

    @Test
    void subscribersOfThePeerAndOfQueriesShareOneBudget() {
        fillSubscribers(Kademlia.MAX_EVENT_BYTES / (2 * EVENT_BYTES));

        assertThat(fixture.peer.droppedEvents()).isZero();
        assertThat(dropsOf(100)).isGreaterThan(80);
    }

    @Test
    void queriesDropNothingWhileThereIsRoom() {
        fillSubscribers(1);

        assertThat(dropsOf(100)).isZero();
    }
}
