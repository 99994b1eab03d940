package io.kad.core.runtime;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.core.server.RequestHandler;
import io.kad.core.server.RequestPlan;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the requests of other peers: plan, stores, answer. Never waits for the engine.
 *
 * <p>Requests in progress, which wait for a store, are bounded; one more is refused. Thread-safe.
 */
public final class InboundService {

    /** Requests that may be in progress at once. */
    static final int MAX_IN_PROGRESS = 1024;
    /** Providers of a key that are read for one answer; more of them don't fit into a message that everybody takes. */
    static final int MAX_PROVIDERS_READ = 256;

    private static final Logger LOG = LoggerFactory.getLogger(InboundService.class);

    private final RequestHandler handler;
    private final Stores stores;
    private final StoreFilter filter;
    private final Supplier<RequestHandler.View> views;
    private final Consumer<DhtEvent> events;
    private final Consumer<RecordKey> received;
    private final AtomicInteger inProgress = new AtomicInteger();

    /**
     * Makes what serves requests by {@code handler}.
     *
     * @param received takes the key of each record that another peer stored here
     */
    public InboundService(
            RequestHandler handler,
            Stores stores,
            StoreFilter filter,
            Supplier<RequestHandler.View> views,
            Consumer<DhtEvent> events,
            Consumer<RecordKey> received) {
        this.handler = handler;
        this.stores = stores;
        this.filter = filter;
        this.views = views;
        this.events = events;
        this.received = received;
    }

    /** Serves {@code request}: calls {@code responder} once, now or when a store has answered. */
    public void serve(InboundRequest request, Responder responder) {
        new Execution(request, responder, views.get()).begin();
    }

    /** Carries out the plan of one request. */
    @SuppressWarnings("NullAway") // the one value of Void is null
    private final class Execution implements RequestPlan.Visitor<Void> {

        private final InboundRequest request;
        private final Responder responder;
        private final RequestHandler.View view;

        Execution(InboundRequest request, Responder responder, RequestHandler.View view) {
            this.request = request;
            this.responder = responder;
            this.view = view;
        }

        void begin() {
            if (inProgress.incrementAndGet() > MAX_IN_PROGRESS) {
                refuse("too many requests are in progress");
                return;
            }
            try {
                handler.plan(request, view).accept(this);
            } catch (RuntimeException fault) {
                LOG.error("{} could not be served", request, fault);
                refuse("it could not be served");
            }
        }

        @Override
        public Void respond(RequestPlan.Respond plan) {
            respond(plan.response());
            return null;
        }

        @Override
        public Void readRecord(RequestPlan.ReadRecord plan) {
            use(
                    stores.records(),
                    store -> respond(handler.valueResponse(request.from(), plan.key(), store.get(plan.key()), view)));
            return null;
        }

        @Override
        public Void readProviders(RequestPlan.ReadProviders plan) {
            use(
                    stores.providers(),
                    store -> respond(handler.answerProviders(
                            request.from(), plan.key(), store.providers(plan.key(), MAX_PROVIDERS_READ), view)));
            return null;
        }

        @Override
        public Void storeRecord(RequestPlan.StoreRecord plan) {
            if (!passes(() -> filter.acceptRecord(request.from(), plan.record()))) {
                return null;
            }
            use(stores.records(), store -> {
                var kept = store.update(
                        plan.record().key(), held -> handler.selectBetter(held, plan.record(), view.now()));
                if (RequestHandler.isAccepted(kept, plan.record())) {
                    received.accept(plan.record().key());
                    respond(plan.echo());
                } else {
                    refuse("a better record is held");
                }
            });
            return null;
        }

        @Override
        public Void storeProvider(RequestPlan.StoreProvider plan) {
            if (!passes(() -> filter.acceptProvider(request.from(), plan.record()))) {
                return null;
            }
            use(stores.providers(), store -> {
                store.add(plan.record());
                responder.finish();
                end(true);
            });
            return null;
        }

        @Override
        public Void ignore(RequestPlan.Ignore plan) {
            LOG.debug("a request of {} is ignored: {}", request.from(), plan.reason());
            responder.finish();
            end(false);
            return null;
        }

        @Override
        public Void refuse(RequestPlan.Refuse plan) {
            refuse(plan.reason());
            return null;
        }

        /** Returns whether the filter lets something pass; if it does not, the request is refused. */
        private boolean passes(BooleanSupplier filtered) {
            boolean passes = false;
            try {
                passes = filtered.getAsBoolean();
            } catch (RuntimeException fault) {
                LOG.error("the filter {} failed", filter.getClass().getName(), fault);
            }
            if (!passes) {
                refuse("the filter does not let it pass");
            }
            return passes;
        }

        private <S> void use(StoreAccess<S> access, StoreAccess.Use<S> use) {
            access.use(use, failure -> refuse(String.valueOf(failure.getMessage())));
        }

        private void respond(KadResponse response) {
            responder.respond(response);
            end(true);
        }

        private void refuse(String reason) {
            LOG.debug("a request of {} is refused: {}", request.from(), reason);
            responder.reset();
            end(false);
        }

        private void end(boolean accepted) {
            inProgress.decrementAndGet();
            events.accept(new DhtEvent.RequestServed(request, accepted));
        }
    }
}
