package io.kad.transport.netty.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Room of the responses of one connection. */
class SendBudgetTest {

    private static final int LARGE = 400;
    private static final int UNRESERVED = 1 << 20;

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final ByteBudget node = new ByteBudget(1 << 30);
    private final LimitCounters counters = new LimitCounters();
    private final SendBudget budget =
            new SendBudget(loop::add, 100, LARGE, node.addConnection("a", () -> {}), counters);
    private final List<String> granted = new ArrayList<>();

    private SendBudget.Reservation reserve(String name, long bytes) {
        return budget.reserve(bytes, () -> granted.add(name));
    }

    private void run() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    @Test
    void whatDoesNotFitWaitsInOrderAndIsNotOvertaken() {
        SendBudget.Reservation first = reserve("first", 80);
        SendBudget.Reservation second = reserve("second", 50);
        SendBudget.Reservation third = reserve("third", 10);
        assertThat(first.isGranted()).isTrue();
        assertThat(second.isGranted()).isFalse();
        assertThat(third.isGranted()).as("it would fit, but the second waits").isFalse();
        run();
        assertThat(granted).isEmpty();
        first.release();
        run();
        assertThat(granted).containsExactly("second", "third");
        assertThat(counters.get(LimitId.CONNECTION_SEND_BYTES)).isEqualTo(2);
    }

    @Test
    void aLargerMessageFitsAlone() {
        SendBudget.Reservation small = reserve("small", 2);
        reserve("large", LARGE);
        run();
        assertThat(granted).isEmpty();
        small.release();
        run();
        assertThat(granted).containsExactly("large");
        assertThat(reserve("next", 1).isGranted()).isFalse();
    }

    @Test
    void whatIsWrittenCountsUntilItHasLeft() {
        assertThat(budget.tryCharge(90)).isTrue();
        assertThat(node.chargedBytes()).isEqualTo(90);
        assertThat(reserve("response", 20).isGranted()).isFalse();
        budget.release(90);
        run();
        assertThat(granted).containsExactly("response");
        assertThat(node.chargedBytes()).isZero();
    }

    @Test
    void aReservationGrowsIfThereIsRoom() {
        SendBudget.Reservation one = reserve("one", 10);
        SendBudget.Reservation other = reserve("other", 10);
        assertThat(one.tryEnlarge(90)).isTrue();
        assertThat(other.tryEnlarge(11)).isFalse();
        one.release();
        assertThat(other.tryEnlarge(LARGE)).as("alone").isTrue();
    }

    @Test
    void aWaitingReservationThatIsReleasedIsNotGranted() {
        SendBudget.Reservation first = reserve("first", 100);
        reserve("second", 50).release();
        reserve("third", 50);
        first.release();
        first.release();
        run();
        assertThat(granted).containsExactly("third");
        assertThat(reserve("fourth", 50).isGranted()).isTrue();
    }

    @Test
    void writesWithoutReservationAreBounded() {
        assertThat(budget.tryCharge(100 + LARGE + UNRESERVED)).isTrue();
        assertThat(budget.tryCharge(1)).isFalse();
        assertThat(counters.get(LimitId.CONNECTION_SEND_BYTES)).isEqualTo(1);
    }

    @Test
    void whoWaitsIsToldThatTheConnectionHasClosed() {
        budget.reserve(100, () -> {});
        List<String> calls = new ArrayList<>();
        budget.reserve(50, () -> calls.add("granted"), () -> calls.add("closed"));
        budget.close();
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
        assertThat(calls).containsExactly("closed");
        assertThat(budget.reserve(100, () -> {}).isGranted())
                .as("room on a closed connection")
                .isTrue();
    }
}
