package io.kad.transport.netty.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void allIsClosedInOrder() {
        Closing.all(Arrays.<AutoCloseable>asList(() -> closed.add("first"), null, () -> closed.add("second")));
        assertThat(closed).containsExactly("first", "second");
    }

    @Test
    void aFailureLeavesNothingOpenAndNoneIsLost() {
        IOException checked = new IOException("checked");
        AssertionError error = new AssertionError("error");
        List<AutoCloseable> started = List.of(
                () -> {
                    throw checked;
                },
                () -> closed.add("second"),
                () -> {
                    throw error;
                },
                () -> closed.add("fourth"));
        Throwable failure = catchThrowable(() -> Closing.all(started));
        assertThat(closed).containsExactly("second", "fourth");
        assertThat(failure).isInstanceOf(AssertionError.class).hasMessageContainingAll("checked", "error");
        assertThat(failure.getSuppressed()).containsExactly(checked, error);
    }
}
