package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.core.peer.PeerFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    void aCallOfAUserThatIsRefusedFails() {
        fixture.world.storeIsFull = true;
        CompletableFuture<?> sizes = fixture.peer.storeSizes();
        fixture.world.settle();

        assertThat(sizes).failsWithin(Duration.ZERO);
    }
}
