package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.EventRegistration;
import io.kad.api.event.QueryEvent;
import io.kad.api.result.BootstrapResult;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.event.EventBudget;
import io.kad.core.event.QueryEventReplay;
import io.kad.core.event.QueryEventWeigher;
import io.kad.core.future.QueryHandle;
import io.kad.core.query.QuerySpec;
import io.kad.core.runtime.RecordingTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The listener form and the stream form of events. */
@ExtendWith(SilentLog.class)
@Timeout(60)
class UserEventsTest {

    private static final QueryStats STATS = new QueryStats(3, 2, 1, 1, Duration.ofMillis(5));
    private static final QueryId ID = new QueryId(1);
    private static final QueryEvent FINISHED = new QueryEvent.Ended(ID, STATS);

    private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
    private final ExecutorService readers = Executors.newCachedThreadPool();
    private final List<QueryId> finished = new ArrayList<>();
    private final List<QueryId> cancelled = new ArrayList<>();
    private final QueryHandle<BootstrapResult> query = query();

    private QueryHandle<BootstrapResult> query() {
        QueryHandle.Control control = new QueryHandle.Control() {
            @Override
            public void finish(QueryId id) {
                finished.add(id);
            }

            @Override
            public void cancel(QueryId id) {
                cancelled.add(id);
            }
        };
        return new QueryHandle<>(
                ID,
                new QuerySpec.Bootstrap(Peers.peer(0)),
                callbacks,
                new QueryEventReplay(new EventBudget(1 << 20), callbacks, (nanos, task) -> {}, System::nanoTime),
                control);
    }

    @AfterEach
    void endThreads() {
        callbacks.shutdownNow();
        readers.shutdownNow();
    }

    private static QueryEvent step(int number) {
        return new QueryEvent.QuorumReached(ID, number);
    }

    private static List<QueryEvent> steps(int count) {
        return IntStream.range(0, count).mapToObj(UserEventsTest::step).toList();
    }

    private void report(List<QueryEvent> events) {
        events.forEach(event -> query.emit(event, STATS));
    }

    // --- listeners

    @Test
    void aListenerHearsTheEventsOfAPeerUntilItIsClosed() {
        PeerFixture fixture = new PeerFixture();
        fixture.engine.on(
                EngineEvent.RemovePeer.class,
                (event, out) -> out.emit(new EngineAction.EmitDhtEvent(new DhtEvent.PeerRemoved(event.peer()))));
        List<DhtEvent> heard = new ArrayList<>();
        List<DhtEvent> notHeard = new ArrayList<>();
        EventRegistration registration = fixture.peer.onEvent(heard::add);
        fixture.peer.onEvent(notHeard::add).close();

        var first = fixture.peer.removePeer(Peers.peer(1));
        fixture.world.settle();
        registration.close();
        registration.close();
        var second = fixture.peer.removePeer(Peers.peer(2));
        fixture.world.settle();

        assertThat(heard).containsExactly(new DhtEvent.PeerRemoved(Peers.peer(1)));
        assertThat(notHeard).isEmpty();
        assertThat(List.of(first, second)).noneMatch(Future::isDone);
    }

    @Test
    void aListenerHearsTheStepsOfAQueryToTheLast() {
        List<QueryEvent> heard = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        query.onEvent(event -> {
            heard.add(event);
            if (event instanceof QueryEvent.Ended) {
                ended.countDown();
            }
        });
        report(steps(3));
        report(List.of(FINISHED));

        assertThat(awaits(ended)).isTrue();
        assertThat(heard).containsExactly(step(0), step(1), step(2), FINISHED);
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aListenerMayCloseItsRegistration() {
        EventRegistration[] registration = new EventRegistration[1];
        List<QueryEvent> heard = new ArrayList<>();
        CountDownLatch registered = new CountDownLatch(1);
        registration[0] = query.onEvent(event -> {
            assertThat(awaits(registered)).isTrue();
            heard.add(event);
            registration[0].close();
        });
        registered.countDown();
        CountDownLatch others = new CountDownLatch(5);
        query.onEvent(event -> others.countDown());
        report(steps(5));

        assertThat(awaits(others)).isTrue();
        Awaitility.await().untilAsserted(() -> assertThat(heard).containsExactly(step(0)));
    }

    @Test
    void aListenerThatThrowsIsNotCalledAgainAndOthersAre() {
        List<QueryEvent> broken = new ArrayList<>();
        CountDownLatch others = new CountDownLatch(3);
        query.onEvent(event -> {
            broken.add(event);
            throw new IllegalStateException("a user's mistake");
        });
        query.onEvent(event -> others.countDown());
        report(steps(3));

        assertThat(awaits(others)).isTrue();
        Awaitility.await().untilAsserted(() -> assertThat(broken).containsExactly(step(0)));
    }

    // --- streams

    private <E> Future<List<E>> read(Stream<E> stream) {
        return readers.submit(() -> {
            try (stream) {
                return stream.toList();
            }
        });
    }

    private static <E> List<E> result(Future<List<E>> reading) throws Exception {
        return reading.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aStreamHasEveryStepAndEndsWithTheQuery() throws Exception {
        Stream<QueryEvent> stream = query.eventStream();
        report(steps(200));
        Future<List<QueryEvent>> reading = read(stream);
        report(List.of(step(200), FINISHED));

        assertThat(result(reading)).startsWith(step(0), step(1)).hasSize(202).endsWith(step(200), FINISHED);
    }

    @Test
    void aStreamThatNobodyReadsHoldsFewStepsAndTheLast() throws Exception {
        Stream<QueryEvent> stream = query.eventStream();
        report(steps(5000));
        report(List.of(FINISHED));

        List<QueryEvent> read = result(read(stream));
        int fitting = Query.EVENT_BUFFER_BYTES / QueryEventWeigher.INSTANCE.bytes(step(0));
        assertThat(read).hasSizeBetween(fitting, fitting + 32);
        assertThat(read).endsWith(FINISHED);
        assertThat(query.droppedEvents()).isEqualTo(5001 - read.size());
    }

    @Test
    void theFirstStreamOfAQueryThatHasEndedHasAllStepsAndTheSecondNone() throws Exception {
        report(steps(3));
        report(List.of(FINISHED));

        assertThat(result(read(query.eventStream()))).containsExactly(step(0), step(1), step(2), FINISHED);
        assertThat(result(read(query.eventStream()))).isEmpty();
    }

    @Test
    void aStreamEndsWithAQueryThatIsCancelledOrFails() throws Exception {
        Future<List<QueryEvent>> reading = read(query.eventStream());
        query.cancel();

        assertThat(result(reading)).singleElement().isInstanceOf(QueryEvent.Ended.class);
        assertThat(cancelled).containsExactly(ID);
    }

    @Test
    void aCancellationOrFinishThatComesBeforeTheStartIsRepeatedAfterIt() {
        query.finish();
        query.resendEarlyStop();
        assertThat(finished).containsExactly(ID, ID);

        query.cancel();
        query.resendEarlyStop();
        assertThat(cancelled).containsExactly(ID, ID);
        assertThat(finished).hasSize(2);
    }

    @Test
    void aReaderThatStopsEarlyLeavesTheQueryAlone() {
        try (Stream<QueryEvent> stream = query.eventStream()) {
            report(steps(3));
            assertThat(stream.skip(1).findFirst()).contains(step(1));
        }
        report(steps(3));

        assertThat(query.result()).isNotDone();
        assertThat(cancelled).isEmpty();
    }

    @Test
    void closingAStreamEndsTheReadThatWaits() throws Exception {
        Stream<QueryEvent> stream = query.eventStream();
        CountDownLatch first = new CountDownLatch(1);
        Future<List<QueryEvent>> reading =
                readers.submit(() -> stream.peek(event -> first.countDown()).toList());
        report(steps(1));
        assertThat(awaits(first)).isTrue();

        stream.close();

        assertThat(result(reading)).containsExactly(step(0));
    }

    @Test
    void aStreamThatIsClosedBeforeItIsReadDoesNotWait() throws Exception {
        Stream<QueryEvent> stream = query.eventStream();
        report(steps(5));
        Iterator<QueryEvent> iterator = stream.iterator();
        stream.close();

        assertThat(readers.submit(iterator::hasNext).get(20, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void anInterruptedReaderStopsWithItsInterruptKept() throws Exception {
        Future<Boolean> reading = readers.submit(() -> {
            Thread.currentThread().interrupt();
            try (Stream<QueryEvent> stream = query.eventStream()) {
                assertThatThrownBy(stream::toList).isInstanceOf(CancellationException.class);
            }
            return Thread.currentThread().isInterrupted();
        });

        assertThat(reading.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closingThePeerEndsEveryStream() throws Exception {
        Kademlia peer = Kademlia.builder()
                .identity(TestIdentity.of(0))
                .config(KademliaConfig.of("/test/kad/1.0.0"))
                .transport(new RecordingTransport())
                .recordStore(new HeapRecordStore())
                .providerStore(new HeapProviderStore())
                .build();
        peer.addAddress(Peers.peer(1), Peers.address(1)).get(20, TimeUnit.SECONDS);
        Future<List<DhtEvent>> events = read(peer.eventStream());
        Query<?> running = peer.findPeer(Peers.peer(2));
        Future<List<QueryEvent>> steps = read(running.eventStream());

        peer.close();

        result(events);
        assertThat(result(steps)).last().isInstanceOf(QueryEvent.Ended.class);
        assertThat(result(read(peer.eventStream()))).isEmpty();
    }

    @Test
    void whateverEndsFirstNoReaderIsLeftWaiting() throws Exception {
        for (int round = 0; round < 300; round++) {
            QueryHandle<BootstrapResult> each = query();
            Stream<QueryEvent> stream = each.eventStream();
            Iterator<QueryEvent> iterator = stream.iterator();
            Future<List<QueryEvent>> reading = readers.submit(() -> {
                List<QueryEvent> read = new ArrayList<>();
                iterator.forEachRemaining(read::add);
                return read;
            });
            Future<?> closing = readers.submit(stream::close);
            each.emit(step(0), STATS);
            each.complete(new BootstrapResult(0, 0, STATS));

            closing.get(20, TimeUnit.SECONDS);
            assertThat(result(reading)).hasSizeLessThanOrEqualTo(2);
        }
    }
}
