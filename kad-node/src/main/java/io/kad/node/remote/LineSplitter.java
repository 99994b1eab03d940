package io.kad.node.remote;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reader of a body that passes each line on as it comes, and holds no more than one of bounded size. Called by one thread at a time. */
final class LineSplitter implements BodySubscriber<Void> {

    /** Consumer of the lines. */
    interface Lines {

        /** Takes a line without its end; what it throws ends the answer. */
        void line(byte[] line) throws UnusableResponse;
    }

    private final Lines lines;
    private final int maxBytes;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    /** Creates a reader of lines of {@code maxBytes} at most. */
    LineSplitter(Lines lines, int maxBytes) {
        this.lines = lines;
        this.maxBytes = maxBytes;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        started.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        Flow.Subscription reading = subscription;
        if (done.isDone() || reading == null) {
            return;
        }
        try {
            for (ByteBuffer buffer : buffers) {
                take(buffer);
            }
            reading.request(1);
        } catch (UnusableResponse refused) {
            reading.cancel();
            done.completeExceptionally(refused);
        }
    }

    private void take(ByteBuffer buffer) throws UnusableResponse {
        while (buffer.hasRemaining()) {
            byte next = buffer.get();
            if (next == '\n') {
                endLine();
            } else if (line.size() < maxBytes) {
                line.write(next);
            } else {
                throw new UnusableResponse("sent a line that exceeds the limit of " + (maxBytes >> 20) + " MiB");
            }
        }
    }

    private void endLine() throws UnusableResponse {
        byte[] ended = line.toByteArray();
        line = new ByteArrayOutputStream();
        if (ended.length > 0) {
            lines.line(ended);
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        try {
            endLine();
            done.complete(null);
        } catch (UnusableResponse refused) {
            done.completeExceptionally(refused);
        }
    }
}
