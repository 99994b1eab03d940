package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.core.peer.PeerFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A call that may block returns before its result, also if its executor refuses it. */
class StoreAccessTest {

    private final PeerFixture fixture = new PeerFixture(true);

    @Test
    void aRefusedCallFailsAfterItHasReturned() {
        fixture.world.storeIsFull = true;
        List<String> order = new ArrayList<>();
        StoreAccess<Object> access = new StoreAccess<>(
                this, this, true, () -> {}, fixture.world.environment().storeExecutor(), fixture.world.engine::add);
        access.call(store -> "read", order::add, failure -> order.add("failed"));
        order.add("returned");
        fixture.world.settle();

        assertThat(order).containsExactly("returned", "failed");
    }

    @Test
    void everyKindOfFailureIsLoggedOnce() {
        StoreAccess<Object> access = new StoreAccess<>(
                this, this, true, () -> {}, fixture.world.environment().storeExecutor(), fixture.world.engine::add);
        try (RecordedLog log = new RecordedLog(StoreAccess.class)) {
            for (int time = 0; time < 2; time++) {
                access.call(StoreAccessTest::nothing, result -> {}, failure -> {});
                fixture.world.settle();
                fixture.world.storeIsFull = true;
                access.call(store -> "read", result -> {}, failure -> {});
                fixture.world.settle();
                fixture.world.storeIsFull = false;
            }
            assertThat(log.lines)
                    .filteredOn(line -> line.startsWith("WARN"))
                    .satisfiesExactly(
                            first -> assertThat(first).contains("returned null"),
                            second -> assertThat(second).contains("too many pending store calls"));
        }
    }

    @Test
    void aFaultOfAnObserverIsNoFailureOfTheStore() {
        IllegalStateException fault = new IllegalStateException("an observer must not throw");
        StoreAccess<Object> access = new StoreAccess<Object>(this, this, false, () -> {}, Runnable::run, Runnable::run)
                .observedBy(new StoreAccess.CallObserver() {
                    @Override
                    public long begin() {
                        return 0;
                    }

                    @Override
                    public void end(long start, Optional<Throwable> failure) {
                        if (failure.isEmpty()) {
                            throw fault;
                        }
                    }
                });
        List<Object> failures = new ArrayList<>();

        assertThatThrownBy(() -> access.call(store -> "read", result -> {}, failures::add))
                .isSameAs(fault);
        assertThat(failures).isEmpty();
    }

    @SuppressWarnings("NullAway") // a store may be wrong
    private static String nothing(Object store) {
        return null;
    }

    @Test
    void aCallOfAUserThatIsRefusedFails() {
        fixture.world.storeIsFull = true;
        CompletableFuture<?> sizes = fixture.peer.storeSizes();
        fixture.world.settle();

        assertThat(sizes).failsWithin(Duration.ZERO);
    }
}
