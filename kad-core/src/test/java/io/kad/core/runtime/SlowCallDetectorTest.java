package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.lookup.DialAllowance;
import io.kad.core.peer.HeapProviderStore;
import io.kad.core.peer.HeapRecordStore;
import io.kad.core.peer.PeerFixture;
import io.kad.core.peer.TestIdentity;
import io.kad.core.plugin.ForwardingTransport;
import io.kad.core.plugin.RunningCalls;
import io.kad.core.query.RequestId;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plug-ins that take long on threads that must not wait are named in the log. */
class SlowCallDetectorTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final long MILLI = Duration.ofMillis(1).toNanos();
    private static final String STORE = HeapRecordStore.class.getName();

    private final RecordedLog log = new RecordedLog(SlowCallDetector.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private static String warning(String method, long millis) {
        return "WARN " + STORE + "." + method + " took " + millis
                + " ms and blocked other work; if the store waits for a disk, a "
                + "network or a lock, mayBlock() should return true";
    }

    private static final class Answer implements Responder {

        @Override
        public void respond(KadResponse response) {}

        @Override
        public void completeWithoutResponse() {}

        @Override
        public void reset() {}
    }

    private static void ask(RecordingTransport transport, KadRequest request) {
        transport.handler.onRequest(new InboundRequest(Peers.peer(1), Peers.address(1), request), new Answer());
    }

    // --- in a peer

    @Test
    void aStoreThatIsSlowForARequestIsNamedOnce() {
        PeerFixture fixture = new PeerFixture();
        fixture.records.onCall = () -> fixture.world.stall(150 * MILLI);
        ask(fixture.transport, new KadRequest.GetValue(KEY));
        assertThat(log.lines).as("the first may have loaded classes").isEmpty();
        ask(fixture.transport, new KadRequest.GetValue(KEY));
        ask(fixture.transport, new KadRequest.GetValue(KEY));

        assertThat(log.lines).containsExactly(warning("get", 150));
    }

    @Test
    void aStoreThatIsSlowForTheEngineOrAUserIsNamed() {
        PeerFixture fixture = new PeerFixture();
        fixture.records.onCall = () -> fixture.world.stall(101 * MILLI);
        fixture.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) ->
                        out.emit(new EngineAction.LoadRecordPage(new StoreOperationId(1), true, Optional.empty(), 10)));
        var first = fixture.peer.bootstrap();
        var second = fixture.peer.bootstrap();
        fixture.world.settle();
        assertThat(List.of(first.result(), second.result())).noneMatch(Future::isDone);
        assertThat(log.lines).containsExactly(warning("localPage", 101));

        PeerFixture other = new PeerFixture();
        other.records.onCall = () -> other.world.stall(2000 * MILLI);
        var sizes = other.peer.storeSizes();
        var removed = other.peer.removeRecord(KEY);
        other.world.settle();
        assertThat(sizes).isCompleted();
        assertThat(removed).isCompletedWithValue(false);
        assertThat(log.lines).endsWith(warning("update", 2000));
    }

    @Test
    void aStoreThatSaysThatItMayBlockAndOneThatIsQuickAreNot() {
        PeerFixture blocking = new PeerFixture(true);
        blocking.records.onCall = () -> blocking.world.stall(5000 * MILLI);
        ask(blocking.transport, new KadRequest.GetValue(KEY));
        ask(blocking.transport, new KadRequest.GetValue(KEY));
        blocking.world.settle();
        PeerFixture quick = new PeerFixture();
        quick.records.onCall = () -> quick.world.stall(100 * MILLI);
        ask(quick.transport, new KadRequest.GetValue(KEY));
        ask(quick.transport, new KadRequest.GetValue(KEY));

        assertThat(log.lines).isEmpty();
    }

    @Test
    void aValidatorThatIsSlowIsNamedAndTheStoreIsNot() {
        PeerFixture fixture = new PeerFixture();
        ask(fixture.transport, put("a"));
        fixture.world.settle();
        assertThat(log.lines).isEmpty();
        fixture.validator.nanos = 300 * MILLI;
        ask(fixture.transport, put("b"));
        ask(fixture.transport, put("c"));
        fixture.world.settle();

        assertThat(log.lines)
                .containsExactly("WARN " + StallingValidator.class.getName()
                        + ".validate took 300 ms and blocked other work; a validator must be fast and must not do I/O");
    }

    private static KadRequest put(String value) {
        return new KadRequest.PutValue(Record.of(RecordKey.utf8("/stalling/x"), Bytes.utf8(value)));
    }

    @Test
    void aBuiltPeerIsWatchedAndUsersHaveTheStoreItself() throws Exception {
        HeapRecordStore records = new HeapRecordStore();
        CountDownLatch never = new CountDownLatch(1);
        records.onCall = () -> {
            try {
                assertThat(never.await(150, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        Kademlia peer = Kademlia.builder()
                .identity(TestIdentity.of(0))
                .config(KademliaConfig.of("/test/kad/1.0.0"))
                .transport(new RecordingTransport())
                .recordStore(records)
                .providerStore(new HeapProviderStore())
                .build();
        try (peer) {
            assertThat(peer.removeRecord(KEY).get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(peer.removeRecord(KEY).get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(peer.recordStore()).isSameAs(records);
        }

        assertThat(log.lines).singleElement().asString().startsWith("WARN " + STORE + ".update took ");
    }

    @Test
    void aWatchedStoreIsCalledByEachMethodOfTheInterface() {
        for (Class<?> type : List.of(
                SlowCallDetectingRecordStore.class,
                SlowCallDetectingProviderStore.class,
                SlowCallDetectingTransport.class)) {
            assertThat(type.getInterfaces()[0].getMethods())
                    .allSatisfy(method -> assertThat(type.getMethod(method.getName(), method.getParameterTypes())
                                    .getDeclaringClass())
                            .isEqualTo(type));
        }
    }

    @Test
    void aForwardingTransportForwardsEachMethodOfTheInterface() {
        assertThat(Transport.class.getMethods())
                .allSatisfy(method -> assertThat(
                                ForwardingTransport.class.getMethod(method.getName(), method.getParameterTypes()))
                        .satisfies(forwarding ->
                                assertThat(forwarding.getDeclaringClass()).isEqualTo(ForwardingTransport.class)));
    }

    @Test
    void countersOfTheTransportAreThoseOfThePeer() {
        PeerFixture fixture = new PeerFixture();
        fixture.transport.counters = Map.of("connections-refused", 7L);

        assertThat(fixture.peer.transportCounters()).isEqualTo(Map.of("connections-refused", 7L));
    }

    @Test
    void aTransportWhoseCallBlocksIsNamedOnce() {
        PeerFixture fixture = new PeerFixture();
        fixture.transport.onCall = () -> fixture.world.stall(150 * MILLI);
        PeerInfo peer = Peers.info(1);
        for (int call = 0; call < 3; call++) {
            var unused = fixture.peer.connect(peer, Duration.ofSeconds(1));
        }

        assertThat(log.lines)
                .containsExactly("WARN " + RecordingTransport.class.getName()
                        + ".connect took 150 ms and blocked other work; a transport must not block");
    }

    @Test
    void aTransportWhoseCallBlocksTheEngineIsNamed() {
        PeerFixture fixture = new PeerFixture();
        fixture.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.SendRequest(
                        new RequestId(event.queryId().number()),
                        event.queryId(),
                        Peers.info(1),
                        new KadRequest.Ping(),
                        Duration.ofSeconds(1),
                        DialAllowance.UNLIMITED)));
        fixture.transport.onCall = () -> fixture.world.stall(2000 * MILLI);
        var first = fixture.peer.bootstrap();
        var second = fixture.peer.bootstrap();
        fixture.world.settle();

        assertThat(List.of(first.result(), second.result())).noneMatch(Future::isDone);
        assertThat(fixture.transport.requests).hasSize(2);
        assertThat(log.lines)
                .singleElement()
                .asString()
                .startsWith("WARN " + RecordingTransport.class.getName() + ".request took 2000 ms");
    }

    @Test
    void aTransportThatFailsIsNamedAndNotItsWatch() {
        PeerFixture fixture = new PeerFixture();
        fixture.transport.defect = new IllegalStateException("broken");

        assertThat(fixture.peer.connect(Peers.info(1), Duration.ofSeconds(1)))
                .isNotDone()
                .satisfies(future -> {
                    fixture.world.settle();
                    assertThat(future)
                            .isCompletedExceptionally()
                            .failsWithin(Duration.ZERO)
                            .withThrowableOfType(ExecutionException.class)
                            .withMessageContaining("transport " + RecordingTransport.class.getName() + " failed");
                });
    }

    // --- alone

    /** Each store call is slow by itself, while a validator is slow on another thread. */
    @Test
    void aSlowCallOfAnotherThreadDoesNotExcuseAStore() throws Exception {
        ManualEnvironment world = new ManualEnvironment();
        SlowCallDetector.Clock clock = new SlowCallDetector.Clock(world::nanos);
        SlowCallDetector store = SlowCallDetector.ofStore(clock, new HeapRecordStore());
        SlowCallDetector validator = SlowCallDetector.ofValidator(clock, this);
        for (int i = 0; i < 2; i++) {
            long outer = store.begin();
            Thread other = new Thread(() -> {
                long start = validator.begin();
                world.stall(200 * MILLI);
                validator.end("select", start);
            });
            other.start();
            other.join();
            store.end("update", outer);
            world.stall(MILLI);
        }

        assertThat(log.lines).hasSize(2).contains(warning("update", 200));
    }

    @Test
    void ofAStoreThatIsCalledOftenFewCallsAreMeasured() {
        AtomicInteger readings = new AtomicInteger();
        SlowCallDetector watch = SlowCallDetector.ofStore(new SlowCallDetector.Clock(readings::incrementAndGet), this);
        call(watch, SlowCallDetector.ALL_MEASURED);
        assertThat(readings).hasValue(2 * SlowCallDetector.ALL_MEASURED);

        call(watch, 100 * SlowCallDetector.SAMPLE);
        assertThat(readings).hasValue(2 * (SlowCallDetector.ALL_MEASURED + 100));
    }

    private static void call(SlowCallDetector watch, int times) {
        for (int i = 0; i < times; i++) {
            watch.end("get", watch.begin());
        }
    }

    @Test
    void aStoreThatBecomesSlowIsNoticedWithinTwoSamples() {
        ManualEnvironment world = new ManualEnvironment();
        SlowCallDetector watch =
                SlowCallDetector.ofStore(new SlowCallDetector.Clock(world::nanos), new HeapRecordStore());
        call(watch, 10 * SlowCallDetector.ALL_MEASURED);
        for (int i = 0; i < 2 * SlowCallDetector.SAMPLE; i++) {
            long start = watch.begin();
            world.stall(200 * MILLI);
            watch.end("get", start);
        }

        assertThat(log.lines).containsExactly(warning("get", 200));
    }

    @Test
    void aStoreIsBlamedForItsOwnTimeAfterOneThatItsValidatorTook() {
        ManualEnvironment world = new ManualEnvironment();
        SlowCallDetector.Clock clock = new SlowCallDetector.Clock(world::nanos);
        SlowCallDetector store = SlowCallDetector.ofStore(clock, new HeapRecordStore());
        SlowCallDetector validator = SlowCallDetector.ofValidator(clock, this);
        for (int i = 0; i < 3; i++) {
            long outer = store.begin();
            long inner = validator.begin();
            world.stall(200 * MILLI);
            validator.end("select", inner);
            store.end("update", outer);
            world.stall(MILLI);
        }
        assertThat(log.lines)
                .singleElement()
                .asString()
                .startsWith("WARN " + SlowCallDetectorTest.class.getName() + ".select");

        for (int i = 0; i < 2; i++) {
            long own = store.begin();
            world.stall(400 * MILLI);
            store.end("update", own);
            world.stall(MILLI);
        }
        assertThat(log.lines).endsWith(warning("update", 400));
    }

    /** Also beyond the calls that are all measured, of which a detector measures few. */
    @Test
    void aCallThatIsRunningIsSeenWhetherOrNotItIsMeasured() {
        SlowCallDetector.Clock clock = new SlowCallDetector.Clock(() -> 0);
        SlowCallDetector detector = SlowCallDetector.ofStore(clock, new HeapRecordStore());
        for (int i = 0; i < SlowCallDetector.ALL_MEASURED + 1; i++) {
            detector.end("get", detector.begin());
        }
        var unused = detector.begin();
        try (RecordedLog running = new RecordedLog(RunningCalls.class)) {
            clock.lookAtRunningCalls();
            clock.lookAtRunningCalls();

            assertThat(running.lines).singleElement().asString().contains(STORE);
        }
    }
}
