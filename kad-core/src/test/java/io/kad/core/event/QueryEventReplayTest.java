package io.kad.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.engine.Peers;
import io.kad.core.runtime.ManualEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Events of queries are kept for their first subscriber, and bounded by bytes. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class QueryEventReplayTest {

    private static final QueryId ID = new QueryId(1);

    private final ManualEnvironment world = new ManualEnvironment();
    private final EventBudget budget = new EventBudget(Kademlia.MAX_EVENT_BYTES);
    private final QueryEventReplay kept = new QueryEventReplay(
            budget,
            world.callbacks::add,
            (nanos, task) -> world.timers.add(new ManualEnvironment.Alert(world.nanos() + nanos, task)),
            world::nanos);

    private static QueryEvent stored(int number) {
        return new QueryEvent.RecordStored(ID, Peers.peer(number));
    }

    private static QueryEvent found(int bytes) {
        return new QueryEvent.RecordFound(
                ID, Optional.empty(), Record.of(RecordKey.utf8("/app/x"), Bytes.of(new byte[bytes])));
    }

    private static QueryEvent ended() {
        return new QueryEvent.Ended(ID, QueryStats.NONE);
    }

    private List<QueryEvent> read(EventPublisher<QueryEvent> events) {
        RecordingSubscriber<QueryEvent> subscriber = new RecordingSubscriber<>(Long.MAX_VALUE);
        events.subscribe(subscriber);
        world.runCallbacks();
        return subscriber.events;
    }

    @Test
    void theFirstSubscriberHasAllEventsAndTheSecondOnlyFurtherOnes() {
        EventPublisher<QueryEvent> events = kept.newPublisher();
        events.emit(stored(1));
        List<QueryEvent> first = read(events);
        List<QueryEvent> second = read(events);
        events.emit(stored(2));
        events.complete(ended());
        world.runCallbacks();

        assertThat(first).containsExactly(stored(1), stored(2), ended());
        assertThat(second).containsExactly(stored(2), ended());
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void progressIsDroppedBeforeFindingsAndDropsAreCounted() {
        EventPublisher<QueryEvent> events = kept.newPublisher();
        for (int number = 0; number < 5000; number++) {
            events.emit(stored(number));
        }
        for (int number = 0; number < 60; number++) {
            events.emit(found(800));
        }
        events.complete(ended());
        assertThat(budget.usedBytes()).isLessThanOrEqualTo(Query.EVENT_BUFFER_BYTES);
        List<QueryEvent> read = read(events);

        assertThat(read).filteredOn(QueryEvent.RecordFound.class::isInstance).hasSize(60);
        assertThat(read).last().isEqualTo(ended());
        assertThat(events.dropped()).isEqualTo(5061 - read.size()).isPositive();
    }

    @Test
    void eventsAreFreedSomeTimeAfterTheEnd() {
        EventPublisher<QueryEvent> events = kept.newPublisher();
        events.emit(stored(1));
        events.complete(ended());
        kept.ended(events);
        world.pass(QueryEventReplay.KEPT_NANOS - 1);
        assertThat(budget.usedBytes()).isPositive();

        world.pass(1);

        assertThat(budget.usedBytes()).isZero();
        assertThat(read(events)).isEmpty();
        assertThat(world.timers).isEmpty();
    }

    @Test
    void eventsAreFreedWithTheirHandle() {
        for (int number = 0; number < 10; number++) {
            kept.newPublisher().emit(found(1000));
        }
        Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            System.gc();
            assertThat(budget.usedBytes()).isZero();
        });
    }

    @Test
    void allQueriesTogetherAreBoundedAndThoseThatEndedFirstMakeRoom() {
        List<EventPublisher<QueryEvent>> all = new ArrayList<>();
        int perQuery = 60_000;
        int count = 2 * Kademlia.MAX_EVENT_BYTES / perQuery;
        for (int number = 0; number < count; number++) {
            EventPublisher<QueryEvent> events = kept.newPublisher();
            events.emit(found(perQuery));
            events.complete(ended());
            kept.ended(events);
            all.add(events);
        }

        assertThat(budget.usedBytes()).isLessThanOrEqualTo(Kademlia.MAX_EVENT_BYTES);
        assertThat(read(all.get(0))).isEmpty();
        assertThat(read(all.get(count - 1))).hasSize(2);
    }

    @Test
    void theBufferOfASubscriberOfAPeerIsBoundedByBytes() {
        EventPublisher<DhtEvent> publisher =
                new EventPublisher<>(world.callbacks::add, DhtEventWeigher.INSTANCE, 1 << 20, budget);
        publisher.subscribe(new RecordingSubscriber<>(0));
        Record large = Record.of(RecordKey.utf8("/app/x"), Bytes.of(new byte[1 << 19]));
        for (int number = 0; number < 4096; number++) {
            publisher.emit(new DhtEvent.RequestServed(
                    new InboundRequest(Peers.peer(1), Peers.address(1), new KadRequest.PutValue(large)), true));
        }

        assertThat(budget.usedBytes()).isBetween(1L << 19, 1L << 20);
        assertThat(publisher.dropped()).isGreaterThan(4000);
    }
}
