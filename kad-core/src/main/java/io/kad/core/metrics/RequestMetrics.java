package io.kad.core.metrics;

import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadRequestType;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportFailure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Measurement of requests, sent and served, by type and outcome. Thread-safe. */
final class RequestMetrics {

    private final Meters<Meters<Metrics.Timer>> sent;
    private final Meters<Meters<Metrics.Timer>> served;
    private final LongSupplier nanoTime;

    RequestMetrics(Metrics metrics, LongSupplier nanoTime) {
        sent = timers(metrics, PeerMetric.REQUESTS_SENT);
        served = timers(metrics, PeerMetric.REQUESTS_SERVED);
        this.nanoTime = nanoTime;
    }

    private static Meters<Meters<Metrics.Timer>> timers(Metrics metrics, PeerMetric metric) {
        return new Meters<>(type -> new Meters<>(outcome -> metrics.timer(metric.metric(), type, outcome)));
    }

    /** Returns {@code callback}, measured from now on. */
    <T> Callback<T> sent(KadRequest request, Callback<T> callback) {
        return new SentRequest<>(KadRequestType.of(request), callback);
    }

    /** Returns {@code responder}, measured from now on. */
    Responder served(InboundRequest request, Responder responder) {
        return new ServedRequest(KadRequestType.of(request.request()), responder);
    }

    private Duration since(long start) {
        return Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - start));
    }

    /** Callback of one request; its time begins again when it is sent after a delay. */
    private final class SentRequest<T> implements Callback<T> {

        private final KadRequestType type;
        private final Callback<T> callback;
        private volatile long start = nanoTime.getAsLong();

        SentRequest(KadRequestType type, Callback<T> callback) {
            this.type = type;
            this.callback = callback;
        }

        @Override
        public boolean tryDial(Multiaddr address) {
            return callback.tryDial(address);
        }

        @Override
        public void onQueued() {
            callback.onQueued();
        }

        @Override
        public void onDequeued() {
            start = nanoTime.getAsLong();
            callback.onDequeued();
        }

        @Override
        public void onSuccess(T result) {
            sent.with(type.name()).with(LabelText.OK).record(since(start));
            callback.onSuccess(result);
        }

        @Override
        public void onFailure(TransportFailure failure) {
            // A transport that passes null is a defect, which the callback reports
            String outcome = failure == null ? LabelText.DEFECT : LabelText.of(failure.kind());
            sent.with(type.name()).with(outcome).record(since(start));
            callback.onFailure(failure);
        }
    }

    /** Responder of one request; later calls count no more, as they have no effect. */
    private final class ServedRequest implements Responder {

        private final KadRequestType type;
        private final Responder responder;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final long start = nanoTime.getAsLong();

        ServedRequest(KadRequestType type, Responder responder) {
            this.type = type;
            this.responder = responder;
        }

        private void end(String outcome) {
            if (ended.compareAndSet(false, true)) {
                served.with(type.name()).with(outcome).record(since(start));
            }
        }

        @Override
        public void respond(KadResponse response) {
            end(LabelText.OK);
            responder.respond(response);
        }

        @Override
        public void completeWithoutResponse() {
            end(LabelText.OK);
            responder.completeWithoutResponse();
        }

        @Override
        public void reset() {
            end("refused");
            responder.reset();
        }
    }
}
