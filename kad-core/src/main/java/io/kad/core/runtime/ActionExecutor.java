package io.kad.core.runtime;

import io.kad.api.event.DhtEvent;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.future.PendingCommands;
import io.kad.core.future.RunningQueries;
import io.kad.core.query.OperationId;
import io.kad.core.query.RequestId;
import io.kad.core.record.Validators;
import io.kad.core.routing.RoutingSnapshot;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the engine decides, and posts what comes of it.
 *
 * <p>Actions are carried out in turns of the mailbox; what shows to others, the routing table and whether the peer serves, can be read
 * from any thread.
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public final class ActionExecutor implements EngineAction.Visitor {

    private static final Logger LOG = LoggerFactory.getLogger(ActionExecutor.class);

    private final Transport transport;
    private final Stores stores;
    private final Validators validators;
    private final InstantSource wallClock;
    private final RunningQueries queries;
    private final PendingCommands commands;
    private final Consumer<DhtEvent> events;
    private final Consumer<RoutingSnapshot> tableReaders;
    private final Consumer<EngineEvent> outcomes;
    private final Map<RequestId, Cancellable> requests = new HashMap<>();
    private volatile RoutingSnapshot table;
    private volatile boolean serving;

    /**
     * Makes what carries out the actions of one engine.
     *
     * @param table the routing table until the engine publishes one
     * @param tableReaders is told of each that the engine publishes
     * @param outcomes takes what comes of actions, from any thread
     */
    public ActionExecutor(
            Transport transport,
            Stores stores,
            Validators validators,
            InstantSource wallClock,
            RunningQueries queries,
            PendingCommands commands,
            Consumer<DhtEvent> events,
            RoutingSnapshot table,
            Consumer<RoutingSnapshot> tableReaders,
            Consumer<EngineEvent> outcomes) {
        this.transport = transport;
        this.stores = stores;
        this.validators = validators;
        this.wallClock = wallClock;
        this.queries = queries;
        this.commands = commands;
        this.events = events;
        this.table = table;
        this.tableReaders = tableReaders;
        this.outcomes = outcomes;
    }

    /** Returns the routing table as the engine published it last. */
    public RoutingSnapshot table() {
        return table;
    }

    /** Returns whether this peer serves others. */
    public boolean isServing() {
        return serving;
    }

    /** Forgets the request that ends with {@code event}, if it is one that ends a request. */
    void forget(EngineEvent event) {
        if (event instanceof EngineEvent.RequestCompleted completed) {
            requests.remove(completed.request());
        }
    }

    @Override
    public void sendRequest(EngineAction.SendRequest action) {
        RequestId id = action.request();
        try {
            requests.put(id, send(action));
        } catch (RuntimeException fault) {
            LOG.error("the transport failed at {}", action, fault);
            outcomes.accept(new EngineEvent.RequestFailed(
                    id, new TransportFailure(TransportFailure.Kind.UNREACHABLE, "the transport failed: " + fault)));
        }
    }

    private Cancellable send(EngineAction.SendRequest action) {
        RequestId id = action.request();
        PeerInfo peer = action.peer();
        return action.message() instanceof KadRequest.AddProvider message
                ? transport.send(peer, message, action.timeout(), new SentCallback(id))
                : transport.request(peer, action.message(), action.timeout(), new ResponseCallback(id));
    }

    @Override
    public void cancelRequest(EngineAction.CancelRequest action) {
        Cancellable sent = requests.remove(action.request());
        if (sent != null) {
            sent.cancel();
        }
    }

    @Override
    public void dial(EngineAction.Dial action) {
        transport.connect(action.peer(), action.timeout(), new Callback<ConnectionInfo>() {
            @Override
            public void onSuccess(ConnectionInfo connection) {}

            @Override
            public void onFailure(TransportFailure failure) {
                LOG.debug("{} can't be reached: {}", action.peer().id(), failure);
            }
        });
    }

    @Override
    public void loadRecord(EngineAction.LoadRecord action) {
        use(
                stores.records(),
                action.operation(),
                store -> outcomes.accept(new EngineEvent.RecordLoaded(action.operation(), store.get(action.key()))));
    }

    @Override
    public void loadProviders(EngineAction.LoadProviders action) {
        use(
                stores.providers(),
                action.operation(),
                store -> outcomes.accept(new EngineEvent.ProvidersLoaded(
                        action.operation(), store.providers(action.key(), action.limit()))));
    }

    @Override
    public void saveRecord(EngineAction.SaveRecord action) {
        Record record = action.record();
        use(stores.records(), action.operation(), store -> {
            Optional<Record> kept = store.update(
                    record.key(),
                    held -> held.filter(before -> validators.isBetter(before, record, wallClock.instant()))
                            .or(() -> Optional.of(record)));
            boolean saved =
                    kept.map(Record::value).filter(record.value()::equals).isPresent();
            outcomes.accept(
                    saved
                            ? new EngineEvent.Stored(action.operation())
                            : new EngineEvent.RecordSuperseded(action.operation()));
        });
    }

    @Override
    public void loadRecordPage(EngineAction.LoadRecordPage action) {
        use(
                stores.records(),
                action.operation(),
                store -> outcomes.accept(new EngineEvent.RecordPageLoaded(
                        action.operation(),
                        action.local()
                                ? store.localPage(action.after(), action.limit())
                                : store.page(action.after(), action.limit()))));
    }

    @Override
    public void loadProviderPage(EngineAction.LoadProviderPage action) {
        use(
                stores.providers(),
                action.operation(),
                store -> outcomes.accept(new EngineEvent.ProviderPageLoaded(
                        action.operation(), store.localPage(action.after(), action.limit()))));
    }

    @Override
    public void saveProvider(EngineAction.SaveProvider action) {
        use(stores.providers(), action.operation(), store -> {
            store.add(action.record());
            outcomes.accept(new EngineEvent.Stored(action.operation()));
        });
    }

    @Override
    public void removeExpiredRecords(EngineAction.RemoveExpiredRecords action) {
        use(
                stores.records(),
                action.operation(),
                store -> outcomes.accept(
                        new EngineEvent.ExpiredRemoved(action.operation(), store.removeExpired(action.limit()))));
    }

    @Override
    public void removeExpiredProviders(EngineAction.RemoveExpiredProviders action) {
        use(
                stores.providers(),
                action.operation(),
                store -> outcomes.accept(
                        new EngineEvent.ExpiredRemoved(action.operation(), store.removeExpired(action.limit()))));
    }

    private <S> void use(StoreAccess<S> access, OperationId operation, StoreAccess.Use<S> use) {
        access.use(use, failure -> outcomes.accept(new EngineEvent.StoreFailed(operation, failure)));
    }

    @Override
    public void emitQueryEvent(EngineAction.EmitQueryEvent action) {
        queries.report(action.event(), action.stats());
    }

    @Override
    public void completeQuery(EngineAction.CompleteQuery action) {
        queries.complete(action.query(), action.result());
    }

    @Override
    public void failQuery(EngineAction.FailQuery action) {
        queries.fail(action.query(), action.failure());
    }

    @Override
    public void completeAddAddress(EngineAction.CompleteAddAddress action) {
        commands.answer(action.command(), action.update());
    }

    @Override
    public void completeRemove(EngineAction.CompleteRemove action) {
        commands.answer(action.command(), action.removed());
    }

    @Override
    public void emitEvent(EngineAction.EmitEvent action) {
        events.accept(action.event());
    }

    @Override
    public void updateRoutingSnapshot(EngineAction.UpdateRoutingSnapshot action) {
        table = action.snapshot();
        tableReaders.accept(table);
    }

    @Override
    public void serve(EngineAction.Serve action) {
        serving = action.enabled();
        transport.serve(action.enabled());
    }

    @Override
    public void announce(EngineAction.Announce action) {
        transport.announce(action.addresses());
    }

    /** Posts the result of a request to the engine. */
    private abstract class RequestCallback<T> implements Callback<T> {

        final RequestId request;

        RequestCallback(RequestId request) {
            this.request = request;
        }

        @Override
        public void onFailure(TransportFailure failure) {
            outcomes.accept(new EngineEvent.RequestFailed(request, failure));
        }
    }

    private final class ResponseCallback extends RequestCallback<KadResponse> {

        ResponseCallback(RequestId request) {
            super(request);
        }

        @Override
        public void onSuccess(KadResponse response) {
            outcomes.accept(new EngineEvent.ResponseReceived(request, response));
        }
    }

    private final class SentCallback extends RequestCallback<Void> {

        SentCallback(RequestId request) {
            super(request);
        }

        @Override
        public void onSuccess(Void nothing) {
            outcomes.accept(new EngineEvent.MessageSent(request));
        }
    }
}
