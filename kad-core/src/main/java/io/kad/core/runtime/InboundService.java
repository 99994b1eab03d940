package io.kad.core.runtime;

import static java.util.Objects.requireNonNull;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.core.record.RecordMerge;
import io.kad.core.server.RangeQuota;
import io.kad.core.server.RequestPlan;
import io.kad.core.server.RequestRules;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Service of inbound requests: plans each one, accesses the stores, and responds. Never waits for the engine.
 *
 * <p>The number of requests in progress is bounded; further ones are refused. Thread-safe.
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public final class InboundService {

    /** Limit of the requests that are in progress concurrently. */
    static final int MAX_IN_PROGRESS = 1024;
    /** Limit of the provider records that are read for one response; more would exceed the message limit of other implementations. */
    static final int MAX_PROVIDERS_PER_RESPONSE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(InboundService.class);

    private final RequestRules rules;
    private final Stores stores;
    private final StoreFilter filter;
    private final Supplier<RequestRules.LocalState> currentState;
    private final Consumer<DhtEvent> events;
    private final Consumer<RecordKey> onRecordStored;
    private final LogDeduplicator loggedFailures = new LogDeduplicator();
    private final InboundQuotas quotas;
    private final Executor storeExecutor;
    private final AtomicInteger inProgress = new AtomicInteger();

    /**
     * Creates the service of one peer.
     *
     * @param onRecordStored called with the key of each record that another peer stored here
     * @param storeExecutor executor of calls to stores, which also serves requests that call a validator; bounded, so that it rejects them under load
     */
    public InboundService(
            RequestRules rules,
            InboundQuotas quotas,
            Stores stores,
            StoreFilter filter,
            Supplier<RequestRules.LocalState> currentState,
            Consumer<DhtEvent> events,
            Consumer<RecordKey> onRecordStored,
            Executor storeExecutor) {
        this.storeExecutor = storeExecutor;
        this.rules = rules;
        this.quotas = quotas;
        this.stores = stores;
        this.filter = filter;
        this.currentState = currentState;
        this.events = events;
        this.onRecordStored = onRecordStored;
    }

    /**
     * Serves {@code request}. Calls {@code responder} once, inside this call or on an executor, and emits {@link DhtEvent.RequestServed}. A
     * redelivered request has emitted it when it was served first, and emits none.
     */
    public void serve(InboundRequest request, Responder responder) {
        Execution execution = new Execution(request, responder, filter);
        execution.begin(request.redelivered() ? served -> {} : events::accept);
    }

    /**
     * Stores an entry that the filter has taken, by the rules for an inbound one at this time.
     *
     * @param onEnd called once, either inside this call or from the store executor, with whether it was stored
     */
    public void storeTaken(InboundRequest request, Consumer<Boolean> onEnd) {
        Execution execution = new Execution(request, NO_RESPONSE, StoreFilter.NONE);
        execution.begin(served -> {
            events.accept(new DhtEvent.TakenStored(request, execution.stored));
            onEnd.accept(execution.stored);
        });
    }

    /** Responder for a request that had its response before. */
    private static final Responder NO_RESPONSE = new Responder() {
        @Override
        public void respond(KadResponse response) {}

        @Override
        public void completeWithoutResponse() {}

        @Override
        public void reset() {}
    };

    /** Execution of the plan of one request. */
    @SuppressWarnings("NullAway") // the one value of Void is null
    private final class Execution implements RequestPlan.Visitor<Void> {

        private final InboundRequest request;
        private final Responder responder;
        private final StoreFilter storeFilter;
        /** State of the local peer when the request is executed, which may be a while after it was received. */
        private RequestRules.LocalState localState;

        private Consumer<DhtEvent.RequestServed> onEnd = served -> {};
        /** Claim on the quotas, which is told whether the entry was stored; null for a request that stores none, and once it has ended. */
        private RangeQuota.@Nullable Claim claim;

        private boolean stored;
        /** Whether the request has ended. Like all of this state it is used by one thread at a time; the store executor hands it over safely. */
        private boolean ended;

        Execution(InboundRequest request, Responder responder, StoreFilter storeFilter) {
            this.request = request;
            this.responder = responder;
            this.storeFilter = storeFilter;
        }

        /** Begins; {@code whenEnded} is called once. */
        void begin(Consumer<DhtEvent.RequestServed> whenEnded) {
            onEnd = whenEnded;
            if (inProgress.incrementAndGet() > MAX_IN_PROGRESS) {
                resetStream("limit of " + MAX_IN_PROGRESS + " requests in progress reached");
                return;
            }
            if (rules.callsValidator(request.request())) {
                executeOnStoreExecutor();
            } else {
                execute();
            }
        }

        private void execute() {
            resetOnFailure(() -> {
                localState = currentState.get();
                rules.plan(request, localState).accept(this);
            });
        }

        /** Serves the request on a thread that may wait: a validator is no work for an event loop. */
        private void executeOnStoreExecutor() {
            try {
                storeExecutor.execute(this::execute);
            } catch (RejectedExecutionException e) {
                resetStream("too many pending store calls and validations");
            }
        }

        @Override
        public Void respond(RequestPlan.Respond plan) {
            sendResponse(plan.response());
            return null;
        }

        @Override
        public Void readRecord(RequestPlan.ReadRecord plan) {
            call(
                    stores.records(),
                    store -> store.get(plan.key()),
                    stored -> sendResponse(rules.valueResponse(request.from(), plan.key(), stored, localState)));
            return null;
        }

        @Override
        public Void readProviders(RequestPlan.ReadProviders plan) {
            call(
                    stores.providers(),
                    store -> store.providers(plan.key(), MAX_PROVIDERS_PER_RESPONSE),
                    stored -> sendResponse(rules.providersResponse(request.from(), plan.key(), stored, localState)));
            return null;
        }

        @Override
        public Void storeRecord(RequestPlan.StoreRecord plan) {
            Record record = plan.record();
            if (endsWithoutStoring(
                    quotas.admit(request, record, localState.now()),
                    () -> storeFilter.decideRecord(request, record),
                    () -> sendResponse(plan.echo()))) {
                return null;
            }
            RecordKey key = record.key();
            RecordMerge merge = rules.merge(record, request.from(), localState.now());
            call(stores.records(), store -> RecordUpdates.update(store, key, rules.recordRules(), merge), updated -> {
                if (merge.isAccepted(updated)) {
                    stored = true;
                    updated.ifPresent(present -> endClaim(record, present));
                    merge.superseded().ifPresent(events);
                    onRecordStored.accept(key);
                    sendResponse(plan.echo());
                } else {
                    resetStream("a better record is stored");
                }
            });
            return null;
        }

        private void endClaim(Record sent, Record present) {
            if (claim != null) {
                InboundQuotas.end(claim, sent, present, rules.recordRules().isLocal(present));
                claim = null;
            }
        }

        @Override
        public Void storeProvider(RequestPlan.StoreProvider plan) {
            if (endsWithoutStoring(
                    quotas.admit(request, plan.record(), localState.now()),
                    () -> storeFilter.decideProvider(request, plan.record()),
                    () -> completeWithoutResponse(true))) {
                return null;
            }
            call(
                    stores.providers(),
                    store -> {
                        store.add(plan.record());
                        return plan.record();
                    },
                    added -> {
                        stored = true;
                        completeWithoutResponse(true);
                    });
            return null;
        }

        @Override
        public Void ignore(RequestPlan.Ignore plan) {
            LOG.debug("ignored a request from {}: {}", request.from(), plan.reason());
            completeWithoutResponse(false);
            return null;
        }

        @Override
        public Void refuse(RequestPlan.Refuse plan) {
            resetStream(plan.reason());
            return null;
        }

        /**
         * Ends the request and returns true if its entry must not be stored now: the sender or its range has reached its quota, or else the filter takes or refuses it.
         * The quota is first, so that a host at its quota makes an application keep nothing more; what the filter takes does not count.
         *
         * @param accept ends the request as if the entry were stored
         */
        private boolean endsWithoutStoring(
                InboundQuotas.Admission admission, Supplier<StoreFilter.Decision> decision, Runnable accept) {
            claim = admission.claim();
            Optional<DhtEvent.QuotaExceeded> refused = admission.refusal();
            if (refused.isPresent()) {
                events.accept(refused.get());
                resetStream("quota of address range " + refused.get().range() + " reached ("
                        + refused.get().option() + ")");
                return true;
            }
            switch (decide(decision)) {
                case TAKEN -> {
                    events.accept(new DhtEvent.RequestTaken(request));
                    accept.run();
                    return true;
                }
                case REFUSE -> {
                    resetStream("rejected by the store filter");
                    return true;
                }
                case STORE -> {
                    return false;
                }
            }
            return true;
        }

        private StoreFilter.Decision decide(Supplier<StoreFilter.Decision> decision) {
            try {
                return requireNonNull(decision.get(), "the store filter returned null");
            } catch (Throwable e) {
                logFailure("store filter " + storeFilter.getClass().getName(), e);
                return StoreFilter.Decision.REFUSE;
            }
        }

        private <S, T> void call(StoreAccess<S> access, StoreAccess.StoreCall<S, T> storeCall, Consumer<T> onResult) {
            access.call(
                    storeCall,
                    result -> resetOnFailure(() -> onResult.accept(result)),
                    failure -> resetStream(String.valueOf(failure.getMessage())));
        }

        /** Runs a step that ends the request; if it fails instead, the stream is reset. */
        private void resetOnFailure(Runnable step) {
            try {
                step.run();
            } catch (Throwable e) {
                logFailure("service of requests", e);
                resetStream("internal error");
            }
        }

        /** Logs the first failure of each kind as an error, as remote peers can cause any number of them. */
        private void logFailure(String place, Throwable failure) {
            if (loggedFailures.isFirst(place, failure)) {
                LOG.error(
                        "{} failed for a request from {}; further failures of this kind are logged at debug level",
                        place,
                        request.from(),
                        failure);
            } else {
                LOG.debug("{} failed for a request from {}", place, request.from(), failure);
            }
        }

        private void sendResponse(KadResponse response) {
            responder.respond(response);
            end(served(response));
        }

        private void completeWithoutResponse(boolean accepted) {
            responder.completeWithoutResponse();
            end(new DhtEvent.RequestServed(request, accepted));
        }

        private void resetStream(String reason) {
            LOG.debug("refused a request from {}: {}", request.from(), reason);
            try {
                responder.reset();
            } finally {
                end(new DhtEvent.RequestServed(request, false));
            }
        }

        private DhtEvent.RequestServed served(KadResponse response) {
            if (response instanceof KadResponse.FindNode found) {
                return new DhtEvent.RequestServed(
                        request, true, found.closerPeers().size(), 0, false);
            } else if (response instanceof KadResponse.GetProviders found) {
                return new DhtEvent.RequestServed(
                        request,
                        true,
                        found.closerPeers().size(),
                        found.providers().size(),
                        false);
            } else if (response instanceof KadResponse.GetValue found) {
                return new DhtEvent.RequestServed(
                        request,
                        true,
                        found.closerPeers().size(),
                        0,
                        found.record().isPresent());
            }
            return new DhtEvent.RequestServed(request, true);
        }

        private void end(DhtEvent.RequestServed served) {
            if (ended) {
                return;
            }
            ended = true;
            if (claim != null) {
                claim.end(stored);
            }
            inProgress.decrementAndGet();
            onEnd.accept(served);
        }
    }
}
