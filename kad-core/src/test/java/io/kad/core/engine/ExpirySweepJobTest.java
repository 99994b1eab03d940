package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.spi.store.StoreException;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How expired records leave the stores. */
class ExpirySweepJobTest {

    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration LONGEST = INTERVAL.plusMinutes(1);

    private static EngineFixture sweeping() {
        EngineFixture fixture = new EngineFixture(
                EngineFixture.config().set(KademliaConfig.EXPIRY_SWEEP_INTERVAL, Optional.of(INTERVAL)));
        fixture.advance(new EngineEvent.DeadlineReached());
        return fixture;
    }

    private static EngineAction.RemoveExpiredRecords records(EngineFixture fixture) {
        return fixture.last(EngineAction.RemoveExpiredRecords.class);
    }

    private static int steps(EngineFixture fixture) {
        return fixture.all(EngineAction.RemoveExpiredRecords.class).size();
    }

    @Test
    void bothStoresAreSweptOncePerInterval() {
        EngineFixture fixture = sweeping();
        fixture.pass(LONGEST);
        assertThat(fixture.all(EngineAction.RemoveExpiredRecords.class)).hasSize(1);
        assertThat(fixture.all(EngineAction.RemoveExpiredProviders.class)).hasSize(1);
        assertThat(records(fixture).limit()).isEqualTo(1024);
        fixture.advance(new EngineEvent.ExpiredRemoved(records(fixture).operationId(), 1023));
        fixture.pass(INTERVAL.dividedBy(2));
        assertThat(steps(fixture)).isEqualTo(1);
        fixture.pass(LONGEST);
        assertThat(steps(fixture)).isEqualTo(2);
        // the sweep of the providers still waits for its result
        assertThat(fixture.all(EngineAction.RemoveExpiredProviders.class)).hasSize(1);
    }

    @Test
    void aFullStepIsFollowedByTheNextImmediately() {
        EngineFixture fixture = sweeping();
        fixture.pass(LONGEST);
        for (int step = 1; step < 5; step++) {
            assertThat(steps(fixture)).isEqualTo(step);
            fixture.advance(new EngineEvent.ExpiredRemoved(records(fixture).operationId(), 1024));
        }
        fixture.advance(new EngineEvent.ExpiredRemoved(records(fixture).operationId(), 0));
        assertThat(steps(fixture)).isEqualTo(5);
    }

    @Test
    void aStoreThatFailsIsSweptAgainAfterTheInterval() {
        EngineFixture fixture = sweeping();
        fixture.pass(LONGEST);
        fixture.advance(new EngineEvent.StoreFailed(
                records(fixture).operationId(), new StoreException.Failed("disk", new IllegalStateException())));
        assertThat(steps(fixture)).isEqualTo(1);
        fixture.pass(LONGEST);
        assertThat(steps(fixture)).isEqualTo(2);
    }

    @Test
    void aResultOfAnUnknownOperationIsIgnored() {
        EngineFixture fixture = sweeping();
        fixture.advance(new EngineEvent.ExpiredRemoved(new StoreOperationId(4711), 1024));
        fixture.pass(LONGEST);
        fixture.advance(new EngineEvent.ExpiredRemoved(new StoreOperationId(4711), 1024));
        assertThat(steps(fixture)).isEqualTo(1);
    }

    @Test
    void withoutAnIntervalNothingIsSwept() {
        EngineFixture fixture =
                new EngineFixture(EngineFixture.config().set(KademliaConfig.EXPIRY_SWEEP_INTERVAL, Optional.empty()));
        fixture.pass(Duration.ofDays(2));
        assertThat(steps(fixture)).isZero();
    }
}
