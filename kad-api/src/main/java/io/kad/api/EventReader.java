package io.kad.api;

import java.util.Optional;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Blocking reader of a publisher's events, as the source of a sequential stream.
 *
 * <p>It requests few events ahead, so that the events of a slow reader stay in the publisher's bounded buffer, or are dropped there. The end
 * of the publisher, of the subscription or of the reader adds an end mark that is never removed, so no later read blocks.
 */
final class EventReader<E> extends ClosableSubscriber<E> implements Spliterator<E> {

    /** Number of events that are requested ahead of the reader. */
    static final int AHEAD = 16;

    /** The events that were received; an empty one is the end mark. */
    private final BlockingQueue<Optional<E>> received = new LinkedBlockingQueue<>();

    private EventReader() {
        super(AHEAD);
    }

    /** Returns a stream of the events from the moment of the call; it blocks for each event, and ends with the publisher or when it is closed. */
    static <E> Stream<E> streamOf(Flow.Publisher<E> events) {
        EventReader<E> reader = new EventReader<>();
        events.subscribe(reader);
        return StreamSupport.stream(reader, false).onClose(reader::close);
    }

    @Override
    public void onNext(E event) {
        received.add(Optional.of(event));
    }

    @Override
    public void onError(Throwable failure) {
        received.add(Optional.empty());
    }

    @Override
    public void onComplete() {
        received.add(Optional.empty());
    }

    @Override
    public void close() {
        super.close();
        received.clear();
        received.add(Optional.empty());
    }

    @Override
    public boolean tryAdvance(Consumer<? super E> action) {
        Optional<E> next = isClosed() ? Optional.empty() : take();
        next.ifPresent(event -> {
            requestOne();
            action.accept(event);
        });
        return next.isPresent();
    }

    private Optional<E> take() {
        try {
            Optional<E> next = received.take();
            if (next.isEmpty()) {
                received.add(next);
            }
            return next;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for an event");
        }
    }

    /** Returns null, as events are read sequentially. */
    @Override
    public @Nullable Spliterator<E> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED | NONNULL;
    }
}
