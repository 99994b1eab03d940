package io.kad.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    /** Whoever waits for the operation may be late by a few seconds on a busy machine; the failure is worded by the deadline nevertheless. */
    @Test
    void anOperationDoesNotEndByItselfForALongTimeAfterTheDeadline() {
        Deadline deadline = Deadline.after(Duration.ofMillis(1));
        assertThat(deadline.operationTimeout()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }
}
