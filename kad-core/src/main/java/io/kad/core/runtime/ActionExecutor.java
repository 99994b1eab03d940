package io.kad.core.runtime;

import io.kad.api.KadException;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Quoting;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.future.PendingCommands;
import io.kad.core.future.RunningQueries;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.query.RequestId;
import io.kad.core.query.StoreOperationId;
import io.kad.core.record.RecordMerge;
import io.kad.core.record.RecordRules;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executor of the actions of one engine, which posts their results to the engine.
 *
 * <p>Actions are executed by tasks of the mailbox, one at a time. The routing snapshot and the mode can be read from any thread.
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public final class ActionExecutor implements EngineAction.Visitor {

    private static final Logger LOG = LoggerFactory.getLogger(ActionExecutor.class);

    private final Transport transport;
    private final Stores stores;
    private final RecordRules recordRules;
    private final InstantSource wallClock;
    private final RunningQueries runningQueries;
    private final PendingCommands commands;
    private final Consumer<DhtEvent> events;
    private final Consumer<BackgroundEvent> backgroundEvents;
    private final Consumer<RecordKey> publishedListener;
    private final Consumer<RoutingSnapshot> snapshotListener;
    private final Consumer<EngineEvent> postEvent;
    private final Map<RequestId, Cancellable> requests = new HashMap<>();
    private final LogDeduplicator loggedFailures = new LogDeduplicator();
    private volatile RoutingSnapshot snapshot;
    private volatile boolean serving;
    private boolean duplicateLogged;
    private boolean mismatchLogged;

    /**
     * Creates the executor for one engine.
     *
     * @param backgroundEvents receives the steps of the background work
     * @param publishedListener receives the key of each record of the local peer that was stored
     * @param snapshot the routing snapshot until the engine emits one
     * @param snapshotListener receives each routing snapshot that the engine emits
     * @param postEvent receives the results of actions, on any thread
     */
    public ActionExecutor(
            Transport transport,
            Stores stores,
            RecordRules recordRules,
            InstantSource wallClock,
            RunningQueries runningQueries,
            PendingCommands commands,
            Consumer<DhtEvent> events,
            Consumer<BackgroundEvent> backgroundEvents,
            Consumer<RecordKey> publishedListener,
            RoutingSnapshot snapshot,
            Consumer<RoutingSnapshot> snapshotListener,
            Consumer<EngineEvent> postEvent) {
        this.transport = transport;
        this.stores = stores;
        this.recordRules = recordRules;
        this.wallClock = wallClock;
        this.runningQueries = runningQueries;
        this.commands = commands;
        this.events = events;
        this.backgroundEvents = backgroundEvents;
        this.publishedListener = publishedListener;
        this.snapshot = snapshot;
        this.snapshotListener = snapshotListener;
        this.postEvent = postEvent;
    }

    /** Returns the latest routing snapshot that the engine emitted. */
    public RoutingSnapshot routingSnapshot() {
        return snapshot;
    }

    /** Returns whether this peer is in server mode. */
    public boolean isServing() {
        return serving;
    }

    /** Removes the request that {@code event} completes, if it completes one. */
    void removeIfCompleted(EngineEvent event) {
        if (event instanceof EngineEvent.RequestCompleted completed) {
            requests.remove(completed.requestId());
        }
    }

    @Override
    public void sendRequest(EngineAction.SendRequest action) {
        RequestId requestId = action.requestId();
        try {
            Cancellable sent = callTransport(action);
            if (sent == null) {
                postEvent.accept(new EngineEvent.RequestFailed(requestId, TransportDefects.returnedNull(transport)));
            } else {
                requests.put(requestId, sent);
            }
        } catch (Throwable e) {
            postEvent.accept(new EngineEvent.RequestFailed(requestId, defect(e)));
        }
    }

    /** Returns the failure of a call that threw {@code fault}, and logs the first one of each kind as an error. */
    private TransportFailure defect(Throwable fault) {
        String name = TransportDefects.nameOf(transport);
        if (loggedFailures.isFirst(name, fault)) {
            LOG.error("transport {} failed; further failures of this kind are logged at debug level", name, fault);
        } else {
            LOG.debug("transport {} failed", name, fault);
        }
        return TransportDefects.threw(transport, fault);
    }

    private @Nullable Cancellable callTransport(EngineAction.SendRequest action) {
        PeerInfo peer = action.peer();
        return action.message() instanceof KadRequest.AddProvider message
                ? transport.send(peer, message, action.timeout(), new SentCallback(action))
                : transport.request(peer, action.message(), action.timeout(), new ResponseCallback(action));
    }

    @Override
    public void cancelRequest(EngineAction.CancelRequest action) {
        Cancellable sent = requests.remove(action.requestId());
        if (sent != null) {
            try {
                sent.cancel();
            } catch (Throwable e) {
                var unused = defect(e);
            }
        }
    }

    @Override
    public void dial(EngineAction.Dial action) {
        try {
            var unused = transport.connect(action.peer(), action.timeout(), new Callback<ConnectionInfo>() {
                @Override
                public void onSuccess(ConnectionInfo connection) {}

                @Override
                public void onFailure(TransportFailure failure) {
                    LOG.debug("cannot dial {}: {}", action.peer().id(), failure);
                }
            });
        } catch (Throwable e) {
            var unused = defect(e);
        }
    }

    @Override
    public void loadRecord(EngineAction.LoadRecord action) {
        callStore(
                stores.records(),
                action.operationId(),
                store -> store.get(action.key()),
                record -> new EngineEvent.RecordLoaded(action.operationId(), record));
    }

    @Override
    public void loadProviders(EngineAction.LoadProviders action) {
        callStore(
                stores.providers(),
                action.operationId(),
                store -> store.providers(action.key(), action.limit()),
                providers -> new EngineEvent.ProvidersLoaded(action.operationId(), providers));
    }

    @Override
    public void saveRecord(EngineAction.SaveRecord action) {
        Record record = action.record();
        callStore(
                stores.records(),
                action.operationId(),
                store -> RecordUpdates.update(
                        store,
                        record.key(),
                        recordRules,
                        stored -> Optional.of(recordRules.put(stored, record, wallClock.instant()))),
                kept -> {
                    kept.filter(recordRules::isLocal).map(Record::key).ifPresent(publishedListener);
                    return new EngineEvent.RecordSaved(action.operationId(), kept.orElse(record));
                });
    }

    @Override
    public void mergeRecord(EngineAction.MergeRecord action) {
        callStore(
                stores.records(),
                action.operationId(),
                store -> merge(store, action),
                stored -> new EngineEvent.RecordMerged(action.operationId(), stored));
    }

    /** Merges a record of another peer, or removes the one that lost to it; returns what is stored then. */
    private Optional<Record> merge(RecordStore store, EngineAction.MergeRecord action) throws StoreException {
        Optional<RecordMerge> change = change(action);
        if (change.isEmpty()) {
            return store.get(action.record().key());
        }
        RecordMerge merge = change.get();
        Optional<Record> stored = RecordUpdates.update(store, action.record().key(), recordRules, merge);
        merge.superseded().ifPresent(events);
        return stored;
    }

    /** Returns the change of the store; a record of the local peer that others still have may have been removed by the user. */
    private Optional<RecordMerge> change(EngineAction.MergeRecord action) {
        Record record = action.record();
        Instant now = wallClock.instant();
        boolean mayBeStored = !recordRules.isLocal(record)
                && recordRules.reasonInvalidWhenReceived(record, now).isEmpty();
        return mayBeStored
                ? Optional.of(new RecordMerge(recordRules, record, action.holder(), now))
                : action.loser().map(loser -> RecordMerge.removal(recordRules, loser, record, action.holder(), now));
    }

    @Override
    public void loadRecordPage(EngineAction.LoadRecordPage action) {
        callStore(
                stores.records(),
                action.operationId(),
                store -> action.local()
                        ? store.localPage(action.after(), action.limit())
                        : store.page(action.after(), action.limit()),
                page -> new EngineEvent.RecordPageLoaded(action.operationId(), page));
    }

    @Override
    public void loadProviderPage(EngineAction.LoadProviderPage action) {
        callStore(
                stores.providers(),
                action.operationId(),
                store -> store.localPage(action.after(), action.limit()),
                page -> new EngineEvent.ProviderPageLoaded(action.operationId(), page));
    }

    @Override
    public void saveProvider(EngineAction.SaveProvider action) {
        callStore(
                stores.providers(),
                action.operationId(),
                store -> {
                    store.add(action.record());
                    return action;
                },
                added -> new EngineEvent.ProviderSaved(action.operationId()));
    }

    @Override
    public void removeExpiredRecords(EngineAction.RemoveExpiredRecords action) {
        callStore(
                stores.records(),
                action.operationId(),
                store -> store.removeExpired(action.limit()),
                count -> new EngineEvent.ExpiredRemoved(action.operationId(), count));
    }

    @Override
    public void removeExpiredProviders(EngineAction.RemoveExpiredProviders action) {
        callStore(
                stores.providers(),
                action.operationId(),
                store -> store.removeExpired(action.limit()),
                count -> new EngineEvent.ExpiredRemoved(action.operationId(), count));
    }

    /** Calls a store, and posts the event of its result or failure. */
    private <S, T> void callStore(
            StoreAccess<S> access,
            StoreOperationId operationId,
            StoreAccess.StoreCall<S, T> call,
            Function<T, EngineEvent> toEvent) {
        access.callForEvent(
                call,
                toEvent,
                postEvent,
                failure -> postEvent.accept(new EngineEvent.StoreFailed(operationId, failure)));
    }

    @Override
    public void emitQueryEvent(EngineAction.EmitQueryEvent action) {
        runningQueries.emit(action.event(), action.stats());
    }

    @Override
    public void completeQuery(EngineAction.CompleteQuery action) {
        runningQueries.complete(action.queryId(), action.result());
    }

    @Override
    public void failQuery(EngineAction.FailQuery action) {
        runningQueries.fail(action.queryId(), action.failure());
    }

    @Override
    public void completeAddAddress(EngineAction.CompleteAddAddress action) {
        commands.complete(action.commandId(), action.update());
    }

    @Override
    public void completeRemove(EngineAction.CompleteRemove action) {
        commands.complete(action.commandId(), action.removed());
    }

    @Override
    public void emitDhtEvent(EngineAction.EmitDhtEvent action) {
        if (action.event() instanceof DhtEvent.DuplicateIdentity duplicate && !duplicateLogged) {
            duplicateLogged = true;
            LOG.warn(
                    "another running peer, at {}, has the peer ID of this one, {}: give each peer a different key, as requests reach either of them",
                    duplicate.address(),
                    duplicate.peer());
        }
        if (action.event() instanceof DhtEvent.ProtocolMismatch mismatch && !mismatchLogged) {
            mismatchLogged = true;
            LOG.warn(
                    "peer {} serves {} and not the protocol of this peer, {}: peers of one network need one protocol",
                    mismatch.peer(),
                    Quoting.text(mismatch.remote()),
                    Quoting.text(mismatch.local()));
        }
        events.accept(action.event());
    }

    @Override
    public void reportBackgroundEvent(EngineAction.ReportBackgroundEvent action) {
        backgroundEvents.accept(action.event());
    }

    @Override
    public void updateRoutingSnapshot(EngineAction.UpdateRoutingSnapshot action) {
        snapshot = action.snapshot();
        snapshotListener.accept(snapshot);
    }

    @Override
    public void serve(EngineAction.Serve action) {
        serving = action.enabled();
        change(() -> transport.serve(action.enabled()));
    }

    @Override
    public void announce(EngineAction.Announce action) {
        change(() -> transport.announce(action.addresses()));
    }

    /** Makes a call to the transport whose failure is that of the command of the user. */
    private void change(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            throw new KadException.TransportFailed(defect(e));
        }
    }

    /** Logs the first fault of each kind as an error. */
    @Override
    public void logFault(EngineAction.LogFault action) {
        if (loggedFailures.isFirst(action.part(), action.fault())) {
            LOG.error(
                    "{} failed, which is a defect; further faults of this kind are logged at debug level",
                    action.part(),
                    action.fault());
        } else {
            LOG.debug("{} failed", action.part(), action.fault());
        }
    }

    /** Posts the result of a request to the engine. */
    private abstract class RequestCallback<T> implements Callback<T> {

        final RequestId requestId;
        private final Predicate<Multiaddr> dialPermit;

        RequestCallback(EngineAction.SendRequest action) {
            this.requestId = action.requestId();
            this.dialPermit = action.dialPermit();
        }

        @Override
        public boolean tryDial(Multiaddr address) {
            return dialPermit.test(address);
        }

        @Override
        public void onQueued() {
            postEvent.accept(new EngineEvent.RequestQueued(requestId));
        }

        @Override
        public void onDequeued() {
            postEvent.accept(new EngineEvent.RequestDequeued(requestId));
        }

        @Override
        public void onFailure(@Nullable TransportFailure failure) {
            postEvent.accept(new EngineEvent.RequestFailed(
                    requestId, failure == null ? TransportDefects.returnedNull(transport) : failure));
        }
    }

    private final class ResponseCallback extends RequestCallback<KadResponse> {

        ResponseCallback(EngineAction.SendRequest action) {
            super(action);
        }

        @Override
        public void onSuccess(@Nullable KadResponse response) {
            if (response == null) {
                onFailure(null);
            } else {
                postEvent.accept(new EngineEvent.ResponseReceived(requestId, response));
            }
        }
    }

    private final class SentCallback extends RequestCallback<Void> {

        SentCallback(EngineAction.SendRequest action) {
            super(action);
        }

        @Override
        public void onSuccess(Void unused) {
            postEvent.accept(new EngineEvent.MessageSent(requestId));
        }
    }
}
