package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.result.BootstrapResult;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Now;
import io.kad.core.engine.Peers;
import io.kad.core.peer.PeerFixture;
import io.kad.core.peer.SilentLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentLog.class)
class EngineDriverTest {

    private final PeerFixture fixture = new PeerFixture();
    private final ManualEnvironment world = fixture.world;
    private final ScriptedEngine engine = fixture.engine;

    private void turnWithDeadline(long nanos) {
        engine.deadlineNanos = nanos;
        var unused = fixture.peer.mode(Mode.CLIENT);
        world.settle();
    }

    private int wakeUps() {
        return engine.told(EngineEvent.DeadlineReached.class).size();
    }

    @Test
    void theEngineIsToldBothTimes() {
        world.pass(5_000);
        turnWithDeadline(Long.MAX_VALUE);

        assertThat(engine.times).last().isEqualTo(new Now(5_000, ManualEnvironment.EPOCH.plusNanos(5_000)));
    }

    @Test
    void theEngineIsWokenAtItsDeadline() {
        turnWithDeadline(1_000);

        world.pass(999);
        assertThat(wakeUps()).isZero();
        world.pass(1);
        assertThat(wakeUps()).isEqualTo(1);
        world.pass(1_000_000);
        assertThat(wakeUps()).isEqualTo(1);
        assertThat(world.timers).isEmpty();
    }

    @Test
    void anEarlierDeadlineReplacesTheTimer() {
        turnWithDeadline(1_000);
        turnWithDeadline(400);

        assertThat(world.timers).extracting(ManualEnvironment.Alert::nanos).containsExactly(400L);
        world.pass(400);
        assertThat(wakeUps()).isEqualTo(1);
    }

    @Test
    void aLaterDeadlineLeavesTheTimerAndIsKeptNonetheless() {
        turnWithDeadline(1_000);
        turnWithDeadline(5_000);
        assertThat(world.timers).extracting(ManualEnvironment.Alert::nanos).containsExactly(1_000L);

        world.pass(1_000);
        assertThat(world.timers).extracting(ManualEnvironment.Alert::nanos).containsExactly(5_000L);
        world.pass(4_000);
        assertThat(engine.times).last().extracting(Now::nanos).isEqualTo(5_000L);
    }

    /** Responses that were read during a pause are processed before the deadlines that it would have missed. */
    @Test
    void aPauseIsNoTimeForTheEngine() {
        turnWithDeadline(1_000);
        world.stall(TimeUnit.MINUTES.toNanos(10));
        turnWithDeadline(7_000);
        assertThat(engine.times).last().extracting(Now::nanos).isEqualTo(1_000L);
        assertThat(engine.times)
                .last()
                .extracting(Now::wall)
                .isEqualTo(ManualEnvironment.EPOCH.plus(Duration.ofMinutes(10)));

        world.pass(6_000);
        assertThat(engine.times).last().extracting(Now::nanos).isEqualTo(7_000L);
    }

    @Test
    void thereIsNeverMoreThanOneTimer() {
        for (long deadline : new long[] {900, 300, 700, 200, 800, 100}) {
            turnWithDeadline(deadline);
            assertThat(world.timers).hasSize(1);
        }
    }

    @Test
    void aTimerThatRangJustBeforeItWasReplacedWakesNobody() {
        turnWithDeadline(1_000);
        Runnable overtaken = world.timers.get(0).task();
        turnWithDeadline(400);

        overtaken.run();
        world.settle();

        assertThat(wakeUps()).isZero();
        assertThat(world.timers).hasSize(1);
    }

    @Test
    void anEngineThatBreaksAtItsDeadlineDoesNotKeepAThreadBusy() {
        engine.on(EngineEvent.DeadlineReached.class, (event, out) -> {
            throw new IllegalStateException("a defect");
        });
        turnWithDeadline(1_000);

        world.pass(TimeUnit.SECONDS.toNanos(10));

        assertThat(wakeUps()).isBetween(2, 11);
    }

    @Test
    void anEngineThatBreaksKeepsItsOtherDeadlines() {
        engine.on(EngineEvent.SetMode.class, (event, out) -> {
            throw new IllegalStateException("a defect");
        });
        turnWithDeadline(1_000);
        world.pass(1_000);

        assertThat(wakeUps()).isEqualTo(1);
    }

    @Test
    void anEventThatStillWaitsAtTheCloseIsNotReportedAsProcessed() {
        EngineDriver driver = new EngineDriver(engine, world.environment(), results -> null);
        List<String> calls = new ArrayList<>();
        driver.begin(List.of());
        assertThat(driver.offer(new EngineEvent.DeadlineReached(), failure -> calls.add("waited")))
                .isTrue();
        driver.close();
        assertThat(driver.offer(new EngineEvent.DeadlineReached(), failure -> calls.add("came later")))
                .isTrue();
        world.settle();

        assertThat(calls).isEmpty();
    }

    /** A change that another part of the engine made in the same step is no result of the query. */
    @Test
    void aChangeThatFailsDoesNotFailAQueryThatRuns() {
        engine.on(EngineEvent.StartQuery.class, (event, out) -> out.emit(new EngineAction.Serve(true)));
        fixture.transport.defect = new IllegalStateException("cannot serve");
        Query<BootstrapResult> query = fixture.peer.bootstrap();
        world.settle();

        assertThat(query.result()).isNotDone();
        assertThat(fixture.peer.queries()).hasSize(1);
    }

    @Test
    void aCommandWhoseChangeFailsIsFailed() {
        engine.on(EngineEvent.SetMode.class, (event, out) -> out.emit(new EngineAction.Serve(true)));
        engine.on(
                EngineEvent.SetExternalAddresses.class,
                (event, out) -> out.emit(new EngineAction.Announce(event.addresses())));
        fixture.transport.defect = new IllegalStateException("cannot serve");
        var mode = fixture.peer.mode(Mode.SERVER);
        var addresses = fixture.peer.externalAddresses(Set.of(Peers.address(1)));
        world.settle();

        assertThat(mode).isCompletedExceptionally();
        assertThat(addresses).isCompletedExceptionally();
    }
}
