package io.kad.core.runtime;

import io.kad.api.event.DhtEvent;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.InboundRequest;
import io.kad.api.spi.Responder;
import io.kad.api.spi.StoreException;
import io.kad.core.server.Plan;
import io.kad.core.server.RequestHandler;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the requests of other peers: plan, stores, answer. Never waits for the engine.
 *
 * <p>Requests that wait for a store are bounded; one more is refused. Thread-safe.
 */
final class InboundService {

    /** Requests that may wait for a store that blocks. */
    static final int MAX_WAITING = 1024;
    /** Providers of a key that are read for one answer. */
    static final int MAX_PROVIDERS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(InboundService.class);

    private final RequestHandler handler;
    private final Stores stores;
    private final Supplier<RequestHandler.View> views;
    private final Consumer<DhtEvent> events;
    private final AtomicInteger waiting = new AtomicInteger();

    InboundService(
            RequestHandler handler, Stores stores, Supplier<RequestHandler.View> views, Consumer<DhtEvent> events) {
        this.handler = handler;
        this.stores = stores;
        this.views = views;
        this.events = events;
    }

    /** Serves {@code request}. */
    void serve(InboundRequest request, Responder responder) {
        RequestHandler.View view = views.get();
        handler.plan(request, view).accept(new Execution(request, responder, view));
    }

    /** Carries out the plan of one request. */
    private final class Execution implements Plan.Visitor<Boolean> {

        private final InboundRequest request;
        private final Responder responder;
        private final RequestHandler.View view;

        Execution(InboundRequest request, Responder responder, RequestHandler.View view) {
            this.request = request;
            this.responder = responder;
            this.view = view;
        }

        @Override
        public Boolean respond(Plan.Respond plan) {
            return respond(plan.response());
        }

        @Override
        public Boolean readRecord(Plan.ReadRecord plan) {
            return onStore(
                    stores.recordsBlock(),
                    () -> respond(handler.answerValue(
                            request.from(), plan.key(), stores.records().get(plan.key()), view)));
        }

        @Override
        public Boolean readProviders(Plan.ReadProviders plan) {
            return onStore(
                    stores.providersBlock(),
                    () -> respond(handler.answerProviders(
                            request.from(),
                            plan.key(),
                            stores.providers().providers(plan.key(), MAX_PROVIDERS),
                            view)));
        }

        @Override
        public Boolean keepRecord(Plan.KeepRecord plan) {
            return onStore(stores.recordsBlock(), () -> {
                var kept = stores.records()
                        .update(plan.record().key(), held -> handler.better(held, plan.record(), view.now()));
                if (RequestHandler.isTaken(kept, plan.record())) {
                    respond(plan.echo());
                } else {
                    refuse("a better record is held");
                }
            });
        }

        @Override
        public Boolean keepProvider(Plan.KeepProvider plan) {
            return onStore(stores.providersBlock(), () -> {
                stores.providers().add(plan.record());
                responder.finish();
                report(true);
            });
        }

        @Override
        public Boolean ignore(Plan.Ignore plan) {
            LOG.debug("{} of {} is ignored: {}", request.request(), request.from(), plan.reason());
            responder.finish();
            return report(false);
        }

        @Override
        public Boolean refuse(Plan.Refuse plan) {
            return refuse(plan.reason());
        }

        private boolean respond(KadResponse response) {
            responder.respond(response);
            return report(true);
        }

        private boolean refuse(String reason) {
            LOG.debug("a request of {} is refused: {}", request.from(), reason);
            responder.reset();
            return report(false);
        }

        private boolean report(boolean accepted) {
            events.accept(new DhtEvent.RequestServed(request, accepted));
            return accepted;
        }

        /** Runs what uses a store: here, or where it may block. */
        private boolean onStore(boolean blocks, StoreWork work) {
            if (!blocks) {
                run(work);
                return true;
            }
            if (waiting.incrementAndGet() > MAX_WAITING) {
                waiting.decrementAndGet();
                return refuse("too many requests wait for the store");
            }
            stores.execute(() -> {
                try {
                    run(work);
                } finally {
                    waiting.decrementAndGet();
                }
            });
            return true;
        }

        private void run(StoreWork work) {
            try {
                work.run();
            } catch (StoreException failed) {
                refuse(String.valueOf(failed.getMessage()));
            }
        }
    }

    @FunctionalInterface
    private interface StoreWork {
        void run() throws StoreException;
    }
}
