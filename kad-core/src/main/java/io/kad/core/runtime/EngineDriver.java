package io.kad.core.runtime;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.RoutingUpdate;
import io.kad.api.event.DhtEvent;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.Callback;
import io.kad.api.spi.Cancellable;
import io.kad.api.spi.ConnectionInfo;
import io.kad.api.spi.StoreException;
import io.kad.api.spi.Transport;
import io.kad.api.spi.TransportFailure;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Machine;
import io.kad.core.engine.Now;
import io.kad.core.routing.RoutingSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the engine: hands it what happened, one event at a time, carries out what it decides, and wakes it at its deadlines.
 *
 * <p>{@link #post} may be called from any thread; everything else here happens in turns of the mailbox.
 */
final class EngineDriver {

    private static final Logger LOG = LoggerFactory.getLogger(EngineDriver.class);

    private final Machine<EngineEvent> engine;
    private final Environment environment;
    private final Transport transport;
    private final Stores stores;
    private final Consumer<DhtEvent> events;
    private final Mailbox<EngineEvent> mailbox;
    private final Map<Long, Cancellable> requests = new HashMap<>();
    private final Map<QueryId, QueryHandle<?>> queries = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Boolean>> removals = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<RoutingUpdate>> additions = new ConcurrentHashMap<>();
    private final Actions actions = new Actions();
    private volatile RoutingSnapshot table;
    private volatile boolean serving;
    private @Nullable Cancellable alarm;
    private long alarmNanos = Long.MAX_VALUE;
    private volatile boolean closed;

    EngineDriver(
            Machine<EngineEvent> engine,
            Environment environment,
            Transport transport,
            Stores stores,
            RoutingSnapshot table,
            Consumer<DhtEvent> events) {
        this.engine = engine;
        this.environment = environment;
        this.transport = transport;
        this.stores = stores;
        this.table = table;
        this.events = events;
        this.mailbox = new Mailbox<>(environment.engineExecutor(), this::advance);
    }

    /** Hands {@code event} to the engine, in its turn. */
    void post(EngineEvent event) {
        if (!closed) {
            mailbox.post(event);
        }
    }

    /** Hands a command of a user to the engine, unless too much waits already. */
    boolean offer(EngineEvent command, int limit) {
        return mailbox.post(command, limit);
    }

    Map<QueryId, QueryHandle<?>> queries() {
        return queries;
    }

    Map<Long, CompletableFuture<Boolean>> removals() {
        return removals;
    }

    Map<Long, CompletableFuture<RoutingUpdate>> additions() {
        return additions;
    }

    /** Returns the routing table as the engine published it last. */
    RoutingSnapshot table() {
        return table;
    }

    /** Returns whether this peer serves others. */
    boolean isServing() {
        return serving;
    }

    private void advance(EngineEvent event) {
        if (closed) {
            return;
        }
        requests.remove(numberOf(event));
        Now now = new Now(
                environment.nanoTime().getAsLong(), environment.wallClock().instant());
        try {
            engine.advance(now, event, action -> action.accept(actions));
        } catch (RuntimeException fault) {
            LOG.error("the engine failed at {}", event, fault);
        }
        setAlarm(now.nanos());
    }

    /** Returns the number of the request that ends with {@code event}; none has the number 0. */
    private static long numberOf(EngineEvent event) {
        if (event instanceof EngineEvent.RequestAnswered answered) {
            return answered.request();
        } else if (event instanceof EngineEvent.RequestFailed failed) {
            return failed.request();
        }
        return event instanceof EngineEvent.MessageSent sent ? sent.request() : 0;
    }

    private void setAlarm(long nowNanos) {
        long deadline = engine.nextDeadlineNanos();
        if (deadline == alarmNanos) {
            return;
        }
        Cancellable before = alarm;
        if (before != null) {
            before.cancel();
        }
        alarmNanos = deadline;
        alarm = deadline == Long.MAX_VALUE
                ? null
                : environment
                        .timer()
                        .schedule(Math.max(1, deadline - nowNanos), () -> post(new EngineEvent.DeadlineReached()));
    }

    /** Ends every query and command with {@link KadException.Closed}; nothing reaches the engine any more. */
    void close() {
        closed = true;
        queries.values().forEach(query -> query.fail(closedException()));
        queries.clear();
        removals.values().forEach(command -> command.completeExceptionally(closedException()));
        additions.values().forEach(command -> command.completeExceptionally(closedException()));
        removals.clear();
        additions.clear();
        Cancellable last = alarm;
        if (last != null) {
            last.cancel();
        }
    }

    boolean isClosed() {
        return closed;
    }

    static KadException closedException() {
        return new KadException.Closed("the peer is closed");
    }

    /** Carries out the actions of the engine. */
    @SuppressWarnings("NullAway") // the one value of Void is null
    private final class Actions implements EngineAction.Visitor<Void> {

        @Override
        public Void sendRequest(EngineAction.SendRequest action) {
            long number = action.request();
            Cancellable sent = action.message() instanceof KadRequest.AddProvider message
                    ? transport.send(action.peer(), message, action.timeout(), new Sent(number))
                    : transport.request(action.peer(), action.message(), action.timeout(), new Answered(number));
            requests.put(number, sent);
            return null;
        }

        @Override
        public Void cancelRequest(EngineAction.CancelRequest action) {
            Cancellable sent = requests.remove(action.request());
            if (sent != null) {
                sent.cancel();
            }
            return null;
        }

        @Override
        public Void dial(EngineAction.Dial action) {
            transport.connect(action.peer(), action.timeout(), new Callback<ConnectionInfo>() {
                @Override
                public void onSuccess(ConnectionInfo connection) {}

                @Override
                public void onFailure(TransportFailure failure) {
                    LOG.debug("{} can't be reached: {}", action.peer().id(), failure);
                }
            });
            return null;
        }

        @Override
        public Void loadRecord(EngineAction.LoadRecord action) {
            onStore(
                    stores.recordsBlock(),
                    action.operation(),
                    () -> new EngineEvent.RecordLoaded(
                            action.operation(), stores.records().get(action.key())));
            return null;
        }

        @Override
        public Void loadProviders(EngineAction.LoadProviders action) {
            onStore(
                    stores.providersBlock(),
                    action.operation(),
                    () -> new EngineEvent.ProvidersLoaded(
                            action.operation(), stores.providers().providers(action.key(), action.limit())));
            return null;
        }

        @Override
        public Void saveRecord(EngineAction.SaveRecord action) {
            onStore(stores.recordsBlock(), action.operation(), () -> {
                stores.records().update(action.record().key(), held -> Optional.of(action.record()));
                return new EngineEvent.Stored(action.operation());
            });
            return null;
        }

        @Override
        public Void saveProvider(EngineAction.SaveProvider action) {
            onStore(stores.providersBlock(), action.operation(), () -> {
                stores.providers().add(action.record());
                return new EngineEvent.Stored(action.operation());
            });
            return null;
        }

        @Override
        public Void report(EngineAction.Report action) {
            QueryHandle<?> query = queries.get(action.event().query());
            if (query != null) {
                query.report(action.event(), action.stats());
            }
            return null;
        }

        @Override
        public Void complete(EngineAction.Complete action) {
            QueryHandle<?> query = queries.remove(action.query());
            if (query != null) {
                query.complete(action.result());
            }
            return null;
        }

        @Override
        public Void fail(EngineAction.Fail action) {
            QueryHandle<?> query = queries.remove(action.query());
            if (query != null) {
                query.fail(action.failure());
            }
            return null;
        }

        @Override
        public Void addressAdded(EngineAction.AddressAdded action) {
            finish(additions.remove(action.command()), action.update());
            return null;
        }

        @Override
        public Void removed(EngineAction.Removed action) {
            finish(removals.remove(action.command()), action.wasThere());
            return null;
        }

        private <T> void finish(@Nullable CompletableFuture<T> command, T result) {
            if (command != null) {
                environment.callbackExecutor().execute(() -> command.complete(result));
            }
        }

        @Override
        public Void publish(EngineAction.Publish action) {
            events.accept(action.event());
            return null;
        }

        @Override
        public Void publishRoutingTable(EngineAction.PublishRoutingTable action) {
            table = action.snapshot();
            return null;
        }

        @Override
        public Void serve(EngineAction.Serve action) {
            serving = action.enabled();
            transport.serve(action.enabled());
            return null;
        }

        @Override
        public Void announce(EngineAction.Announce action) {
            transport.announce(action.addresses());
            return null;
        }

        private void onStore(boolean blocks, long operation, StoreCall call) {
            Runnable work = () -> {
                try {
                    post(call.run());
                } catch (StoreException failed) {
                    post(new EngineEvent.StoreFailed(operation, failed));
                }
            };
            if (blocks) {
                stores.execute(work);
            } else {
                work.run();
            }
        }
    }

    @FunctionalInterface
    private interface StoreCall {
        EngineEvent run() throws StoreException;
    }

    private final class Answered implements Callback<KadResponse> {

        private final long number;

        Answered(long number) {
            this.number = number;
        }

        @Override
        public void onSuccess(KadResponse response) {
            post(new EngineEvent.RequestAnswered(number, response));
        }

        @Override
        public void onFailure(TransportFailure failure) {
            post(new EngineEvent.RequestFailed(number, failure));
        }
    }

    private final class Sent implements Callback<Void> {

        private final long number;

        Sent(long number) {
            this.number = number;
        }

        @Override
        public void onSuccess(Void nothing) {
            post(new EngineEvent.MessageSent(number));
        }

        @Override
        public void onFailure(TransportFailure failure) {
            post(new EngineEvent.RequestFailed(number, failure));
        }
    }
}
