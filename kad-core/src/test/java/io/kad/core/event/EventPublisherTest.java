package io.kad.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.core.peer.SilentLog;
import io.kad.core.runtime.ManualEnvironment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentLog.class)
class EventPublisherTest {

    private static final int BUFFER = 3;

    private final ManualEnvironment world = new ManualEnvironment();
    private final EventPublisher<Integer> publisher = publisher(world.callbacks::add, BUFFER);

    private static EventPublisher<Integer> publisher(Executor executor, long maxBytes) {
        return new EventPublisher<>(executor, OneByteEach.INSTANCE, maxBytes, new EventBudget(Long.MAX_VALUE));
    }

    private RecordingSubscriber<Integer> subscribe(long demand) {
        RecordingSubscriber<Integer> subscriber = new RecordingSubscriber<>(demand);
        publisher.subscribe(subscriber);
        world.runCallbacks();
        return subscriber;
    }

    private void publish(int... events) {
        for (int event : events) {
            publisher.emit(event);
        }
        world.runCallbacks();
    }

    @Test
    void aSubscriberSeesWhatIsPublishedAfterItCame() {
        publish(1);
        RecordingSubscriber<Integer> subscriber = subscribe(10);
        publish(2, 3);

        assertThat(subscriber.events).containsExactly(2, 3);
        assertThat(subscriber.signals).containsExactly("subscribe", "next", "next");
    }

    @Test
    void aSubscriberIsNeverCalledByTheThreadThatPublishes() {
        RecordingSubscriber<Integer> subscriber = new RecordingSubscriber<>(10);
        publisher.subscribe(subscriber);
        publisher.emit(1);
        publisher.complete();
        assertThat(subscriber.signals).isEmpty();

        world.runCallbacks();
        assertThat(subscriber.signals).containsExactly("subscribe", "next", "complete");
    }

    @Test
    void noMoreIsHandedOverThanWasAskedFor() {
        RecordingSubscriber<Integer> subscriber = subscribe(1);
        publish(1, 2, 3);
        assertThat(subscriber.events).containsExactly(1);

        subscriber.subscription.request(1);
        world.runCallbacks();
        assertThat(subscriber.events).containsExactly(1, 2);
    }

    @Test
    void aSlowSubscriberMissesWhatDoesNotFitButNeverTheLastEvent() {
        RecordingSubscriber<Integer> slow = subscribe(0);
        RecordingSubscriber<Integer> fast = subscribe(100);
        publish(1);
        publish(2);
        publish(3);
        publish(4);
        publish(5);
        publisher.complete(99);
        world.runCallbacks();
        assertThat(slow.signals).containsExactly("subscribe");

        slow.subscription.request(100);
        world.runCallbacks();

        assertThat(slow.events).containsExactly(1, 2, 3, 99);
        assertThat(slow.signals).endsWith("complete");
        assertThat(fast.events).containsExactly(1, 2, 3, 4, 5, 99);
        assertThat(publisher.dropped()).isEqualTo(2);
    }

    @Test
    void theEndIsToldOnceAndAfterItNothing() {
        RecordingSubscriber<Integer> subscriber = subscribe(100);
        publisher.complete(1);
        publisher.complete(2);
        publisher.complete();
        publish(3);

        assertThat(subscriber.events).containsExactly(1);
        assertThat(subscriber.signals).containsExactly("subscribe", "next", "complete");
    }

    @Test
    void whoComesAfterTheEndIsToldThatItIsTheEnd() {
        publisher.complete(1);

        assertThat(subscribe(100).signals).containsExactly("subscribe", "complete");
    }

    @Test
    void aSubscriberThatCancelsHearsNothingMore() {
        RecordingSubscriber<Integer> subscriber = subscribe(100);
        publish(1);
        subscriber.subscription.cancel();
        publish(2);
        publisher.complete(3);
        world.runCallbacks();

        assertThat(subscriber.signals).containsExactly("subscribe", "next");
    }

    @Test
    void askingForLessThanOneEventIsAnError() {
        RecordingSubscriber<Integer> subscriber = subscribe(1);
        subscriber.subscription.request(0);
        publish(1);
        publisher.complete();
        world.runCallbacks();

        assertThat(subscriber.signals).containsExactly("subscribe", "error");
        assertThat(subscriber.error).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void demandCanBeBeyondAllNumbers() {
        RecordingSubscriber<Integer> subscriber = subscribe(Long.MAX_VALUE);
        subscriber.subscription.request(Long.MAX_VALUE);
        publish(1, 2);

        assertThat(subscriber.events).containsExactly(1, 2);
    }

    @Test
    void aSubscriberThatThrowsIsLeftAloneAndOthersAreServed() {
        Flow.Subscriber<Integer> broken = new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(10);
            }

            @Override
            public void onNext(Integer event) {
                throw new IllegalStateException("broken subscriber");
            }

            @Override
            public void onError(Throwable failure) {
                Assertions.fail("an error of its own is not told", failure);
            }

            @Override
            public void onComplete() {
                Assertions.fail("it was given up");
            }
        };
        publisher.subscribe(broken);
        RecordingSubscriber<Integer> other = subscribe(10);
        publish(1, 2);
        publisher.complete();
        world.runCallbacks();

        assertThat(other.events).containsExactly(1, 2);
    }

    @Test
    void aSubscriberThatAsksWithinItsOwnCallIsNotCalledInsideIt() {
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        publisher.subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
            }

            @Override
            public void onNext(Integer event) {
                assertThat(depth.incrementAndGet()).isEqualTo(1);
                subscription.request(1);
                seen.incrementAndGet();
                depth.decrementAndGet();
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        publish(1, 2, 3);

        assertThat(seen).hasValue(3);
    }

    @Test
    void onManyThreadsEachSubscriberIsCalledOneCallAtATimeAndToTheEnd() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            EventPublisher<Integer> shared = publisher(executor, 1_000_000);
            int events = 20_000;
            int[] plainCount = new int[1];
            CountDownLatch ended = new CountDownLatch(1);
            shared.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(Integer event) {
                    plainCount[0]++; // loses counts if two calls overlap
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {
                    ended.countDown();
                }
            });
            CountDownLatch published = new CountDownLatch(2);
            for (int thread = 0; thread < 2; thread++) {
                executor.execute(() -> {
                    for (int event = 0; event < events; event++) {
                        shared.emit(event);
                    }
                    published.countDown();
                });
            }
            assertThat(published.await(30, TimeUnit.SECONDS)).isTrue();
            shared.complete(-1);
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(plainCount[0]).isEqualTo(2 * events + 1);
        } finally {
            executor.shutdownNow();
        }
    }
}
