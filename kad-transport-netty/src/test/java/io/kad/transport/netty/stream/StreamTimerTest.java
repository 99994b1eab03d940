package io.kad.transport.netty.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Timers of the streams of one connection, by a clock that stands still. */
class StreamTimerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final EmbeddedChannel connection = new EmbeddedChannel();
    private final ChannelHandlerContext ctx = contextOf(connection);
    private final List<String> ran = new ArrayList<>();

    private static ChannelHandlerContext contextOf(EmbeddedChannel channel) {
        ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
        channel.pipeline().addLast(handler);
        return channel.pipeline().context(handler);
    }

    @BeforeEach
    void stopTheClock() {
        connection.freezeTime();
    }

    @AfterEach
    void close() {
        connection.finishAndReleaseAll();
    }

    private void pass(Duration time) {
        connection.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        connection.runScheduledPendingTasks();
    }

    private StreamTimer scheduled(String name, Duration delay) {
        StreamTimer timer = new StreamTimer();
        schedule(timer, name, delay);
        return timer;
    }

    private void schedule(StreamTimer timer, String name, Duration delay) {
        timer.schedule(ctx, delay, () -> ran.add(name));
    }

    @Test
    void anActionRunsAtItsDeadlineAndNotANanosecondBefore() {
        scheduled("idle", TIMEOUT);

        pass(TIMEOUT.minusNanos(1));
        assertThat(ran).isEmpty();
        pass(Duration.ofNanos(1));

        assertThat(ran).containsExactly("idle");
        pass(TIMEOUT.multipliedBy(3));
        assertThat(ran).as("once").containsExactly("idle");
    }

    @Test
    void aDeadlineThatMovesAgainAndAgainIsKeptToTheNanosecond() {
        StreamTimer timer = scheduled("first", TIMEOUT);

        for (int request = 0; request < 100; request++) {
            pass(Duration.ofSeconds(1));
            schedule(timer, "last", TIMEOUT);
        }
        pass(TIMEOUT.minusNanos(1));
        assertThat(ran).isEmpty();
        pass(Duration.ofNanos(1));

        assertThat(ran).containsExactly("last");
    }

    @Test
    void anEarlierDeadlineThanThoseBeforeIsNotLate() {
        scheduled("idle", TIMEOUT);
        scheduled("message", Duration.ofSeconds(2));
        scheduled("negotiation", Duration.ofSeconds(5));

        pass(Duration.ofSeconds(2));
        assertThat(ran).containsExactly("message");
        pass(Duration.ofSeconds(3));
        assertThat(ran).containsExactly("message", "negotiation");
        pass(Duration.ofSeconds(5));

        assertThat(ran).containsExactly("message", "negotiation", "idle");
    }

    @Test
    void deadlinesThatPassTogetherRunInTheirOrder() {
        scheduled("third", Duration.ofSeconds(3));
        scheduled("first", Duration.ofSeconds(1));
        scheduled("second", Duration.ofSeconds(2));

        pass(TIMEOUT);

        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void aCancelledActionDoesNotRunEvenIfItIsDue() {
        StreamTimer later = new StreamTimer();
        StreamTimer first = new StreamTimer();
        first.schedule(ctx, Duration.ofSeconds(1), later::cancel);
        schedule(later, "later", Duration.ofSeconds(2));
        StreamTimer cancelled = scheduled("cancelled", Duration.ofSeconds(3));
        cancelled.cancel();

        pass(TIMEOUT);

        assertThat(ran).isEmpty();
    }

    @Test
    void anActionMaySetItsOwnTimerAgainAndThatOfAnother() {
        StreamTimer other = new StreamTimer();
        StreamTimer timer = new StreamTimer();
        timer.schedule(ctx, Duration.ofSeconds(1), () -> {
            schedule(timer, "again", Duration.ofSeconds(1));
            schedule(other, "other", TIMEOUT);
        });
        schedule(other, "replaced", Duration.ofSeconds(1));

        pass(Duration.ofSeconds(1));
        assertThat(ran).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("again");
        pass(TIMEOUT);

        assertThat(ran).containsExactly("again", "other");
    }

    @Test
    void anActionThatThrowsDelaysNoOther() {
        new StreamTimer().schedule(ctx, Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("test");
        });
        scheduled("other", Duration.ofSeconds(1));
        scheduled("later", Duration.ofSeconds(2));

        pass(TIMEOUT);
        pass(TIMEOUT);

        assertThat(ran).containsExactly("other", "later");
    }

    @Test
    void aHundredTimersThatAreSetAgainAndAgainNeedOneTask() {
        AtomicInteger tasks = new AtomicInteger();
        ScheduledFuture<?> task = proxy(ScheduledFuture.class, (proxy, method, arguments) -> {
            throw new AssertionError("the task is needed");
        });
        EventExecutor executor = proxy(EventExecutor.class, (proxy, method, arguments) -> {
            if (method.getName().equals("ticker")) {
                return connection.eventLoop().ticker();
            }
            assertThat(method.getName()).isEqualTo("schedule");
            tasks.incrementAndGet();
            return task;
        });
        DeadlineSweep sweep = new DeadlineSweep(executor);
        List<StreamTimer> timers = Stream.generate(StreamTimer::new).limit(100).toList();

        for (int request = 0; request < 10; request++) {
            pass(Duration.ofSeconds(1));
            timers.forEach(timer -> sweep.schedule(timer, TIMEOUT.toNanos()));
        }

        assertThat(tasks).hasValue(1);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
