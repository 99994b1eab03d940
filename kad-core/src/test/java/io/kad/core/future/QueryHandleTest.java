package io.kad.core.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KadException;
import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.result.BootstrapResult;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.event.QueryEventWeigher;
import io.kad.core.event.RecordingSubscriber;
import io.kad.core.peer.PeerFixture;
import io.kad.core.peer.SilentLog;
import io.kad.core.runtime.EngineDriver;
import io.kad.core.runtime.ManualEnvironment;
import io.kad.core.runtime.ScriptedEngine;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentLog.class)
class QueryHandleTest {

    private static final QueryStats STATS = new QueryStats(3, 2, 1, 1, Duration.ofMillis(5));
    private static final BootstrapResult ANSWER = new BootstrapResult(7, 2, STATS);

    private final PeerFixture fixture = new PeerFixture();
    private final ManualEnvironment world = fixture.world;
    private final ScriptedEngine engine = fixture.engine;

    private Query<BootstrapResult> begin() {
        Query<BootstrapResult> query = fixture.peer.bootstrap();
        world.settle();
        return query;
    }

    /** Lets the engine do {@code actions} in its next turn. */
    private void engineDoes(EngineAction... actions) {
        engine.on(EngineEvent.DeadlineReached.class, (event, out) -> {
            for (EngineAction action : actions) {
                out.emit(action);
            }
        });
        engine.deadlineNanos = world.nanos() + 1;
        engine.on(EngineEvent.RemovePeer.class, (event, out) -> {});
        var unused = fixture.peer.removePeer(Peers.peer(1)); // a turn, after which the alarm is set
        world.runEngine();
        var due = world.timers.remove(0);
        due.task().run();
        world.runEngine();
    }

    private static EngineAction finished(Query<?> query) {
        return new EngineAction.EmitQueryEvent(new QueryEvent.Ended(query.id(), STATS), STATS);
    }

    private static EngineAction stored(Query<?> query, int peer) {
        return new EngineAction.EmitQueryEvent(new QueryEvent.RecordStored(query.id(), Peers.peer(peer)), STATS);
    }

    private RecordingSubscriber<QueryEvent> subscribe(Query<?> query, long demand) {
        RecordingSubscriber<QueryEvent> subscriber = new RecordingSubscriber<>(demand);
        query.events().subscribe(subscriber);
        world.runCallbacks();
        return subscriber;
    }

    @Test
    void aQueryBeginsInTheEngineAndIsListedWhileItRuns() {
        Query<BootstrapResult> query = begin();

        assertThat(engine.told(EngineEvent.StartQuery.class))
                .singleElement()
                .satisfies(start -> assertThat(start.queryId()).isEqualTo(query.id()));
        assertThat(query.id()).isEqualTo(new QueryId(1));
        assertThat(fixture.peer.queries()).extracting("id").containsExactly(query.id());
        assertThat(fixture.peer.query(query.id())).containsSame(query);
        assertThat(query.stats().requests()).isZero();
    }

    @Test
    void theAnswerComesOnTheCallbackExecutorAndTheQueryIsListedNoMore() {
        Query<BootstrapResult> query = begin();
        RecordingSubscriber<QueryEvent> subscriber = subscribe(query, 10);

        engineDoes(stored(query, 1), finished(query), new EngineAction.CompleteQuery(query.id(), ANSWER));
        assertThat(query.result()).isNotDone();

        world.runCallbacks();
        assertThat(query.result()).isCompletedWithValue(ANSWER);
        assertThat(query.stats()).isEqualTo(STATS);
        assertThat(subscriber.events)
                .containsExactly(
                        new QueryEvent.RecordStored(query.id(), Peers.peer(1)),
                        new QueryEvent.Ended(query.id(), STATS));
        assertThat(subscriber.signals).endsWith("complete");
        assertThat(fixture.peer.queries()).isEmpty();
        assertThat(fixture.peer.query(query.id())).isEmpty();
        assertThat(engine.told(EngineEvent.CancelQuery.class)).isEmpty();
    }

    @Test
    void aFailureIsTheOneOfTheEngine() {
        Query<BootstrapResult> query = begin();
        KadException failure = new KadException.Overloaded("later");

        engineDoes(finished(query), new EngineAction.FailQuery(query.id(), failure));
        world.runCallbacks();

        assertThatThrownBy(() -> query.result().get())
                .isInstanceOf(ExecutionException.class)
                .hasCause(failure);
    }

    @Test
    void cancellingTheQueryReachesTheEngineOnceAndEndsTheEvents() {
        Query<BootstrapResult> query = begin();
        RecordingSubscriber<QueryEvent> subscriber = subscribe(query, 10);

        query.cancel();
        query.cancel();
        world.settle();

        assertThat(engine.told(EngineEvent.CancelQuery.class)).containsExactly(new EngineEvent.CancelQuery(query.id()));
        assertThat(query.result()).isCancelled();
        assertThat(subscriber.events)
                .hasOnlyElementsOfType(QueryEvent.Ended.class)
                .hasSize(1);
        assertThat(subscriber.signals).endsWith("complete");
        assertThat(fixture.peer.queries()).isEmpty();
    }

    @Test
    void cancellingTheFutureCancelsTheQuery() {
        Query<BootstrapResult> query = begin();

        assertThat(query.result().cancel(true)).isTrue();
        world.settle();

        assertThat(engine.told(EngineEvent.CancelQuery.class)).hasSize(1);
        assertThatThrownBy(() -> query.result().join()).isInstanceOf(CancellationException.class);
    }

    @Test
    void aFutureThatTimesOutCancelsTheQuery() {
        Query<BootstrapResult> query = begin();

        CompletableFuture<BootstrapResult> limited = query.result().orTimeout(1, TimeUnit.MILLISECONDS);
        assertThatThrownBy(limited::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        // The future's dependents run on the thread of the JDK's timer, one of them posts to the engine
        Awaitility.await().until(() -> !world.engine.isEmpty());
        world.settle();

        assertThat(engine.told(EngineEvent.CancelQuery.class)).hasSize(1);
    }

    @Test
    void cancellingALaterStepLeavesTheQueryRunning() {
        Query<BootstrapResult> query = begin();

        query.result().thenApply(BootstrapResult::peers).cancel(true);
        world.settle();

        assertThat(engine.told(EngineEvent.CancelQuery.class)).isEmpty();
        assertThat(query.result()).isNotDone();
    }

    @Test
    void anAnswerAfterCancellingChangesNothing() {
        Query<BootstrapResult> query = begin();
        query.cancel();

        engineDoes(finished(query), new EngineAction.CompleteQuery(query.id(), ANSWER));
        world.settle();

        assertThat(query.result()).isCancelled();
    }

    @Test
    void cancellingAfterTheAnswerIsOnItsWayReachesNobody() {
        Query<BootstrapResult> query = begin();
        engineDoes(finished(query), new EngineAction.CompleteQuery(query.id(), ANSWER));

        query.cancel();
        world.settle();

        assertThat(engine.told(EngineEvent.CancelQuery.class)).isEmpty();
        assertThat(query.result()).isCancelled();
    }

    @Test
    void finishingReachesTheEngineOnceHoweverOftenItIsAsked() {
        Query<BootstrapResult> query = begin();

        query.finish();
        query.finish();
        world.settle();

        assertThat(engine.told(EngineEvent.FinishQuery.class)).containsExactly(new EngineEvent.FinishQuery(query.id()));
        assertThat(query.result()).isNotDone();
    }

    @Test
    void aSlowSubscriberMissesStepsButSeesTheEnd() {
        Query<BootstrapResult> query = begin();
        RecordingSubscriber<QueryEvent> subscriber = subscribe(query, 0);

        int fitting = Query.EVENT_BUFFER_BYTES
                / QueryEventWeigher.INSTANCE.bytes(new QueryEvent.RecordStored(query.id(), Peers.peer(1)));
        engineDoes(IntStream.rangeClosed(0, fitting)
                .mapToObj(step -> stored(query, step))
                .toArray(EngineAction[]::new));
        engineDoes(finished(query), new EngineAction.CompleteQuery(query.id(), ANSWER));
        world.runCallbacks();
        assertThat(query.result()).isDone();
        assertThat(subscriber.events).isEmpty();

        subscriber.subscription.request(Long.MAX_VALUE);
        world.runCallbacks();

        assertThat(subscriber.events).hasSize(fitting + 1);
        assertThat(query.droppedEvents()).isEqualTo(1);
        assertThat(subscriber.events).last().isInstanceOf(QueryEvent.Ended.class);
        assertThat(subscriber.signals).endsWith("complete");
    }

    @Test
    void aQueryThatTheEngineRefusesHasItsEventsEndedToo() {
        engine.on(
                EngineEvent.StartQuery.class,
                (start, out) -> out.emit(
                        new EngineAction.FailQuery(start.queryId(), new KadException.Overloaded("too many queries"))));
        Query<BootstrapResult> query = fixture.peer.bootstrap();
        RecordingSubscriber<QueryEvent> subscriber = new RecordingSubscriber<>(10);
        query.events().subscribe(subscriber);
        world.settle();

        assertThat(query.result()).isCompletedExceptionally();
        assertThat(subscriber.events)
                .hasOnlyElementsOfType(QueryEvent.Ended.class)
                .hasSize(1);
    }

    @Test
    void aQueryAtWhichTheEngineBreaksFailsAndHangsNot() {
        RuntimeException defect = new IllegalStateException("a defect");
        engine.on(EngineEvent.StartQuery.class, (start, out) -> {
            throw defect;
        });

        Query<BootstrapResult> query = begin();

        assertThatThrownBy(() -> query.result().get())
                .hasCauseInstanceOf(KadException.InternalFailure.class)
                .hasRootCause(defect);
        assertThat(fixture.peer.queries()).isEmpty();
    }

    @Test
    void argumentsOutOfRangeFailTheQueryAndReachNoEngine() {
        assertThat(failureOf(fixture.peer.getClosestPeers(Bytes.utf8("x"), 0)))
                .isInstanceOf(KadException.InvalidRequest.class);
        assertThat(failureOf(fixture.peer.getClosestPeers(Bytes.utf8("x"), 21)))
                .isInstanceOf(KadException.InvalidRequest.class);
        assertThat(failureOf(fixture.peer.getProviders(RecordKey.utf8("x"), -1)))
                .isInstanceOf(KadException.InvalidRequest.class);
        assertThat(engine.told(EngineEvent.StartQuery.class)).isEmpty();

        fixture.peer.getClosestPeers(Bytes.utf8("x"), 1);
        fixture.peer.getClosestPeers(Bytes.utf8("x"), 20);
        fixture.peer.getProviders(RecordKey.utf8("x"), 0);
        world.settle();
        assertThat(engine.told(EngineEvent.StartQuery.class)).hasSize(3);
    }

    private Throwable failureOf(Query<?> query) {
        world.settle();
        return query.result().handle((answer, failure) -> failure).join();
    }

    @Test
    void moreCommandsThanMayWaitAreRefused() {
        for (int number = 0; number < EngineDriver.MAX_WAITING_EVENTS; number++) {
            assertThat(fixture.peer.bootstrap().result()).isNotDone();
        }

        Query<BootstrapResult> oneTooMany = fixture.peer.bootstrap();
        CompletableFuture<Boolean> command = fixture.peer.removePeer(Peers.peer(1));
        world.runCallbacks();

        assertThatThrownBy(() -> oneTooMany.result().get()).hasCauseInstanceOf(KadException.Overloaded.class);
        assertThatThrownBy(command::get).hasCauseInstanceOf(KadException.Overloaded.class);
        world.settle();
        assertThat(fixture.peer.getRecord(RecordKey.utf8("x"), Quorum.one()).result())
                .isNotDone();
    }
}
