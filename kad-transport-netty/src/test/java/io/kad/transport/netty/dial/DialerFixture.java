package io.kad.transport.netty.dial;

import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.operation.Operations;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestTransport;
import io.kad.transport.netty.transport.Endpoint;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** Dials with a connector and a resolver that answer when the test says so. */
abstract class DialerFixture {

    static final Duration LONG = Duration.ofMinutes(5);

    /** Event loops that record for how long each task is to wait. */
    private final class RecordedTimers extends MultiThreadIoEventLoopGroup {

        RecordedTimers(int eventLoops) {
            super(eventLoops, NioIoHandler.newFactory());
        }

        @Override
        protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... ignored) {
            return new SingleThreadIoEventLoop(this, executor, factory) {
                @Override
                public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                    delays.add(Duration.of(delay, unit.toChronoUnit()));
                    return super.schedule(task, delay, unit);
                }
            };
        }
    }

    final EventLoopGroup group;
    final Queue<Duration> delays = new ConcurrentLinkedQueue<>();
    final Operations operations;
    final LimitCounters counters = new LimitCounters();
    final Queue<Connecting> connecting = new ConcurrentLinkedQueue<>();
    final Queue<Promise<List<InetAddress>>> lookups = new ConcurrentLinkedQueue<>();
    final Queue<Multiaddr> failedAddresses = new ConcurrentLinkedQueue<>();
    final AtomicInteger listenersAsked = new AtomicInteger();
    /** Whether hosts refuse connections at once. */
    volatile boolean refuse;

    /** Failure that the next attempt has at once; null for none. */
    final AtomicReference<Kind> nextFailure = new AtomicReference<>();

    ConnectionGate gate = ConnectionGate.OPEN;
    DialSlots slots = new DialSlots(1, 1, host -> {});

    DialerFixture() {
        this(2);
    }

    DialerFixture(int eventLoops) {
        group = new RecordedTimers(eventLoops);
        operations = new Operations(group);
    }

    record Connecting(
            EventExecutor executor,
            InetSocketAddress socket,
            DialAttempt attempt,
            CompletableFuture<Boolean> cancelled) {

        /** Fails the attempt on its executor, as the connector does. */
        void failLater(Kind kind) {
            executor.execute(() -> attempt.fail(new TransportFailure(kind, "as the test says")));
        }
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Returns a configuration in which the timeout of a dial ends nothing that its operation should have ended. */
    static KademliaConfig.Builder config() {
        return KademliaConfig.builder().dialTimeout(LONG);
    }

    Dialer dialer(KademliaConfig.Builder builder) {
        KademliaConfig config = builder.build();
        slots = new DialSlots(
                config.get(TransportOptions.MAX_DIALS),
                config.get(TransportOptions.MAX_DIALS_PER_HOST),
                host -> counters.countAndLog(LimitId.DIALS_PER_HOST, "delayed a dial of " + host));
        DialContext context = new DialContext(
                this::connect,
                this::resolve,
                new DialRules(config.get(TransportOptions.DIAL_POLICY), this::listeners),
                slots,
                new DialBackOff(config.get(TransportOptions.MAX_DIAL_BACK_OFF), () -> 0),
                new FailedDials(config.get(TransportOptions.MAX_FAILED_DIALS_PER_HOST), () -> 0),
                counters,
                gate,
                config.get(TransportOptions.DIAL_TIMEOUT),
                () -> false,
                (peer, address, failure) -> failedAddresses.add(address));
        return new Dialer(
                group,
                TestTransport.BOTH,
                context,
                config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER),
                peer -> Optional.empty());
    }

    private List<Endpoint> listeners() {
        listenersAsked.incrementAndGet();
        return List.of();
    }

    Runnable connect(EventExecutor executor, PeerId peer, SocketTarget target, DialAttempt attempt) {
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Connecting started = new Connecting(executor, target.socket(), attempt, cancelled);
        connecting.add(started);
        Kind kind = nextFailure.getAndSet(null);
        if (kind != null || refuse) {
            started.failLater(kind == null ? Kind.UNREACHABLE : kind);
        }
        return () -> cancelled.complete(true);
    }

    Future<List<DialTarget>> resolve(EventExecutor executor, PeerId peer, DialTarget target) {
        Promise<List<InetAddress>> lookup = executor.newPromise();
        Promise<List<DialTarget>> targets = executor.newPromise();
        targets.setUncancellable(); // as host names are
        lookup.addListener((Future<List<InetAddress>> resolved) -> {
            if (resolved.isSuccess()) {
                targets.setSuccess(resolved.getNow().stream()
                        .<DialTarget>map(((SocketTarget) target)::at)
                        .toList());
            } else {
                targets.setFailure(resolved.cause());
            }
        });
        lookups.add(lookup);
        return targets;
    }

    /** Call that waits for a connection. */
    final class Call implements Callback<Boolean> {
        final CompletableFuture<TransportFailure> failure = new CompletableFuture<>();
        final AtomicInteger dials;
        final Cancellable operation;

        Call(Dialer dialer, PeerInfo peer, Duration timeout) {
            this(dialer, peer, timeout, Integer.MAX_VALUE);
        }

        Call(Dialer dialer, PeerInfo peer, Duration timeout, int allowedDials) {
            dials = new AtomicInteger(allowedDials);
            operation = operations.start(
                    timeout,
                    this,
                    operation -> dialer.dial(peer, operation).addListener(done -> {
                        if (done.cause() instanceof DialException failed) {
                            operation.fail(failed.failure());
                        }
                    }));
        }

        @Override
        public boolean tryDial(Multiaddr address) {
            return dials.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        }

        @Override
        public void onSuccess(Boolean done) {}

        @Override
        public void onFailure(TransportFailure reported) {
            failure.complete(reported);
        }
    }

    Call dial(Dialer dialer, PeerInfo peer) {
        return new Call(dialer, peer, LONG);
    }

    static PeerInfo peer(int number, String... addresses) {
        return PeerInfo.of(
                new TestIdentity(number).peerId(),
                List.of(addresses).stream().map(Multiaddr::parse).toList());
    }

    static PeerInfo withAddresses(int number, int count) {
        return peer(
                number,
                IntStream.range(0, count)
                        .mapToObj(host -> "/ip4/198.18.0." + host + "/tcp/1")
                        .toArray(String[]::new));
    }

    static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    void awaitConnecting(int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> connecting.size() >= count);
    }
}
