package io.kad.transport.netty.identify;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.support.Wire;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimedWaitTest {

    private static final Duration TIME = Duration.ofSeconds(2);

    private final EmbeddedChannel channel = Wire.channel();
    private final Counting operation = new Counting();

    @AfterEach
    void release() {
        Wire.assertNothingLeaked();
    }

    private Future<?> begin() {
        return TimedWait.forEnd(operation, TIME, channel.eventLoop());
    }

    @Test
    void itIsOverOnTheEventLoopWhenTheOperationHasEnded() {
        Future<?> wait = begin();
        assertThat(wait.isDone()).isFalse();

        operation.setFailure(new IllegalStateException("failed"));
        assertThat(wait.isDone()).as("in the thread that ended the operation").isFalse();
        channel.runPendingTasks();
        assertThat(wait.isSuccess()).isTrue();
    }

    @Test
    void itIsOverAfterItsTimeWhateverTheOperationDoes() {
        Future<?> wait = begin();
        Wire.pass(channel, TIME.minusMillis(1));
        assertThat(wait.isDone()).isFalse();
        Wire.pass(channel, Duration.ofMillis(1));
        assertThat(wait.isSuccess()).isTrue();

        operation.setSuccess("late");
        channel.runPendingTasks();
        assertThat(wait.isSuccess()).isTrue();
    }

    @Test
    void anOperationThatNeverEndsKeepsNothingOfTheWaitsThatAreOver() {
        for (int wait = 0; wait < 100; wait++) {
            var unused = begin();
            Wire.pass(channel, TIME);
        }

        assertThat(operation.listeners).isZero();
    }

    /** Promise that counts its listeners. */
    private static final class Counting extends DefaultPromise<String> {

        private int listeners;

        Counting() {
            super(ImmediateEventExecutor.INSTANCE);
        }

        @Override
        public Promise<String> addListener(GenericFutureListener<? extends Future<? super String>> listener) {
            listeners++;
            return super.addListener(listener);
        }

        @Override
        public Promise<String> removeListener(GenericFutureListener<? extends Future<? super String>> listener) {
            listeners--;
            return super.removeListener(listener);
        }
    }
}
